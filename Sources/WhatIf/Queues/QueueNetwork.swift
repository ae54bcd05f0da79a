import Exchange

/// All queues, or those upstream of a tier, and what flows between them.
struct QueueNetwork {
    private(set) var states: [QueueState]
    /// What the last second did in each queue.
    private(set) var seconds: [QueueState.Second]
    /// Messages that come to each tier in the second: `[tier][group]`, flat.
    private var arriving: [SIMD4<Double>]
    /// The queues in the order of flow.
    private let order: [Int]
    private let routes: [Route]
    /// Seconds of calm after which windows and deadlines hold nothing of what was before.
    let restSeconds: Int
    /// Whether each queue is a shard.
    private let isSharded: [Bool]
    /// Where messages enter.
    private let sources: [Edge]
    private var messages: [SIMD4<Double>] = []
    private let groupCount: Int
    private var lateOfGroup: [Double]
    /// Messages that entered in the last second, by group.
    private(set) var entering: [SIMD4<Double>]
    /// Whether contacts come of what breaks.
    private let hasContacts: Bool

    /// What a queue takes, and where it sends it.
    private struct Route {
        var tier: Int
        /// Whether people answer there: who waits for an answer does not trade.
        var isStaffed: Bool
        /// Whether all groups are one here.
        var isOne: Bool
        var groups: [Int]
        var edges: [Edge]
    }

    /// A way to a tier.
    private struct Edge {
        var to: Int
        /// Whether groups stay apart there.
        var isApart: Bool
        var carries: SIMD4<Double>
    }

    /// All queues, or those of some tiers, each with all that are upstream of it.
    init(_ conditions: Conditions, options: WhatIfOptions, tiers: [Int]? = nil) {
        let flow = conditions.flow
        let queues = conditions.queues
        let states = queues.map { QueueState($0, options: options) }
        self.states = states
        restSeconds = states.map(\.restSeconds).max() ?? RollingWindow.seconds
        hasContacts = queues.contains { $0.contactsWhileBroken != .zero }
        seconds = queues.map { _ in QueueState.Second() }
        groupCount = flow.groupCount
        lateOfGroup = [Double](repeating: 0, count: groupCount)
        entering = [SIMD4<Double>](repeating: .zero, count: groupCount)
        arriving = [SIMD4<Double>](repeating: .zero, count: flow.visits.count * groupCount)
        order = (tiers ?? flow.order).flatMap { tier in queues.indices.filter { queues[$0].tier == tier } }
        isSharded = queues.map(\.isSharded)
        sources = flow.entering.indices.filter { flow.entering[$0] != .zero }.map {
            Edge(to: $0, isApart: flow.keepsGroups[$0], carries: flow.entering[$0])
        }
        routes = queues.map { queue in
            Route(
                tier: queue.tier, isStaffed: queue.law == .staff, isOne: !flow.keepsGroups[queue.tier],
                groups: queue.groups,
                edges: flow.outgoing[queue.tier].map {
                    Edge(to: $0.to, isApart: flow.keepsGroups[$0.to], carries: $0.carries)
                })
        }
    }

    /// Goes on by one second.
    mutating func advance(
        _ conditions: Conditions, index: Int, history: BurstHistory, tables: QueueTables
    ) {
        for place in arriving.indices { arriving[place] = .zero }
        for group in 0..<groupCount {
            let factor = history.factor(conditions.demand, index: index, group: group)
            let messages = conditions.demand.messages(index: index, group: group) * factor
            entering[group] = messages
            for source in sources {
                arriving[source.to * groupCount + (source.isApart ? group : 0)] += messages * source.carries
            }
        }
        // Who is affected by what broke in the second before gets in touch.
        if hasContacts, states.contains(where: { $0.spec.law != .staff && $0.isBroken }) {
            for state in states {
                arriving[state.spec.tier * groupCount] += state.spec.contactsWhileBroken
            }
        }
        for queue in order {
            let ability = conditions.abilities[queue][index]
            let table = tables.table(queue, servers: ability.servers)
            serve(queue, ability: ability, table: table)
        }
    }

    private mutating func serve(_ queue: Int, ability: Conditions.Ability, table: LatencyTable) {
        let route = routes[queue]
        take(route)
        seconds[queue] = states[queue].serve(&messages, ability: ability, table: table)
        for edge in route.edges {
            let first = edge.to * groupCount
            if route.isOne {
                arriving[first] += messages[0] * edge.carries
            } else {
                for (place, group) in route.groups.enumerated() {
                    arriving[first + (edge.isApart ? group : 0)] += messages[place] * edge.carries
                }
            }
        }
    }

    /// Takes what comes to a queue in the second.
    private mutating func take(_ route: Route) {
        let first = route.tier * groupCount
        messages.removeAll(keepingCapacity: true)
        if route.isOne {
            messages.append(arriving[first])
        } else {
            for group in route.groups { messages.append(arriving[first + group]) }
            if route.groups.isEmpty { messages.append(.zero) }
        }
    }

    /// Adds what comes to a queue in the second, by its groups.
    mutating func addArrivals(of queue: Int, to arrivals: inout [SIMD4<Double>]) {
        take(routes[queue])
        arrivals.append(contentsOf: messages)
    }

    /// The quantiles of how long the clients of a second's messages wait in a queue, in seconds, by `LatencyTable.Level`;
    /// nobody waits longer than a client does.
    func quantiles(
        _ queue: Int, _ conditions: Conditions, index: Int, tables: QueueTables
    ) -> SIMD3<Double> {
        let ability = conditions.abilities[queue][index]
        let table = tables.table(queue, servers: ability.servers)
        let own = table.quantiles(load: seconds[queue].load) * seconds[queue].stretch
        let patience = states[queue].patienceSeconds
        var waits = own + seconds[queue].wait
        waits.replace(with: patience, where: waits .> patience)
        return waits
    }

    /// Adds the second's trades by group, and those of them whose messages were late in some queue.
    mutating func addTrades(to sums: inout [TradeSums]) {
        for group in lateOfGroup.indices { lateOfGroup[group] = 0 }
        var lateOfAll = 0.0
        for queue in routes.indices where !routes[queue].isStaffed {
            let late = seconds[queue].shareLate
            guard late > 0 else { continue }
            if !isSharded[queue] {
                lateOfAll = max(lateOfAll, late)
            } else {
                for group in routes[queue].groups { lateOfGroup[group] = max(lateOfGroup[group], late) }
            }
        }
        for group in lateOfGroup.indices {
            let trades = entering[group][DemandClass.trade.position]
            sums[group].came += trades
            sums[group].late += trades * max(lateOfGroup[group], lateOfAll)
        }
    }
}

/// Trades of a group of symbols.
struct TradeSums {
    /// All of them.
    var came = 0.0
    /// Those whose messages were late or given up in some queue.
    var late = 0.0
}
