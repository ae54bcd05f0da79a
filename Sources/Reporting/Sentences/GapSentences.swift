import Exchange
import Planning
import Tables
import Units

extension PlanPromise {
    /// What the losses that are survived do until standbys serve, in a sentence without its full stop; nil where no standby
    /// has to take over.
    var gapSentence: String? {
        guard let gap = gaps.first, !survival.isNone else { return nil }
        let time = (Duration.nanoseconds(0) + .seconds(gap.seconds)).shortText
        var broken: [String] = []
        for tier in gaps.flatMap(\.broken) where !broken.contains(tier) { broken.append(tier) }
        guard !broken.isEmpty else {
            return
                "It holds with \(survival.sentencePart), the gap of \(time) until a standby serves included"
        }
        let chance = gaps.filter { !$0.broken.isEmpty }.reduce(0) { max($0, $1.probabilityBroken) }
        return
            "It holds with \(survival.sentencePart) once failed over; the gap of \(time) itself breaks the "
            + "objective of \(broken.joined(separator: " and ")) with a chance of \(NumberText.percent(chance))"
    }

    /// What waits in each gap, in sentences.
    var gapFigures: String {
        gaps.map(\.sentence).joined(separator: " ")
    }
}

extension FailoverGap {
    /// What happens in the gap, in figures.
    fileprivate var sentence: String {
        var text =
            "While a standby of \(tier) takes over in the busiest hour, "
            + "\(NumberText.figure(messagesWaiting)) messages wait"
        if messagesRefused > 0 { text += " and \(NumberText.figure(messagesRefused)) are given up" }
        text +=
            drainSeconds.map { "; the backlog clears \(NumberText.time(seconds: $0)) later" }
            ?? "; the backlog does not clear"
        return text
            + "; on average \(NumberText.percent(shareLate)) of the worst five minutes' messages are late, "
            + "\(NumberText.percent(shareAllowed)) may be; the chance that this breaks an objective is "
            + "\(NumberText.percent(probabilityBroken))."
    }
}
