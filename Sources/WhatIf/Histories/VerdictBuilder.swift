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
    var leader: Int? {
        var counts: [Int: Int] = [:]
        for run in runs { if let first = run.firstBreak { counts[first.queue, default: 0] += 1 } }
        return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
    }

    /// The share of histories in which some queue of a tier breaks.
    func shareBroken(tier: Int) -> Double {
        let queues = conditions.queues.indices.filter { conditions.queues[$0].tier == tier }
        return Double(runs.count { run in queues.contains { run.firstBroken[$0] != nil } })
            / Double(runs.count)
    }

    func verdict() -> Verdict {
        let held = isHeld
        let leader = held ? nil : leader
        let start = Int(saturating: scenario.startSeconds)
        let times = runs.compactMap(\.firstBreak).map { Double(max(0, $0.second - start)) }
        let drains = runs.compactMap(\.drainSeconds)
        let isDrained = Double(drains.count) >= VerdictBuilder.shareToHold * Double(runs.count)
        return Verdict(
            scenario: scenario.name, held: held, firstTier: leader.map { conditions.queues[$0].name },
            bindingResource: leader.map { conditions.queues[$0].resource },
            secondsToSaturation: held || times.isEmpty ? nil : spread(times),
            peakBacklog: spread(runs.map(\.peakBacklog)), p99MaxSeconds: spread(runs.map(\.p99MaxSeconds)),
            minutesOverObjective: spread(runs.map { Double($0.brokenSeconds) / 60 }),
            shareRejected: spread(runs.map(\.shareRejected)), drainSeconds: isDrained ? spread(drains) : nil,
            rpoRecords: spread(runs.map(\.recordsLost)),
            shareNotionalAffected: spread(runs.map(\.shareTradesAffected)), cheapestChange: nil,
            cheapestChangeCost: nil)
    }

    private func spread(_ values: [Double]) -> Estimate {
        let sorted = values.sorted()
        let mean = sorted.reduce(0, +) / Double(max(1, sorted.count))
        return Estimate(
            mean, lo: min(mean, Summary.quantile(sorted: sorted, Summary.levels95.low)),
            hi: max(mean, Summary.quantile(sorted: sorted, Summary.levels95.high)))
    }
}
