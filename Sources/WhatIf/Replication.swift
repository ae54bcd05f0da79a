import Exchange

/// One history of a scenario, and what it comes to.
struct Replication: Sendable {
    /// For each queue the first second, counted from the start of the scenario, that breaks its objective.
    private(set) var firstBroken: [Int?]
    /// Seconds whose rolling five minutes break some objective.
    private(set) var brokenSeconds = 0
    /// The most messages that wait in one queue.
    private(set) var peakBacklog = 0.0
    /// The largest 99 % quantile of a second's messages in any queue, in seconds; with a timeline only.
    private(set) var p99MaxSeconds = 0.0
    /// Seconds from the end of the last disturbance until no queue is late; nil where that does not happen.
    private(set) var drainSeconds: Double?
    /// Writes that are lost.
    private(set) var recordsLost = 0.0
    /// From the first disturbance on, messages offered to and lost by each queue; those sent again count once.
    private var offered: [Double]
    private var rejected: [Double]
    /// Trades that came and those that were affected, up to the last second that was late.
    private var trades = (came: 0.0, affected: 0.0)

    init(
        _ conditions: Conditions, _ scenario: Scenario, tables: QueueTables,
        factors: (values: [Float], stride: Int),
        options: WhatIfOptions, timeline: inout TimelineSums?
    ) {
        let queues = conditions.queues
        firstBroken = queues.map { _ in nil }
        offered = queues.map { _ in 0 }
        rejected = offered
        var network = QueueNetwork(conditions, options: options)
        var sums = (came: 0.0, affected: 0.0)
        let start = Int(scenario.startSeconds)
        let end = Int(scenario.endSeconds.rounded(.up))
        let failovers = Dictionary(grouping: conditions.failovers, by: \.index)
        for index in 0..<conditions.count {
            network.advance(conditions, index: index, factors: factors, tables: tables)
            let second = index - Conditions.warmUpSeconds
            guard second >= 0 else { continue }
            let isLate = note(network, second: second, start: start)
            timeline?.add(network, second: second, conditions, tables: tables)
            for event in failovers[index] ?? [] {
                recordsLost += network.seconds[event.queue].offered * options.replicationLagSeconds
            }
            if timeline != nil { noteP99(network, conditions, index: index, tables: tables) }
            guard second >= start else { continue }
            network.addTrades(conditions, index: index, factors: factors, to: &sums)
            if second <= end || isLate { trades = sums }
            if second >= end, !isLate, drainSeconds == nil {
                drainSeconds = max(0, Double(second) - scenario.endSeconds)
            }
        }
    }

    /// Writes a second down; says whether a queue is late at its end.
    private mutating func note(_ network: QueueNetwork, second: Int, start: Int) -> Bool {
        var isBroken = false
        var isLate = false
        for queue in network.states.indices {
            let done = network.seconds[queue]
            if network.states[queue].isBroken {
                isBroken = true
                if firstBroken[queue] == nil { firstBroken[queue] = second }
            }
            if done.isLate { isLate = true }
            peakBacklog = max(peakBacklog, done.backlog)
            if second >= start {
                offered[queue] += done.fresh
                rejected[queue] += done.rejected
            }
        }
        if isBroken { brokenSeconds += 1 }
        return isLate
    }

    private mutating func noteP99(
        _ network: QueueNetwork, _ conditions: Conditions, index: Int, tables: QueueTables
    ) {
        for queue in network.seconds.indices where network.seconds[queue].offered > 0 {
            let ability = conditions.abilities[queue][index]
            let table = tables.table(queue, servers: ability.servers)
            let own = Double(ability.stretch) * table.quantile(.p99, load: network.seconds[queue].load)
            p99MaxSeconds = max(p99MaxSeconds, network.seconds[queue].wait + own)
        }
    }

    /// The queue that breaks first, with its second; the first of equals.
    var firstBreak: (queue: Int, second: Int)? {
        var best: (queue: Int, second: Int)?
        for (queue, second) in firstBroken.enumerated() {
            if let second, best.map({ second < $0.second }) ?? true { best = (queue, second) }
        }
        return best
    }

    /// Messages given up over messages offered, of the queue that gives up most.
    var shareRejected: Double {
        zip(rejected, offered).reduce(0) { $1.1 > 0 ? max($0, $1.0 / $1.1) : $0 }
    }

    /// The share of trades that came with late or given up messages, from the first disturbance until all is well.
    var shareTradesAffected: Double { trades.came > 0 ? trades.affected / trades.came : 0 }
}

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

/// The latency table of each queue, by the servers that are left.
struct QueueTables: Sendable {
    private let tables: [[Int32: LatencyTable]]
    private let whole: [LatencyTable]

    init(_ conditions: Conditions, options: WhatIfOptions) {
        var whole: [LatencyTable] = []
        tables = conditions.queues.indices.map { queue in
            var key = conditions.queues[queue].latency
            if !options.hasBursts { key.bursts = [] }
            whole.append(options.tables.table(key, seed: options.seed))
            var known: [Int32: LatencyTable] = [:]
            for servers in Set(conditions.abilities[queue].map(\.servers)) {
                key.servers = max(1, Int(servers))
                known[servers] = options.tables.table(key, seed: options.seed)
            }
            return known
        }
        self.whole = whole
    }

    func table(_ queue: Int, servers: Int32) -> LatencyTable {
        tables[queue][servers] ?? whole[queue]
    }
}
