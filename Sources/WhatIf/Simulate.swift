import Exchange
import Numerics
import Units

/// Simulates a scenario second by second: work through every queue, with what waits carried on, in many histories of the
/// arrivals' bursts.
///
/// What leaves a tier is what arrives at the next, so that a halt upstream starves what follows, and floods it
/// afterwards. Bursts of half a second and longer move the load from second to second, in part for all symbols and in
/// part for those of one shard (`BurstPaths`); shorter ones are in the waits of each second (`LatencyTable`). How strong
/// they are is taken at the scenario's highest demand.
///
/// - Parameters:
///   - scenario: The disturbances.
///   - input: The exchange and its demand.
///   - options: How to simulate.
/// - Returns: The timeline and the verdict.
/// - Throws: `WhatIfError` where the scenario names what there is not, or the exchange cannot be.
public func simulate(
    _ scenario: Scenario, on input: WhatIfInput, options: WhatIfOptions = WhatIfOptions()
) throws(WhatIfError) -> WhatIfResult {
    let trial = try Trial(scenario, input, options, bursts: nil)
    let (runs, timeline) = trial.runWithTimeline()
    var verdict = VerdictBuilder(scenario: scenario, conditions: trial.conditions, runs: runs).verdict()
    if !verdict.held, options.seeksChange {
        var search = CheapestChange(scenario: scenario, input: input, options: options, bursts: trial.bursts)
        let change = try search.search()
        verdict.cheapestChange = change.text
        verdict.cheapestChangeCost = change.cost
    }
    let end = scenario.endSeconds + (verdict.drainSeconds?.hi ?? .infinity) + Double(RollingWindow.seconds)
    return WhatIfResult(
        scenario: scenario,
        timeline: timeline.rows(trial.conditions, replications: runs.count, until: end), verdict: verdict)
}

/// A scenario on an exchange, ready to be run.
struct Trial {
    let conditions: Conditions
    let bursts: BurstPaths
    private let scenario: Scenario
    private let options: WhatIfOptions
    private let tables: QueueTables

    /// Histories are added up in so many parts, whatever the threads, so that sums do not depend on them.
    private static let parts = 8

    /// A trial; `bursts` are those of another with the same groups of symbols, or nil.
    init(
        _ scenario: Scenario, _ input: WhatIfInput, _ options: WhatIfOptions, bursts known: BurstPaths?
    ) throws(WhatIfError) {
        self.scenario = scenario
        self.options = options
        let conditions = try Conditions(scenario, input, options)
        self.conditions = conditions
        tables = QueueTables(conditions, options: options)
        bursts =
            known
            ?? BurstPaths(
                input, flow: conditions.flow, peakTrades: conditions.demand.peakTrades,
                count: conditions.count,
                options: options)
    }

    /// All histories.
    func run() -> [Replication] {
        Parallel.map(options.replications, threads: options.threads) { number in
            var none: TimelineSums?
            return self.replication(number, timeline: &none)
        }
    }

    /// All histories, and their sums by second.
    func runWithTimeline() -> ([Replication], TimelineSums) {
        let parts = Parallel.map(Trial.parts, threads: options.threads) { part in
            var sums: TimelineSums? = TimelineSums(self.conditions)
            let runs = stride(from: part, to: self.options.replications, by: Trial.parts).map {
                (number: $0, run: self.replication($0, timeline: &sums))
            }
            return (runs: runs, sums: sums)
        }
        var total = TimelineSums(conditions)
        for part in parts { if let sums = part.sums { total.add(sums) } }
        return (parts.flatMap(\.runs).sorted { $0.number < $1.number }.map(\.run), total)
    }

    private func replication(_ number: Int, timeline: inout TimelineSums?) -> Replication {
        Replication(
            conditions, scenario, tables: tables, factors: bursts.factors(replication: number),
            options: options, timeline: &timeline)
    }
}
