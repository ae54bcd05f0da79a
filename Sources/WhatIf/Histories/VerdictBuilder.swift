import Numerics
import Units

/// Sums histories up.
struct VerdictBuilder {
    let scenario: Scenario
    let conditions: Conditions
    let runs: [Replication]

    /// The share of histories that has to hold.
    static let shareToHold = 0.95

    /// Whether every objective holds in enough histories.
    var isHeld: Bool {
        Double(runs.count { $0.firstBreak == nil }) >= VerdictBuilder.shareToHold * Double(runs.count)
    }

    /// The queue that breaks first in most histories that break; the first of equals.
    var leader: Int? { VerdictBuilder.leader(runs) }

    private static func leader(_ runs: [Replication]) -> Int? { mode(runs.compactMap(\.firstBreak?.queue)) }

    /// The number that comes most often; the least of equals.
    private static func mode(_ numbers: [Int]) -> Int? {
        var counts: [Int: Int] = [:]
        for number in numbers { counts[number, default: 0] += 1 }
        return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
    }

    /// The share of histories in which some queue of a tier breaks.
    func shareBroken(tier: Int) -> Double {
        let queues = conditions.queues.indices.filter { conditions.queues[$0].tier == tier }
        return Double(runs.count { run in queues.contains { run.firstBroken[$0] != nil } })
            / Double(runs.count)
    }

    /// The verdict beside the same histories without the events, in the same order.
    func verdict(besides calm: [Replication]) -> Verdict {
        // What would have broken at that second without the events too is not theirs.
        let blamed = zip(runs, calm).filter { run, alone in
            guard let first = run.firstBreak else { return false }
            return alone.firstBreak.map { first.second < $0.second } ?? true
        }.map(\.0)
        let leader = isHeld ? nil : VerdictBuilder.leader(blamed)
        let start = Int(saturating: scenario.startSeconds)
        let times = blamed.compactMap(\.firstBreak).map { Double(max(0, $0.second - start)) }
        let broken = runs.filter { $0.firstBreak != nil }
        let told = broken.isEmpty ? runs : broken
        let drains = told.compactMap(\.drainSeconds)
        let isDrained = Double(drains.count) >= VerdictBuilder.shareToHold * Double(told.count)
        let waiting = told.filter { $0.peakBacklog.messages > 0 }.map(\.peakBacklog.queue)
        let slow = VerdictBuilder.mode(told.map(\.p99Max.queue))
        return Verdict(
            scenario: scenario.name, tried: nil, held: isHeld, firstTier: leader.map(name),
            bindingResource: leader.map { conditions.queues[$0].resource },
            secondsToSaturation: leader == nil ? nil : spread(times),
            peakBacklog: spread(told.map(\.peakBacklog.messages)),
            p99MaxSeconds: spread(told.map(\.p99Max.seconds)),
            minutesOverObjective: spread(told.map(\.minutesOverObjective)),
            shareRejected: spread(told.map(\.shareTrades.rejected)),
            drainSeconds: isDrained ? spread(drains) : nil,
            rpoRecords: spread(told.map(\.recordsLost)),
            shareNotionalAffected: spread(told.map(\.shareTrades.affected)), cheapestChange: nil,
            cheapestChangeCost: nil, shareBroken: shareBroken, expectedMinutesOverObjective: expectedMinutes,
            peakBacklogTier: VerdictBuilder.mode(waiting).map(name), p99MaxTier: slow.map(name),
            shareFirst: leader.map { tier in
                Double(blamed.count { $0.firstBreak?.queue == tier }) / Double(max(1, runs.count))
            }, service: service(told), shedTo: nil,
            baseline: VerdictBuilder(scenario: scenario, conditions: conditions, runs: calm).baseline())
    }

    /// What clients see of some histories.
    private func service(_ told: [Replication]) -> Verdict.Service {
        let seen = told.map(\.service)
        let restored = seen.compactMap(\.restoredSeconds)
        let posts = seen.compactMap(\.postSeconds)
        let isRestored = Double(restored.count) >= VerdictBuilder.shareToHold * Double(seen.count)
        return Verdict.Service(
            restoredSeconds: isRestored ? spread(restored) : nil,
            shareOfRequests: spread(seen.map(\.shareOfRequests)),
            shareOfOrders: spread(seen.map(\.shareOfOrders)),
            ordersFailed: spread(seen.map(\.ordersFailed)),
            degradedMinutes: spread(seen.map { Double($0.degradedMinutes) }),
            outageMinutes: spread(seen.map { Double($0.outageMinutes) }),
            postSeconds: 2 * posts.count > seen.count ? spread(posts) : nil)
    }

    /// These histories as those in which nothing happens.
    func baseline() -> Verdict.Baseline {
        Verdict.Baseline(
            shareBroken: shareBroken, firstTier: leader.map(name),
            expectedMinutesOverObjective: expectedMinutes, held: isHeld)
    }

    private func name(_ queue: Int) -> String { conditions.queues[queue].name }

    private var shareBroken: Estimate {
        Summary.shareInterval(hits: runs.count { $0.firstBreak != nil }, of: runs.count)
    }

    private var expectedMinutes: Double {
        runs.reduce(0) { $0 + $1.minutesOverObjective } / Double(max(1, runs.count))
    }

    /// The median, and the central 95 %.
    private func spread(_ values: [Double]) -> Estimate {
        let sorted = values.sorted()
        return Estimate(
            Summary.quantile(sorted: sorted, 0.5), lo: Summary.quantile(sorted: sorted, Summary.levels95.low),
            hi: Summary.quantile(sorted: sorted, Summary.levels95.high))
    }
}
