import Numerics
import Planning
import Reporting
import Units

/// What alerts on the load of the plan's queues would have been good for: how early they come, and how often for nothing.
struct ThresholdSearch {
    let plan: Plan
    /// The history of each symbol, in events a step.
    let histories: [RegularSeries]
    let asOf: Timestamp
    let stepSeconds: Int64

    /// Alert levels. Chosen, not measured.
    private static let levels = [0.5, 0.6, 0.7, 0.8, 0.9]
    /// The surge of Coinbase on 2020-06-01: five times the traffic in four minutes.
    private static let surge = (factor: 5.0, rampSeconds: 240.0)
    /// Past steps that are looked at: those of 26 weeks.
    private static let secondsMax: Int64 = 26 * 604_800

    /// A queue of the plan.
    struct Queue {
        var tier: String
        var shard: String?
        var median: [Double] = []
        var held: [Double] = []
        /// Seconds of work for one trade, by symbol.
        var secondsPerTrade: [SeriesID: Double] = [:]
    }

    /// The rows of `thresholds.csv`, by queue, then level.
    func rows() -> [ThresholdRow] {
        queues().flatMap { queue -> [ThresholdRow] in
            let shares = pastShares(of: queue)
            let rooms = queue.median.indices.filter { queue.held[$0] > 0 }
            guard
                let tight = rooms.max(by: {
                    (queue.median[$0] / queue.held[$0], $1) < (queue.median[$1] / queue.held[$1], $0)
                })
            else { return [] }
            let weeks = Double(shares.count { $0.isFinite }) * Double(stepSeconds) / 604_800
            return ThresholdSearch.levels.map { level in
                let past = ThresholdSearch.episodes(shares, level: level)
                let leads = past.compactMap(\.self).map { Double($0) * Double(stepSeconds) }
                var row = ThresholdRow(
                    tier: queue.tier, shard: queue.shard, level: level, work: level * queue.held[tight],
                    surgeLeadSeconds: ThresholdSearch.lead(
                        from: queue.median[tight], held: queue.held[tight], level: level),
                    breaks: leads.count, pastLeadSeconds: leads.isEmpty ? nil : Summary.median(leads),
                    falseAlarmsPerWeek: weeks > 0 ? Double(past.count - leads.count) / weeks : 0, weeks: weeks
                )
                row.surgeBreaksAt = ThresholdSearch.breakingFactor(
                    from: queue.median[tight], held: queue.held[tight])
                return row
            }
        }
    }

    /// The multiple of a median at which a surge passes what is held; nil where nothing comes.
    static func breakingFactor(from median: Double, held: Double) -> Double? {
        median > 0 ? max(1, held / median) : nil
    }

    /// Seconds from the alert to the break in the surge, whose load rises evenly: at the same pace past its height too, so that
    /// a queue that holds all of it has a lead as well.
    static func lead(from median: Double, held: Double, level: Double) -> Double? {
        guard median > 0 else { return nil }
        func time(to load: Double) -> Double {
            max(0, (load / median - 1) / (surge.factor - 1) * surge.rampSeconds)
        }
        return time(to: held) - time(to: level * held)
    }

    /// Runs of steps at a level or above: for each the steps from its start to where all that is held is passed; nil where
    /// it never is.
    static func episodes(_ shares: [Double], level: Double) -> [Int?] {
        var found: [Int?] = []
        var start: Int?
        for (step, share) in shares.enumerated() {
            guard share >= level else {
                start = nil
                continue
            }
            if start == nil {
                start = step
                found.append(nil)
            }
            if share > 1, let start, found[found.count - 1] == nil { found[found.count - 1] = step - start }
        }
        return found
    }

    private func queues() -> [Queue] {
        var queues: [Queue] = []
        for row in plan.capacity {
            if queues.last.map({ $0.tier != row.tier || $0.shard != row.shard }) ?? true {
                queues.append(Queue(tier: row.tier, shard: row.shard))
            }
            queues[queues.count - 1].median.append(row.workQ50)
            queues[queues.count - 1].held.append(row.heldAllUp)
        }
        for row in plan.work {
            guard let place = queues.firstIndex(where: { $0.tier == row.tier && $0.shard == row.shard })
            else {
                continue
            }
            queues[place].secondsPerTrade[row.symbol] = row.secondsPerTrade
        }
        return queues
    }

    /// Past loads over what the queue holds in the same hour of the planned span, the oldest first; NaN where a symbol's
    /// load is not known.
    private func pastShares(of queue: Queue) -> [Double] {
        let steps = Int64(queue.held.count)
        let known = histories.filter {
            (queue.secondsPerTrade[$0.id] ?? 0) > 0 && $0.stepSeconds == stepSeconds
        }
        guard steps > 0, let first = known.map(\.start.seconds).max() else { return [] }
        let from = max(first, asOf.seconds - ThresholdSearch.secondsMax)
        let count = max(0, (asOf.seconds - from) / stepSeconds)
        // Spans of whole days repeat; of others the least that is held counts.
        let repeats = steps * stepSeconds % 86_400 == 0
        let least = queue.held.min() ?? 0
        return (0..<count).map { back in
            let time = from + back * stepSeconds
            var work = 0.0
            for series in known {
                let place = Int((time - series.start.seconds) / stepSeconds)
                let value = series.values.indices.contains(place) ? series.values[place] : .nan
                work += value / Double(stepSeconds) * (queue.secondsPerTrade[series.id] ?? 0)
            }
            let behind = (time - asOf.seconds) / stepSeconds
            let step = Int(((behind % steps) + steps) % steps)
            let held = repeats ? queue.held[step] : least
            return held > 0 ? work / held : work > 0 ? .infinity : 0
        }
    }
}
