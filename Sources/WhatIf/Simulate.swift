import Exchange
import Glibc
import Numerics
import Replay
import Units

/// Simulates a scenario second by second: work through every queue, with what waits carried on, in many histories of the
/// arrivals' bursts.
///
/// What leaves a tier is what arrives at the next, so that a halt upstream starves what follows, and floods it
/// afterwards. Bursts of a second and longer are taken to be common to all symbols, as they nearly are in trades of
/// several venues (correlation of 0.66 at a second, 0.91 at a minute); shorter ones are in the waits of each second.
///
/// - Parameters:
///   - scenario: The disturbances.
///   - input: The exchange and its demand.
///   - options: How to simulate.
/// - Returns: The timeline and the verdict.
/// - Throws: `WhatIfError` where the scenario names what there is not.
public func simulate(
    _ scenario: Scenario, on input: WhatIfInput, options: WhatIfOptions = WhatIfOptions()
) throws(WhatIfError) -> WhatIfResult {
    let conditions = try Conditions(scenario, input, options)
    let runs = replications(conditions, input, options)
    var verdict = VerdictBuilder(scenario, conditions, runs).verdict()
    if !verdict.held, options.seeksChange {
        var search = CheapestChange(scenario: scenario, input: input, options: options)
        let change = try search.search()
        verdict.cheapestChange = change.text
        verdict.cheapestChangeCost = change.cost
    }
    return WhatIfResult(
        scenario: scenario, timeline: timeline(conditions, runs, verdict, scenario), verdict: verdict)
}

/// All histories, each with its own bursts; the same bursts for every scenario and change.
func replications(
    _ conditions: Conditions, _ input: WhatIfInput, _ options: WhatIfOptions
) -> [Replication] {
    let streams = zip(input.symbols, input.tradesPerSecond).map { symbol, trades in
        (ratePerSecond: symbol.mix.perTrade.total * trades, profile: symbol.bursts)
    }
    let fitted = options.hasBursts ? BurstModel(fitting: .combined(streams)) : .poisson
    let bursts = BurstModel(
        components: fitted.components.filter { $0.timeScaleSeconds >= Conditions.fastestSlowScale })
    let tables = latencyTables(conditions, options)
    return Parallel.map(options.replications, threads: options.threads) { number in
        let factors = bursts.perSecondRates(
            seconds: conditions.count, ratePerSecond: 1,
            seed: options.seed &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(number))
        return Replication(conditions, tables: tables, factors: factors, options: options)
    }
}

/// The table of each queue; equal queues share one.
private func latencyTables(_ conditions: Conditions, _ options: WhatIfOptions) -> [LatencyTable] {
    var keys: [LatencyTable.Key] = []
    for var key in conditions.queues.map(\.latency) {
        if !options.hasBursts { key.bursts = [] }
        if !keys.contains(key) { keys.append(key) }
    }
    let distinct = keys
    let tables = Parallel.map(distinct.count, threads: options.threads) { index in
        options.tables.table(distinct[index], seed: options.seed)
    }
    return conditions.queues.map { queue in
        var key = queue.latency
        if !options.hasBursts { key.bursts = [] }
        return tables[keys.firstIndex(of: key) ?? 0]
    }
}

/// Every second in mean over the histories, until a while after all is well again.
private func timeline(
    _ conditions: Conditions, _ runs: [Replication], _ verdict: Verdict, _ scenario: Scenario
) -> [TimelineRow] {
    let seconds = conditions.count - Conditions.warmUpSeconds
    let wanted = scenario.endSeconds + (verdict.drainSeconds?.hi ?? .infinity) + 300
    let shown = min(seconds, Int(min(wanted, Double(seconds))))
    var rows: [TimelineRow] = []
    rows.reserveCapacity(shown * conditions.queues.count)
    let share = 1 / Double(runs.count)
    for second in 0..<shown {
        for (queue, spec) in conditions.queues.enumerated() {
            var row = TimelineRow(
                second: second, tier: spec.name, shard: spec.shardName, utilisation: 0, backlog: 0,
                p50Seconds: 0, p99Seconds: 0, p999Seconds: 0, shareRejected: 0)
            for run in runs {
                let cell = run.cell(second: second, queue: queue)
                row.utilisation += share * cell.utilisation
                row.backlog += share * cell.backlog
                row.p50Seconds += share * cell.p50
                row.p99Seconds += share * cell.p99
                row.p999Seconds += share * cell.p999
                if cell.offered > 0 { row.shareRejected += share * min(1, cell.rejected / cell.offered) }
            }
            rows.append(row)
        }
    }
    return rows
}

/// Sums histories up.
struct VerdictBuilder {
    private let scenario: Scenario
    private let conditions: Conditions
    private let runs: [Replication]

    init(_ scenario: Scenario, _ conditions: Conditions, _ runs: [Replication]) {
        self.scenario = scenario
        self.conditions = conditions
        self.runs = runs
    }

    private var start: Int { Int(scenario.startSeconds) }

    /// The queue that breaks first in a history, with its second.
    private func first(_ run: Replication) -> (queue: Int, second: Int)? {
        var best: (queue: Int, second: Int)?
        for (queue, second) in run.firstBroken.enumerated() {
            if let second, best.map({ second < $0.second }) ?? true { best = (queue, second) }
        }
        return best
    }

    /// Histories in which every objective holds, over all.
    var shareHeld: Double { Double(runs.count { first($0) == nil }) / Double(runs.count) }

    /// Tiers that break in more than the allowed share of the histories.
    var brokenQueues: [Int] {
        conditions.queues.indices.filter { queue in
            Double(runs.count { $0.firstBroken[queue] != nil }) > 0.05 * Double(runs.count)
        }
    }

    func verdict() -> Verdict {
        let broken = runs.compactMap(first)
        var counts: [Int: Int] = [:]
        for (queue, _) in broken { counts[queue, default: 0] += 1 }
        let held = shareHeld >= 0.95
        let leader = held ? nil : counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
        let times = broken.map { Double(max(0, $0.second - start)) }
        let drains = runs.map(drain)
        return Verdict(
            scenario: scenario.name, held: held, firstTier: leader.map { conditions.queues[$0].name },
            bindingResource: leader.map { conditions.queues[$0].resource },
            secondsToSaturation: held || times.isEmpty ? nil : spread(times),
            peakBacklog: spread(runs.map { run in run.cells.reduce(0) { max($0, $1.backlog) } }),
            p99MaxSeconds: spread(runs.map { run in run.cells.reduce(0) { max($0, $1.p99) } }),
            minutesOverObjective: spread(runs.map { Double($0.brokenSeconds) / 60 }),
            shareRejected: spread(runs.map(rejected)),
            drainSeconds: drains.contains { $0 == nil } ? nil : spread(drains.compactMap { $0 }),
            rpoRecords: spread(runs.map(\.recordsLost)),
            shareNotionalAffected: spread(runs.map { affected($0) }), cheapestChange: nil,
            cheapestChangeCost: nil)
    }

    /// Seconds from the end of the last disturbance; nil where the last second that is watched is still late.
    private func drain(_ run: Replication) -> Double? {
        let end = scenario.endSeconds
        let watched = conditions.count - Conditions.warmUpSeconds - 1
        // After the end a burst may make a queue late again for a moment: what counts is the first second without.
        var second = Int(end.rounded(.up))
        while second <= watched {
            let isLate = conditions.queues.indices.contains { queue in
                let cell = run.cell(second: second, queue: queue)
                let spec = conditions.queues[queue]
                let index = second + Conditions.warmUpSeconds
                let capacity = conditions.capacities[queue][index]
                guard cell.backlog > 0 else { return false }
                let mean = cell.offered > 0 ? cell.utilisation * capacity / cell.offered : 0
                return capacity <= 0 || cell.backlog * mean / capacity > spec.objective.latencySeconds
            }
            if !isLate { return max(0, Double(second) - end) }
            second += 1
        }
        return nil
    }

    private func rejected(_ run: Replication) -> Double {
        var worst = 0.0
        for queue in conditions.queues.indices {
            var rejected = 0.0
            var offered = 0.0
            for second in start..<(conditions.count - Conditions.warmUpSeconds) {
                let cell = run.cell(second: second, queue: queue)
                rejected += cell.rejected
                offered += cell.offered
            }
            if offered > 0 { worst = max(worst, rejected / offered) }
        }
        return worst
    }

    /// From the first disturbance until the last queue has caught up.
    private func affected(_ run: Replication) -> Double {
        let last = max(Int(scenario.endSeconds), run.lastLate ?? 0)
        var sum = 0.0
        var weight = 0.0
        for second in start...max(start, min(last, run.affected.count - 1)) {
            let trades = conditions.entering[second + Conditions.warmUpSeconds][DemandClass.trade.position]
            sum += run.affected[second] * trades
            weight += trades
        }
        return weight > 0 ? sum / weight : 0
    }

    private func spread(_ values: [Double]) -> Estimate {
        let sorted = values.sorted()
        let mean = sorted.reduce(0, +) / Double(max(1, sorted.count))
        return Estimate(
            mean, lo: min(mean, Summary.quantile(sorted: sorted, 0.025)),
            hi: max(mean, Summary.quantile(sorted: sorted, 0.975)))
    }
}
