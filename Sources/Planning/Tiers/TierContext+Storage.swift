import Exchange
import Numerics
import Units

/// What a store's disk comes to, by the growth of the forecast.
extension TierContext {
    /// Growth on a fast path, over paths.
    private static let fastShare = 0.975
    private static let daySeconds = 86_400.0

    /// Bytes a second that each path adds, in mean over the span; of messages that cost the tier work.
    private func growths(_ storage: Storage) -> [Double] {
        let perTrade = load.messagesPerTrade.map { messages in
            DemandClass.allCases.reduce(0) {
                $0 + messages[$1] * (storage.bytesPerMessage[$1] ?? 0)
            }
        }
        return (0..<demand.pathCount).map { path in
            let bytes = perTrade.indices.reduce(0.0) { sum, symbol in
                sum
                    + perTrade[symbol]
                    * (0..<stepCount).reduce(0) { $0 + demand.trades(path: path, symbol: symbol, step: $1) }
            }
            return bytes / Double(max(1, stepCount))
        }
    }

    /// The disk in figures; nil where the tier has none that counts.
    var diskReasons: TierReasons.Disk? {
        guard let storage = tier.storage else { return nil }
        let growths = growths(storage)
        let median = Summary.median(growths)
        let fast = Summary.quantile(growths, Self.fastShare)
        let span = Double(stepCount) * Double(demand.stepSeconds)
        let size = min(storage.diskGiB, storage.usedGiB(afterSeconds: span, bytesPerSecond: median))
        func days(_ bytesPerSecond: Double) -> Double? {
            storage.secondsUntilFull(bytesPerSecond: bytesPerSecond).map { $0 / Self.daySeconds }
        }
        func copy(_ speed: Double?) -> Double? {
            speed.map { Storage.seconds(gib: size, mibPerSecond: $0) }
        }
        return TierReasons.Disk(
            growthGiBPerDay: median * Self.daySeconds / Storage.gib, usedGiB: storage.usedGiB,
            diskGiB: storage.diskGiB, daysUntilFull: days(median), daysUntilFullSoonest: days(fast),
            backupSeconds: copy(storage.backupMiBPerSecond),
            restoreSeconds: copy(storage.restoreMiBPerSecond),
            restoreSecondsMax: storage.restoreSecondsMax)
    }

    /// That the disk may be full before a further one can be there, and that a restore takes too long.
    var diskFindings: [PlanFinding] {
        guard let disk = diskReasons else { return [] }
        var facts: [PlanFinding.Fact] = []
        let span = Double(stepCount) * Double(demand.stepSeconds) + options.provisioningLeadSeconds
        if let days = disk.daysUntilFullSoonest, days * Self.daySeconds <= span {
            facts.append(.diskFull(days: days, diskGiB: disk.diskGiB, share: 1 - Self.fastShare))
        }
        if let seconds = disk.restoreSeconds, let most = disk.restoreSecondsMax, seconds > most {
            facts.append(
                .restoreTooLong(
                    seconds: seconds, most: most,
                    sizeGiB: seconds * (tier.storage?.restoreMiBPerSecond ?? 0) / 1024))
        }
        return facts.map { PlanFinding(tier: tier.name, fact: $0) }
    }
}
