/// How a history is gone through.
struct Watch {
    /// Whether it ends once all is well again.
    var endsWhenCalm = false
    /// Whether what clients see is judged; of a history without events nobody asks.
    var judgesHarm = true
    /// The queues after the warm-up, where they are known.
    var start: QueueNetwork?
}

/// One history of a scenario, and what it comes to.
struct Replication: Sendable {
    /// For each queue the first second, counted from the start of the scenario, that breaks its objective.
    private(set) var firstBroken: [Int?]
    /// Seconds whose rolling five minutes break some objective, in stretches.
    private(set) var broken: [Range<Int>] = []
    /// The last second that was simulated, where the history ended early because all was well; nil: it did not.
    private(set) var endedAt: Int?
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
    /// What clients see of it.
    private(set) var service: ServiceHarm

    init(
        _ conditions: Conditions, _ scenario: Scenario, tables: QueueTables, history: BurstHistory,
        options: WhatIfOptions, timeline: inout TimelineSums?, watch: Watch = Watch()
    ) {
        firstBroken = conditions.queues.map { _ in nil }
        latency = conditions.queues.map { _ in .zero }
        let start = Int(saturating: scenario.startSeconds)
        let end = max(Int(saturating: scenario.endSeconds.rounded(.up)), conditions.lastDisturbedSecond)
        highest = (0, start)
        service = ServiceHarm(conditions)
        var network = watch.start ?? QueueNetwork(conditions, options: options)
        var harm = TradeHarm(conditions)
        var service = ServiceHarm(conditions)
        let failovers = Dictionary(grouping: conditions.failovers, by: \.index)
        var calmSeconds = 0
        for index in (watch.start == nil ? 0 : Conditions.warmUpSeconds)..<conditions.count {
            // What was acknowledged in the second before the failure is what a standby may lack.
            for event in failovers[index] ?? [] {
                recordsLost += network.seconds[event.queue].served * options.replicationLagSeconds
            }
            network.advance(conditions, index: index, history: history, tables: tables)
            let second = index - Conditions.warmUpSeconds
            if second >= -1 { timeline?.minutes.add(network, second: second) }
            guard second >= 0 else { continue }
            let isLate = note(network, second: second)
            if timeline != nil {
                noteLatency(network, conditions, index: index, tables: tables)
                timeline?.add(network, latency, second: second)
            }
            guard second >= start else { continue }
            if watch.judgesHarm {
                let isOver = second > end && !isLate
                let hasRejected = harm.add(&network, isOver: isOver)
                service.add(network, isTroubled: isLate || hasRejected, isOver: isOver)
            }
            noteDrain(network, second: second, isLate: isLate)
            guard watch.endsWhenCalm else { continue }
            calmSeconds = second > end && !isLate && network.isCalm ? calmSeconds + 1 : 0
            if calmSeconds > network.restSeconds, network.isAtRest {
                endedAt = second
                break
            }
        }
        if watch.judgesHarm { shareTrades = harm.shares(conditions) }
        self.service = service
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
        if isBroken {
            if let last = broken.last, last.upperBound == second {
                broken[broken.count - 1] = last.lowerBound..<(second + 1)
            } else {
                broken.append(second..<(second + 1))
            }
        }
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
    var minutesOverObjective: Double { Double(broken.reduce(0) { $0 + $1.count }) / 60 }

    /// The queue that breaks first, with its second; the first of equals.
    var firstBreak: (queue: Int, second: Int)? {
        var best: (queue: Int, second: Int)?
        for (queue, second) in firstBroken.enumerated() {
            if let second, best.map({ second < $0.second }) ?? true { best = (queue, second) }
        }
        return best
    }
}

extension Replication {
    /// The history to its end, where it ended early: what follows is as in the same history without the events.
    ///
    /// Everything is at rest in a history that ended early, and has been for a window (`QueueNetwork.isAtRest`); and
    /// without the events there is never more. So both go on alike.
    func continued(by calm: Replication) -> Replication {
        guard let last = endedAt else { return self }
        var whole = self
        for queue in firstBroken.indices where firstBroken[queue] == nil {
            whole.firstBroken[queue] = calm.firstBroken[queue].flatMap { $0 > last ? $0 : nil }
        }
        for stretch in calm.broken where stretch.upperBound > last + 1 {
            whole.broken.append(max(stretch.lowerBound, last + 1)..<stretch.upperBound)
        }
        if calm.peakBacklog.messages > peakBacklog.messages { whole.peakBacklog = calm.peakBacklog }
        if calm.highest.backlog > highest.backlog {
            whole.highest = calm.highest
            whole.drainSeconds = calm.drainSeconds
        }
        return whole
    }

    /// Counts records that the events lose besides failovers.
    mutating func lose(_ records: Double) { recordsLost += records }

    /// Whether some objective is broken after a second.
    func isBroken(after second: Int) -> Bool { broken.last.map { $0.upperBound > second + 1 } ?? false }
}
