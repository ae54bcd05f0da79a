import Exchange
import Replay
import Units

/// One history of a scenario, second by second.
struct Replication: Sendable {
    /// What happened in one second of one queue.
    struct Cell: Sendable {
        var utilisation = 0.0
        var backlog = 0.0
        var p50 = 0.0
        var p99 = 0.0
        var p999 = 0.0
        var rejected = 0.0
        var offered = 0.0
    }

    /// `[second][queue]`, flat, the warm-up left out.
    private(set) var cells: [Cell] = []
    /// For each queue the first second, counted from the start of the scenario, that breaks its objective.
    private(set) var firstBroken: [Int?]
    /// Seconds whose rolling five minutes break some objective.
    private(set) var brokenSeconds = 0
    /// The last second in which a queue's backlog takes longer than its objective; nil where none does.
    private(set) var lastLate: Int?
    /// Writes that are lost.
    private(set) var recordsLost = 0.0
    /// The share of trading affected, by second.
    private(set) var affected: [Double] = []

    private let queueCount: Int

    /// The windows in which objectives are judged.
    static let windowSeconds = 300

    init(
        _ conditions: Conditions, tables: [LatencyTable], factors: [Double], options: WhatIfOptions
    ) {
        queueCount = conditions.queues.count
        firstBroken = conditions.queues.map { _ in nil }
        var state = State(conditions, tables: tables, options: options)
        cells.reserveCapacity((conditions.count - Conditions.warmUpSeconds) * queueCount)
        for index in 0..<conditions.count {
            let row = state.advance(conditions, index: index, factor: factors[index])
            guard index >= Conditions.warmUpSeconds else { continue }
            cells.append(contentsOf: row)
            let second = index - Conditions.warmUpSeconds
            note(state, second: second, conditions)
        }
        for (queue, index) in conditions.failovers where index < conditions.count {
            let cell = cells[max(0, index - Conditions.warmUpSeconds) * queueCount + queue]
            recordsLost += cell.offered * options.replicationLagSeconds
        }
    }

    private mutating func note(_ state: State, second: Int, _ conditions: Conditions) {
        var isBroken = false
        var worst = 0.0
        for queue in conditions.queues.indices {
            if state.isBroken(queue) {
                isBroken = true
                if firstBroken[queue] == nil { firstBroken[queue] = second }
            }
            if state.lateness[queue] > conditions.queues[queue].objective.latencySeconds { lastLate = second }
            let weight =
                conditions.queues[queue].shard == nil
                ? 1
                : conditions.shares[queue][second + Conditions.warmUpSeconds][DemandClass.trade.position]
            worst = max(worst, state.shareLate[queue] * weight)
        }
        if isBroken { brokenSeconds += 1 }
        affected.append(worst)
    }

    /// A cell.
    func cell(second: Int, queue: Int) -> Cell { cells[second * queueCount + queue] }
}

/// What queues hold while the seconds go by.
private struct State {
    /// Messages that wait, by class.
    private var backlog: [SIMD4<Double>]
    /// Seconds until each queue's backlog is done.
    private(set) var lateness: [Double]
    /// The share of the second's messages that was late or given up.
    private(set) var shareLate: [Double]
    /// Offered and late messages of the last five minutes.
    private var windows: [RollingWindow]
    /// Messages offered in the last seconds, as many as a client waits.
    private var patience: [RollingSum]
    private let tables: [LatencyTable]

    init(_ conditions: Conditions, tables: [LatencyTable], options: WhatIfOptions) {
        self.tables = tables
        let count = conditions.queues.count
        backlog = [SIMD4<Double>](repeating: .zero, count: count)
        lateness = [Double](repeating: 0, count: count)
        shareLate = lateness
        windows = conditions.queues.map { RollingWindow(allowed: 1 - $0.objective.quantile) }
        let seconds = max(1, Int(min(options.timeoutSeconds, 86_400).rounded(.up)))
        patience = conditions.queues.map { _ in RollingSum(length: seconds) }
    }

    func isBroken(_ queue: Int) -> Bool { windows[queue].isBroken }

    /// Goes on by one second.
    mutating func advance(_ conditions: Conditions, index: Int, factor: Double) -> [Replication.Cell] {
        var cells = [Replication.Cell](repeating: Replication.Cell(), count: conditions.queues.count)
        let entering = conditions.entering[index] * factor
        var arriving = conditions.sources.map { $0 * entering }
        for tier in conditions.order {
            var leaving = SIMD4<Double>.zero
            for queue in conditions.queues.indices where conditions.queues[queue].tier == tier {
                let part =
                    conditions.queues[queue].shard == nil
                    ? arriving[tier] : arriving[tier] * conditions.shares[queue][index]
                leaving += serve(part, queue, conditions, index, &cells[queue])
            }
            for edge in conditions.edges where edge.from == tier {
                arriving[edge.to] += leaving * edge.carries
            }
        }
        return cells
    }

    /// Serves one queue for a second; gives what leaves it.
    private mutating func serve(
        _ arrivals: SIMD4<Double>, _ queue: Int, _ conditions: Conditions, _ index: Int,
        _ cell: inout Replication.Cell
    ) -> SIMD4<Double> {
        let spec = conditions.queues[queue]
        let capacity = conditions.capacities[queue][index]
        let before = (backlog[queue] * spec.work).sum()
        let work = (arrivals * spec.work).sum()
        let counted = arrivals.replacing(with: 0, where: spec.work .<= 0)
        let offered = counted.sum()
        let all = backlog[queue] + arrivals
        let total = before + work
        var leaving = all
        if total > capacity { leaving = all * (total > 0 ? capacity / total : 0) }
        var waiting = all - leaving
        // Messages that cost nothing here never wait.
        let free = waiting.replacing(with: 0, where: spec.work .> 0)
        leaving += free
        waiting -= free
        // Who has waited too long gives up: no more can wait than came in that time.
        let room = patience[queue].add(offered)
        let held = waiting.sum()
        var rejected = 0.0
        if held > room {
            rejected = held - room
            waiting *= room / held
        }
        backlog[queue] = waiting

        let after = (waiting * spec.work).sum()
        let speed = capacity > 0 ? capacity : spec.capacity
        let pause = conditions.pauses[queue][index]
        lateness[queue] = after / speed + pause
        let wait = pause + (before + after) / 2 / speed
        // A slower second is as one of slower servers: times stretch with them.
        let stretch = spec.capacity / speed
        let load = speed > 0 ? work / speed : 0
        let table = tables[queue]
        let limit = (spec.objective.latencySeconds - wait) / stretch
        let late = offered <= 0 ? 0 : limit <= 0 ? 1 : table.shareOver(limit, load: load)
        shareLate[queue] = offered > 0 ? min(1, max(late, rejected / offered)) : 0
        windows[queue].add(offered: offered, late: shareLate[queue] * offered)
        cell.utilisation = capacity > 0 ? work / capacity : work > 0 ? .infinity : 0
        cell.backlog = waiting.sum()
        if offered > 0 {
            cell.p50 = wait + stretch * table.quantile(0.5, load: load)
            cell.p99 = wait + stretch * table.quantile(0.99, load: load)
            cell.p999 = wait + stretch * table.quantile(0.999, load: load)
        }
        cell.rejected = rejected
        cell.offered = offered
        return leaving
    }
}

/// The sum of the last few values.
struct RollingSum {
    private var values: [Double]
    private var place = 0
    private var sum = 0.0

    init(length: Int) {
        values = [Double](repeating: 0, count: length)
    }

    /// Adds a value and gives the sum.
    mutating func add(_ value: Double) -> Double {
        sum += value - values[place]
        values[place] = value
        place += 1
        if place == values.count {
            place = 0
            // Rounding does not pile up over hours.
            sum = values.reduce(0, +)
        }
        return sum
    }
}

/// The share of late messages in the last five minutes.
struct RollingWindow {
    private var offered = RollingSum(length: Replication.windowSeconds)
    private var late = RollingSum(length: Replication.windowSeconds)
    private let allowed: Double
    private(set) var isBroken = false

    init(allowed: Double) {
        self.allowed = allowed
    }

    mutating func add(offered count: Double, late lateCount: Double) {
        let total = offered.add(count)
        let over = late.add(lateCount)
        isBroken = total > 0 && over > allowed * total * (1 + 1e-9)
    }
}
