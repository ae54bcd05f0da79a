import Numerics

/// A scenario on an exchange, ready to be run.
struct Trial {
    let conditions: Conditions
    let bursts: BurstPaths
    private let scenario: Scenario
    let options: WhatIfOptions
    private let tables: QueueTables
    private let input: WhatIfInput
    /// The queues of each history after the warm-up, where another trial has gone through it.
    private var starts: [QueueNetwork]?
    /// Whether anybody asks what clients see.
    private var judgesHarm = true

    /// Histories are added up in so many parts, whatever the threads, so that sums do not depend on them.
    private static let parts = 8

    /// A trial; `bursts` are those of another with the same groups of symbols, or nil.
    init(
        _ scenario: Scenario, _ input: WhatIfInput, _ options: WhatIfOptions, bursts known: BurstPaths?
    ) throws(WhatIfError) {
        let conditions = try Conditions(scenario, input, options)
        let bursts =
            known
            ?? BurstPaths(
                input, flow: conditions.flow, demand: conditions.demand, count: conditions.count,
                options: options)
        self.init(scenario, input, options, conditions, bursts)
    }

    private init(
        _ scenario: Scenario, _ input: WhatIfInput, _ options: WhatIfOptions, _ conditions: Conditions,
        _ bursts: BurstPaths
    ) {
        self.scenario = scenario
        self.input = input
        self.options = options
        self.conditions = conditions
        self.bursts = bursts
        tables = QueueTables(conditions.queues, conditions.abilities, options: options)
    }

    /// A trial on the histories of another with the same groups of symbols, which cover at least its time; `starts` are
    /// its queues after the warm-up, in which nothing happens, where the exchange is the same.
    init(
        _ scenario: Scenario, _ input: WhatIfInput, _ options: WhatIfOptions, sharing bursts: BurstPaths,
        starts: [QueueNetwork]? = nil
    ) throws(WhatIfError) {
        let conditions = try Conditions(scenario, input, options)
        self.init(scenario, input, options, conditions, bursts.carried(to: conditions.demand))
        self.starts = starts
    }

    /// The queues of each history after the warm-up.
    func warmedUp() -> [QueueNetwork] {
        Parallel.map(options.replications, threads: options.threads) { number in
            let history = bursts.history(replication: number)
            var network = QueueNetwork(conditions, options: options)
            for index in 0..<min(Conditions.warmUpSeconds, conditions.count) {
                network.advance(conditions, index: index, history: history, tables: tables)
            }
            return network
        }
    }

    /// The same histories of the same time in which nothing happens.
    func undisturbed() throws(WhatIfError) -> Trial {
        let calm = try Conditions(scenario, input, options, withEvents: false)
        var trial = Trial(scenario, input, options, calm, bursts.carried(to: calm.demand))
        trial.starts = starts
        trial.judgesHarm = false
        return trial
    }

    /// All histories.
    func run() -> [Replication] {
        Parallel.map(options.replications, threads: options.threads) { number in
            var none: TimelineSums?
            return self.replication(number, timeline: &none)
        }
    }

    /// All histories, each until all is well again, and to its end as in the same one without the events.
    func run(besides calm: [Replication]) -> [Replication] {
        Parallel.map(options.replications, threads: options.threads) { number in
            var none: TimelineSums?
            return self.replication(number, timeline: &none, endsWhenCalm: true).continued(by: calm[number])
        }
    }

    /// Whether every objective holds in enough histories, asked of no more of them than it takes.
    func isHeld(besides calm: [Replication]) -> Bool {
        ShareTest(1 - VerdictBuilder.shareToHold, of: options.replications).holds(threads: options.threads) {
            breaksSomewhere($0, besides: calm[$0])
        }
    }

    private func breaksSomewhere(_ number: Int, besides calm: Replication) -> Bool {
        let history = bursts.history(replication: number)
        let start = starts?[number]
        var network = start ?? QueueNetwork(conditions, options: options)
        let end = max(Int(saturating: scenario.endSeconds.rounded(.up)), conditions.lastDisturbedSecond)
        var calmSeconds = 0
        for index in (start == nil ? 0 : Conditions.warmUpSeconds)..<conditions.count {
            network.advance(conditions, index: index, history: history, tables: tables)
            let second = index - Conditions.warmUpSeconds
            guard second >= 0 else { continue }
            if network.states.contains(where: \.isBroken) { return true }
            calmSeconds = second > end && network.isCalm ? calmSeconds + 1 : 0
            if calmSeconds > network.restSeconds, network.isAtRest { return calm.isBroken(after: second) }
        }
        return false
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

    /// Whether some queue of a tier breaks in no more than a share of histories. Tiers downstream, which have no say in it,
    /// are left out, and a history ends where the tier breaks.
    func breaks(_ tier: Int, inAtMost share: Double) -> Bool {
        let upstream = conditions.flow.upstream(of: tier)
        let own = conditions.queues.indices.filter { conditions.queues[$0].tier == tier }
        return ShareTest(share, of: options.replications).holds(threads: options.threads) { number in
            let history = bursts.history(replication: number)
            var network = QueueNetwork(conditions, options: options, tiers: upstream)
            for index in 0..<conditions.count {
                network.advance(conditions, index: index, history: history, tables: tables)
                if index >= Conditions.warmUpSeconds, own.contains(where: { network.states[$0].isBroken }) {
                    return true
                }
            }
            return false
        }
    }

    /// What comes to a queue in every second of a history, by its groups, after some tiers upstream.
    func arrivals(of queue: Int, tiers: [Int], replication: Int) -> [SIMD4<Double>] {
        let history = bursts.history(replication: replication)
        var network = QueueNetwork(conditions, options: options, tiers: tiers)
        var arrivals: [SIMD4<Double>] = []
        arrivals.reserveCapacity(conditions.count * max(1, conditions.queues[queue].groups.count))
        for index in 0..<conditions.count {
            network.advance(conditions, index: index, history: history, tables: tables)
            network.addArrivals(of: queue, to: &arrivals)
        }
        return arrivals
    }

    /// Goes through a history, and shows all queues after every second.
    func follow(replication: Int, _ show: (QueueNetwork, _ index: Int) -> Void) {
        let history = bursts.history(replication: replication)
        var network = QueueNetwork(conditions, options: options)
        for index in 0..<conditions.count {
            network.advance(conditions, index: index, history: history, tables: tables)
            show(network, index)
        }
    }

    private func replication(
        _ number: Int, timeline: inout TimelineSums?, endsWhenCalm: Bool = false
    ) -> Replication {
        var run = Replication(
            conditions, scenario, tables: tables, history: bursts.history(replication: number),
            options: options, timeline: &timeline,
            watch: Watch(endsWhenCalm: endsWhenCalm, judgesHarm: judgesHarm, start: starts?[number]))
        run.lose(scenario.events.reduce(0) { $0 + $1.kind.recordsLost(on: input) })
        return run
    }
}
