import Exchange
import Planning
import Tables
import Units

extension BestEffort {
    /// What is planned for a tier that cannot be held, and what it breaks.
    var sentence: String {
        "\(nodes) × \(shape) come closest: \(NumberText.figure(hoursBroken)) of "
            + "\(NumberText.figure(hours)) hours are expected to break the objective, some hour with a chance "
            + "of \(NumberText.percent(probabilityBroken))"
    }
}

extension Relaxation {
    /// After `would hold`: with what.
    var sentencePart: String {
        switch self {
        case .latency(let seconds, let before):
            "with a latency limit of \(Relaxation.time(seconds)) instead of \(Relaxation.time(before))"
        case .probability(let allowed, let before):
            "with an allowed chance of a break of \(NumberText.percent(allowed)) instead of "
                + NumberText.percent(before)
        case .load(let shed): "with \(NumberText.percent(shed)) of the demand shed"
        case .survival(let survival, let before):
            "surviving \(survival.sentencePart) instead of \(before.sentencePart)"
        }
    }

    /// What would do, the smallest first.
    static func sentence(_ relaxations: [Relaxation]) -> String {
        guard let last = relaxations.last else {
            return
                "no longer latency limit, larger chance of a break, smaller demand or fewer losses, each by "
                + "itself, was found with which it would hold"
        }
        let others = relaxations.dropLast().map(\.sentencePart)
        guard !others.isEmpty else { return "would hold \(last.sentencePart)" }
        return "would hold \(others.joined(separator: ", ")), or \(last.sentencePart), each by itself"
    }

    private static func time(_ seconds: Double) -> String {
        (Duration.nanoseconds(0) + .seconds(seconds)).shortText
    }
}

extension Plan {
    /// The smallest relaxation of each tier that cannot be held, in a sentence; nil where none is known.
    var smallestRelaxations: String? {
        let parts = findings.compactMap { finding -> String? in
            guard case .wouldHold(let relaxations) = finding.fact, let smallest = relaxations.first else {
                return nil
            }
            return "\(finding.tier ?? "it") would hold \(smallest.sentencePart)"
        }
        return parts.isEmpty
            ? nil : "The smallest relaxation that would do: " + parts.joined(separator: "; ") + "."
    }

    /// The hours that the tiers that cannot be held are expected to break, in a sentence; nil where all can be held.
    var hoursBroken: String? {
        let parts = findings.compactMap { finding -> String? in
            guard case .bestEffort(let effort) = finding.fact else { return nil }
            return "\(finding.tier ?? "it") \(NumberText.figure(effort.hoursBroken)) of "
                + NumberText.figure(effort.hours)
        }
        return parts.isEmpty
            ? nil
            : "The best effort is planned; hours expected to break: " + parts.joined(separator: ", ") + "."
    }
}
