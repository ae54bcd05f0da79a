/// What became of the messages of one tier in one minute, in mean over replications and in whole messages.
///
/// Waiting before + arrived = served + refused + given up + waiting, to the last message: counts are rounded as running
/// totals, so that rounding is never carried on.
public struct MinuteRow: Sendable, Equatable {
    /// The minute, from the start of the scenario.
    public var minute: Int
    public var tier: String
    /// Messages that wait when it begins.
    public var waitingBefore: Int
    /// Messages that clients sent, or wanted to, those sent again included.
    public var arrived: Int
    /// Of these, those sent again.
    public var retried: Int
    /// Messages that were served, also after their clients had given them up.
    public var served: Int
    /// Messages that were turned down: for want of room, by a quota or by a circuit breaker.
    public var refused: Int
    /// Messages that were given up while they waited, and not served.
    public var givenUp: Int
    /// Messages that wait when it ends.
    public var waiting: Int
    /// The same as the queues have it, before rounding: their own count, which the others have to come to.
    public var waitingInQueues: Double
}

/// Sums over replications of what became of every tier's messages in every minute.
struct MinuteSums: Sendable {
    /// Arrived, retried, served, refused, given up, and waiting at the end: `[minute][tier]`, flat.
    private var sums: [SIMD8<Double>]
    /// What waits when the scenario begins, by tier.
    private var before: [Double]
    private let tierOfQueue: [Int]
    private let names: [String]
    private let seconds: Int

    init(_ conditions: Conditions) {
        var names: [String] = []
        tierOfQueue = conditions.queues.map { queue in
            if let place = names.firstIndex(of: queue.name) { return place }
            names.append(queue.name)
            return names.count - 1
        }
        self.names = names
        seconds = max(0, conditions.count - Conditions.warmUpSeconds)
        sums = [SIMD8<Double>](repeating: .zero, count: (seconds + 59) / 60 * names.count)
        before = [Double](repeating: 0, count: names.count)
    }

    /// Adds a second of one replication; -1 is the last before the scenario.
    mutating func add(_ network: QueueNetwork, second: Int) {
        guard second >= 0 else {
            for (queue, tier) in tierOfQueue.enumerated() { before[tier] += network.seconds[queue].backlog }
            return
        }
        let isLast = second % 60 == 59 || second == seconds - 1
        let first = second / 60 * names.count
        for (queue, tier) in tierOfQueue.enumerated() {
            let done = network.seconds[queue]
            sums[first + tier] += [
                done.arrived, done.arrived - done.fresh, done.served, done.turnedDown, done.gaveUp,
                isLast ? done.backlog : 0, 0, 0,
            ]
        }
    }

    /// Adds other replications.
    mutating func add(_ other: MinuteSums) {
        for place in sums.indices { sums[place] += other.sums[place] }
        for tier in before.indices { before[tier] += other.before[tier] }
    }

    /// The means, minute by minute, of those that begin before a second.
    func rows(replications: Int, until end: Double) -> [MinuteRow] {
        var rows: [MinuteRow] = []
        // Running totals, exact and as the rows before have them.
        var totals = names.map { _ in SIMD8<Double>.zero }
        var told = totals
        var waiting = before.map { ($0 / Double(replications)).rounded() }
        for place in sums.indices where Double(place / names.count * 60) < end {
            let tier = place % names.count
            let mean = sums[place] / Double(replications)
            totals[tier] += mean
            let counts = MinuteSums.whole(totals[tier] - told[tier], waiting: waiting[tier])
            told[tier] += counts
            let left = waiting[tier] + counts[0] - MinuteSums.leaving(counts)
            rows.append(
                MinuteRow(
                    minute: place / names.count, tier: names[tier],
                    waitingBefore: Int(saturating: waiting[tier]), arrived: Int(saturating: counts[0]),
                    retried: Int(saturating: min(counts[0], counts[1])), served: Int(saturating: counts[2]),
                    refused: Int(saturating: counts[3]), givenUp: Int(saturating: counts[4]),
                    waiting: Int(saturating: left), waitingInQueues: mean[5]))
            waiting[tier] = left
        }
        return rows
    }

    /// Whole messages for what is not told yet: none of them negative, and no more leave than are there.
    private static func whole(_ open: SIMD8<Double>, waiting: Double) -> SIMD8<Double> {
        var counts = open.rounded(.toNearestOrAwayFromZero)
        counts.replace(with: 0, where: counts .< 0)
        let tooMany = leaving(counts) - waiting - counts[0]
        if tooMany > 0, let most = (2...4).max(by: { counts[$0] < counts[$1] }) { counts[most] -= tooMany }
        return counts
    }

    /// Messages that are served, refused or given up.
    private static func leaving(_ counts: SIMD8<Double>) -> Double { counts[2] + counts[3] + counts[4] }
}
