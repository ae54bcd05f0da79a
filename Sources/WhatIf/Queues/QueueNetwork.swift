import Exchange

/// All queues, and what flows between them.
struct QueueNetwork {
    private(set) var states: [QueueState]
    /// What the last second did in each queue.
    private(set) var seconds: [QueueState.Second]
    /// Messages that come to each tier in the second: `[tier][group]`, flat.
    private var arriving: [SIMD4<Double>]
    private let queuesOfTier: [[Int]]
    private var messages: [SIMD4<Double>] = []
    private let groupCount: Int

    init(_ conditions: Conditions, options: WhatIfOptions) {
        states = conditions.queues.map { QueueState($0, options: options) }
        seconds = conditions.queues.map { _ in QueueState.Second() }
        groupCount = conditions.flow.groupCount
        let tiers = conditions.flow.visits.count
        arriving = [SIMD4<Double>](repeating: .zero, count: tiers * groupCount)
        queuesOfTier = (0..<tiers).map { tier in
            conditions.queues.indices.filter { conditions.queues[$0].tier == tier }
        }
    }

    /// Goes on by one second.
    mutating func advance(
        _ conditions: Conditions, index: Int, factors: (values: [Float], stride: Int), tables: QueueTables
    ) {
        let flow = conditions.flow
        for place in arriving.indices { arriving[place] = .zero }
        let sources = flow.entering.indices.filter { flow.entering[$0] != .zero }
        for group in 0..<groupCount {
            let factor = Double(factors.values[group * factors.stride + index])
            let entering = conditions.demand.messages(index: index, group: group) * factor
            for tier in sources {
                arriving[tier * groupCount + (flow.keepsGroups[tier] ? group : 0)] +=
                    entering * flow.entering[tier]
            }
        }
        for tier in flow.order {
            for queue in queuesOfTier[tier] { serve(queue, conditions, index: index, tables: tables) }
        }
    }

    private mutating func serve(_ queue: Int, _ conditions: Conditions, index: Int, tables: QueueTables) {
        let flow = conditions.flow
        let tier = states[queue].spec.tier
        let groups = states[queue].spec.groups
        let isOne = !flow.keepsGroups[tier]
        messages.removeAll(keepingCapacity: true)
        if isOne {
            messages.append(arriving[tier * groupCount])
        } else {
            for group in groups { messages.append(arriving[tier * groupCount + group]) }
            if groups.isEmpty { messages.append(.zero) }
        }
        let ability = conditions.abilities[queue][index]
        let table = tables.table(queue, servers: ability.servers)
        seconds[queue] = states[queue].serve(&messages, ability: ability, table: table)
        for edge in flow.outgoing[tier] {
            let apart = flow.keepsGroups[edge.to]
            for (place, group) in groups.enumerated() {
                arriving[edge.to * groupCount + (apart ? group : 0)] += messages[place] * edge.carries
            }
            if isOne { arriving[edge.to * groupCount] += messages[0] * edge.carries }
        }
    }

    /// Adds the second's trades, and those of them whose messages were late in some queue.
    func addTrades(
        _ conditions: Conditions, index: Int, factors: (values: [Float], stride: Int),
        to sums: inout (came: Double, affected: Double)
    ) {
        var late = [Double](repeating: 0, count: groupCount)
        var lateOfAll = 0.0
        for (queue, spec) in conditions.queues.enumerated() {
            if !spec.isSharded {
                lateOfAll = max(lateOfAll, seconds[queue].shareLate)
            } else {
                for group in spec.groups { late[group] = max(late[group], seconds[queue].shareLate) }
            }
        }
        for group in 0..<groupCount {
            let factor = Double(factors.values[group * factors.stride + index])
            let messages = conditions.demand.messages(index: index, group: group)
            let trades = messages[DemandClass.trade.position] * factor
            sums.came += trades
            sums.affected += trades * max(late[group], lateOfAll)
        }
    }
}
