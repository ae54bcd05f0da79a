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
    /// Seconds from the largest backlog of all queues together until none is late; nil where that does not happen.
    private(set) var drainSeconds: Double?
    private var highest = (backlog: 0.0, second: 0)
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
        let start = Int(saturating: scenario.startSeconds)
        let end = Int(saturating: scenario.endSeconds.rounded(.up))
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
            noteDrain(network, second: second, isLate: isLate)
        }
    }

    private mutating func noteDrain(_ network: QueueNetwork, second: Int, isLate: Bool) {
        let backlog = network.seconds.reduce(0) { $0 + $1.backlog }
        if backlog > highest.backlog {
            highest = (backlog, second)
            drainSeconds = nil
        }
        if drainSeconds == nil, !isLate { drainSeconds = Double(second - highest.second) }
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
