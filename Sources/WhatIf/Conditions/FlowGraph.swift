import Exchange

/// Where messages go: tiers in the order of flow, and symbols in groups that share their shards.
///
/// Two symbols are of one group where every sharded tier serves them on one shard. Queues before a sharded tier keep
/// their groups apart, so that what waits upstream reaches its own shard; behind the last one all are one.
///
/// Trades follow orders: where trades enter further down than orders do, they ride along with the orders, at no cost,
/// until they are made. An order that waits upstream is not matched, and what is given up trades nothing.
struct FlowGraph: Sendable {
    /// The group of each symbol.
    let groupOfSymbol: [Int]
    let groupCount: Int
    /// Tiers in the order of flow.
    let order: [Int]
    /// For each tier, messages entering there for each message of demand, by class.
    let entering: [SIMD4<Double>]
    /// For each tier, where its messages go and how many for each, by class.
    let outgoing: [[(to: Int, carries: SIMD4<Double>)]]
    /// Tiers at or before a sharded one, which keep groups apart.
    let keepsGroups: [Bool]
    /// For each tier the messages of each class that it handles for one of demand.
    let visits: [ClassRates]
    /// Tiers to which contacts come of whatever breaks.
    private let hearsOfAll: [Bool]

    init(_ input: WhatIfInput) {
        let topology = input.topology
        order = topology.flowOrder() ?? []
        visits = topology.visits()
        (groupOfSymbol, groupCount) = FlowGraph.groups(input)
        var entering = topology.tiers.map { tier in
            var enters = SIMD4<Double>.zero
            for (demandClass, name) in topology.sources where name == tier.name {
                enters[demandClass.position] = 1
            }
            return enters
        }
        var outgoing = topology.tiers.map { _ in [(to: Int, carries: SIMD4<Double>)]() }
        for edge in topology.edges {
            guard let from = topology.index(of: edge.from), let to = topology.index(of: edge.to) else {
                continue
            }
            var carries = SIMD4<Double>.zero
            for (demandClass, factor) in edge.carries { carries[demandClass.position] = factor }
            outgoing[from].append((to, carries))
        }
        FlowGraph.rideAlong(topology, visits: visits, order: order, &entering, &outgoing)
        self.entering = entering
        self.outgoing = outgoing
        var keeps = topology.tiers.map { $0.kind.isSharded }
        for tier in order.reversed() where outgoing[tier].contains(where: { keeps[$0.to] }) {
            keeps[tier] = true
        }
        keepsGroups = keeps
        hearsOfAll = topology.tiers.map { ($0.staffing?.contactsPerAffectedMinute ?? 0) > 0 }
    }

    /// A tier and those from which messages or contacts reach it, in the order of flow.
    func upstream(of tier: Int) -> [Int] {
        if hearsOfAll[tier] { return order }
        var reaches = outgoing.indices.map { $0 == tier }
        for other in order.reversed() where outgoing[other].contains(where: { reaches[$0.to] }) {
            reaches[other] = true
        }
        return order.filter { reaches[$0] }
    }

    private static func groups(_ input: WhatIfInput) -> (ofSymbol: [Int], count: Int) {
        let shardings = input.topology.tiers.filter { $0.kind.isSharded }.compactMap {
            input.placements[$0.name]?.shardOfSymbol
        }
        var known: [[Int]: Int] = [:]
        let ofSymbol = input.symbols.indices.map { symbol in
            let shards = shardings.map { $0[symbol] }
            let group = known[shards] ?? known.count
            known[shards] = group
            return group
        }
        return (ofSymbol, max(1, known.count))
    }

    /// Lets trades enter with the orders that make them.
    private static func rideAlong(
        _ topology: Topology, visits: [ClassRates], order: [Int], _ entering: inout [SIMD4<Double>],
        _ outgoing: inout [[(to: Int, carries: SIMD4<Double>)]]
    ) {
        let trade = DemandClass.trade.position
        let placed = DemandClass.order.position
        guard let made = topology.sources[.trade].flatMap(topology.index(of:)),
            let entry = topology.sources[.order].flatMap(topology.index(of:)), made != entry,
            visits[made][.order] > 0
        else { return }
        var leads = topology.tiers.map { _ in false }
        leads[made] = true
        for tier in order.reversed() {
            if outgoing[tier].contains(where: { leads[$0.to] && $0.carries[placed] > 0 }) {
                leads[tier] = true
            }
        }
        for tier in topology.tiers.indices where leads[tier] && tier != made {
            for place in outgoing[tier].indices {
                let edge = outgoing[tier][place]
                outgoing[tier][place].carries[trade] = leads[edge.to] ? edge.carries[placed] : 0
            }
        }
        entering[made][trade] = 0
        entering[entry][trade] = 1 / visits[made][.order]
    }
}
