import Exchange

/// The scenario as it acts on every second: demand that enters, and what each queue can do.
struct Conditions: Sendable {
    /// Seconds before the scenario in which queues settle; index 0 of all arrays is so long before.
    static let warmUpSeconds = 300

    /// Number of seconds, warm-up included.
    let count: Int
    let flow: FlowGraph
    let queues: [QueueSpec]
    let demand: DemandOverTime
    /// What each queue can do: `[queue][second]`.
    let abilities: [[Ability]]
    /// Failovers: the queue and the index of the second.
    let failovers: [(queue: Int, index: Int)]

    /// The last second in which some queue can do something other than before the scenario; 0 where there is none.
    let lastDisturbedSecond: Int

    /// What a queue can do in a second.
    struct Ability: Sendable, Equatable {
        /// Seconds of work that are done in the second.
        var capacity: Double
        /// How much longer a message takes than undisturbed.
        var stretch: Float
        /// Seconds until a queue that does nothing works again; of one that works, what every message waits before.
        var pause: Float
        /// Servers that are left.
        var servers: Int32
        /// Whether nodes are lost, so that work may wait.
        var isShort = false
    }

    /// The conditions of a scenario, or of the same time without its events.
    init(
        _ scenario: Scenario, _ input: WhatIfInput, _ options: WhatIfOptions, withEvents: Bool = true
    ) throws(WhatIfError) {
        try Conditions.check(scenario, input)
        let settle = min(max(0, options.settleSeconds), 86_400)
        count = Conditions.warmUpSeconds + Int(saturating: min(scenario.endSeconds, 3 * 86_400) + settle) + 1
        flow = FlowGraph(input)
        let scenario = withEvents ? scenario : Scenario(name: scenario.name, events: [])
        demand = DemandOverTime(scenario, input, flow: flow, count: count)
        queues = QueueSpec.all(
            input, flow: flow, peakTrades: demand.peakTrades, known: options.tables)
        let capacities = CapacityOverTime(scenario, input, options, queues: queues, count: count)
        abilities = capacities.abilities
        failovers = capacities.failovers
        let last = abilities.map { row in
            row.lastIndex { ability in row.first.map { ability != $0 } ?? false } ?? 0
        }
        lastDisturbedSecond = max(0, (last.max() ?? 0) - Conditions.warmUpSeconds)
    }

    /// A queue that is no shard, as another input has it whose demand and placements are the same, and what it can do.
    func queue(
        _ queue: Int, of input: WhatIfInput, _ scenario: Scenario, _ options: WhatIfOptions
    ) -> (spec: QueueSpec, abilities: [Ability]) {
        let specs = QueueSpec.ofTier(
            queues[queue].tier, input, flow: flow, peakTrades: demand.peakTrades, known: options.tables)
        let capacities = CapacityOverTime(scenario, input, options, queues: specs, count: count)
        return (specs[0], capacities.abilities[0])
    }

    /// The time of an index, in seconds from the start of the scenario.
    static func second(_ index: Int) -> Double { Double(index - warmUpSeconds) }

    private static func check(_ scenario: Scenario, _ input: WhatIfInput) throws(WhatIfError) {
        let issues = input.topology.issues()
        guard issues.isEmpty else {
            throw .input(
                "the topology cannot be simulated: " + issues.map(\.message).joined(separator: "; "))
        }
        guard input.symbols.count == input.tradesPerSecond.count, !input.symbols.isEmpty else {
            throw .input("every symbol needs a trade rate, and there must be at least one symbol")
        }
        for tier in input.topology.tiers {
            guard input.catalogue.shape(named: tier.shape) != nil else {
                throw .input(
                    "the tier '\(tier.name)' uses the shape '\(tier.shape)', which is not in the catalogue")
            }
            guard tier.kind.isSharded else { continue }
            guard input.placements[tier.name]?.shardOfSymbol.count == input.symbols.count else {
                throw .input("the sharded tier '\(tier.name)' needs a placement of its symbols")
            }
        }
        for event in scenario.events { try event.check(input) }
    }
}
