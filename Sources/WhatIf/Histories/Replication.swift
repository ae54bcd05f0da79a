/// One history of a scenario, and what it comes to.
struct Replication: Sendable {
    /// For each queue the first second, counted from the start of the scenario, that breaks its objective.
    private(set) var firstBroken: [Int?]
    /// Seconds whose rolling five minutes break some objective.
    private(set) var brokenSeconds = 0
    /// The most messages that wait in one queue, and in which.
    private(set) var peakBacklog = (messages: 0.0, queue: 0)
    /// The largest 99 % quantile of a second's messages in any queue, in seconds, and in which; with a timeline only.
    private(set) var p99Max = (seconds: 0.0, queue: 0)
    /// Seconds from the largest backlog of all queues together until none is late; nil where that does not happen.
    private(set) var drainSeconds: Double?
    /// The quantiles of each queue, by `LatencyTable.Level`, in the last second in which something came.
    private var latency: [SIMD3<Double>]
    private var highest: (backlog: Double, second: Int)
    /// Writes that are lost.
    private(set) var recordsLost = 0.0
    /// The share of trades whose messages were given up, and that of trades whose messages were late or given up: both of
    /// the trades that came from the first disturbance until all is well.
    private(set) var shareTrades = (rejected: 0.0, affected: 0.0)

    init(
        _ conditions: Conditions, _ scenario: Scenario, tables: QueueTables, history: BurstHistory,
        options: WhatIfOptions, timeline: inout TimelineSums?
    ) {
        firstBroken = conditions.queues.map { _ in nil }
        latency = conditions.queues.map { _ in .zero }
        let start = Int(saturating: scenario.startSeconds)
        let end = Int(saturating: scenario.endSeconds.rounded(.up))
        highest = (0, start)
        var network = QueueNetwork(conditions, options: options)
        var harm = TradeHarm(conditions)
        let failovers = Dictionary(grouping: conditions.failovers, by: \.index)
        for index in 0..<conditions.count {
            network.advance(conditions, index: index, history: history, tables: tables)
            let second = index - Conditions.warmUpSeconds
            guard second >= 0 else { continue }
            let isLate = note(network, second: second)
            if timeline != nil {
                noteLatency(network, conditions, index: index, tables: tables)
                timeline?.add(network, latency, second: second)
            }
            for event in failovers[index] ?? [] {
                recordsLost += network.seconds[event.queue].offered * options.replicationLagSeconds
            }
            guard second >= start else { continue }
            harm.add(&network, conditions, index: index, history: history, isOver: second > end && !isLate)
            noteDrain(network, second: second, isLate: isLate)
        }
        shareTrades = harm.shares(conditions)
        latency = []
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
    private mutating func note(_ network: QueueNetwork, second: Int) -> Bool {
        var isBroken = false
        var isLate = false
        for queue in network.states.indices {
            let done = network.seconds[queue]
            if network.states[queue].isBroken {
                isBroken = true
                if firstBroken[queue] == nil { firstBroken[queue] = second }
            }
            if done.isLate { isLate = true }
            if done.backlog > peakBacklog.messages { peakBacklog = (done.backlog, queue) }
        }
        if isBroken { brokenSeconds += 1 }
        return isLate
    }

    private mutating func noteLatency(
        _ network: QueueNetwork, _ conditions: Conditions, index: Int, tables: QueueTables
    ) {
        for queue in network.seconds.indices where network.seconds[queue].offered > 0 {
            latency[queue] = network.quantiles(queue, conditions, index: index, tables: tables)
            let p99 = latency[queue][LatencyTable.Level.p99.rawValue]
            if p99 > p99Max.seconds { p99Max = (p99, queue) }
        }
    }

    /// Minutes whose rolling five minutes break some objective.
    var minutesOverObjective: Double { Double(brokenSeconds) / 60 }

    /// The queue that breaks first, with its second; the first of equals.
    var firstBreak: (queue: Int, second: Int)? {
        var best: (queue: Int, second: Int)?
        for (queue, second) in firstBroken.enumerated() {
            if let second, best.map({ second < $0.second }) ?? true { best = (queue, second) }
        }
        return best
    }
}
