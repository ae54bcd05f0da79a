import Numerics

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
