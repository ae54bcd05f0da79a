import Exchange
import Foundation
import Numerics
import Replay

/// How long messages take in one queue within a second, by the second's load.
///
/// Arrivals bunch as the queue's own do below half a second; what is slower moves the load from second to second and is
/// not in here. Through minutes of drawn bursts unfinished work follows Lindley's recursion (1952), all loads
/// side by side. Where work piles up, a message waits for it; where none does, it waits as in M/G/c at the load of the
/// moment: with Erlang's probability, exponentially, with Allen and Cunneen's mean (1978), but no longer than a random
/// walk could build up while the burst lasts. Service is lognormal. Without bursts and with exponential service this is
/// M/M/c. Work starts from nothing every ten seconds, since no load near capacity lasts.
final class LatencyTable: Sendable {
    /// The loads, over capacity, that are worked out; beyond them the first and the last hold.
    static let loads: [Double] = [
        0.005, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.87, 0.92, 0.96, 0.98,
    ]
    private static let gridCount = 192

    private let firstSeconds: Double
    private let logStep: Double
    /// The share that takes longer, `[load][time]`, flat.
    private let survival: [Double]
    /// The logarithms of the quantiles in `Level`, `[load][level]`, flat.
    private let logQuantiles: [Double]

    /// What a table depends on.
    struct Key: Hashable, Sendable {
        /// Servers that share the work.
        var servers: Int
        /// The mean service time of one server.
        var meanSeconds: Double
        /// Its standard deviation over its mean.
        var variation: Double
        /// Scale and variance of each factor that is faster than half a second.
        var bursts: [SIMD2<Double>]
        /// Pauses of all servers; nil: none.
        var pause: QueueRules.Pause?
        /// Whether each server has a queue of its own, and messages go to any.
        var isSeparate = false
        /// What is peculiar to people who answer; nil: servers are machines.
        var staff: Staff?

        init(
            servers: Int, meanSeconds: Double, variation: Double, bursts: BurstModel,
            rules: QueueRules = QueueRules()
        ) {
            pause = rules.pause
            // Balancers that look at the queues come close to one queue for all.
            isSeparate = rules.balancer == .random || rules.balancer == .roundRobin
            self.servers = servers
            self.meanSeconds = meanSeconds
            self.variation = variation
            self.bursts = bursts.components.map { SIMD2($0.timeScaleSeconds, $0.variance) }
        }
    }

    /// Customers of people who answer: times are those until they are answered, and those who hang up never are.
    struct Staff: Hashable, Sendable {
        /// nil: nobody hangs up.
        var patienceSeconds: Double?
    }

    /// A quantile that is kept.
    enum Level: Int, CaseIterable {
        case p50
        case p99
        case p999

        var share: Double {
            switch self {
            case .p50: 0.5
            case .p99: 0.99
            case .p999: 0.999
            }
        }
    }

    convenience init(_ key: Key, weights: WaitWeights) {
        let mean = max(key.meanSeconds, 1e-9)
        let service = ServiceTail(meanSeconds: mean, variation: key.variation)
        self.init(times: mean / 20...max(100, 1000 * mean)) { times in
            var sojourn = SojournTail(key: key, service: service, times: times, weights: weights)
            return LatencyTable.loads.indices.map { load in
                let row = sojourn.row(load: load)
                return key.pause.map {
                    PauseTail($0, load: LatencyTable.loads[load]).row(row, times: times)
                } ?? row
            }
        }
    }

    /// A table of people who answer, by Erlang-A at each load: what takes longer is not answered by then.
    convenience init(_ key: Key, staff: Staff) {
        let mean = max(key.meanSeconds, 1e-9)
        self.init(times: mean / 10_000...1000 * mean) { times in
            LatencyTable.loads.map { load in
                let state = ErlangA(
                    servers: key.servers, ratePerSecond: load * Double(key.servers) / mean,
                    meanSeconds: mean, patienceSeconds: staff.patienceSeconds)
                return times.map { 1 - state.shareAnswered(within: $0) }
            }
        }
    }

    /// A table of the shares that take longer than times, which are as many in equal steps of their logarithm, by load.
    private init(times range: ClosedRange<Double>, rows: ([Double]) -> [[Double]]) {
        firstSeconds = range.lowerBound
        logStep = log(range.upperBound / range.lowerBound) / Double(LatencyTable.gridCount - 1)
        let first = firstSeconds
        let step = logStep
        let times = (0..<LatencyTable.gridCount).map { first * exp(step * Double($0)) }
        var survival: [Double] = []
        var logQuantiles: [Double] = []
        for var row in rows(times) {
            // Rounding aside, no longer time is exceeded more often.
            for place in row.indices.dropFirst() { row[place] = min(row[place], row[place - 1]) }
            survival += row
            for level in Level.allCases {
                logQuantiles.append(
                    log(LatencyTable.quantile(level.share, row: row, first: first, logStep: step)))
            }
        }
        self.survival = survival
        self.logQuantiles = logQuantiles
    }

    private static func quantile(
        _ share: Double, row: [Double], first firstSeconds: Double, logStep: Double
    ) -> Double {
        guard let above = row.firstIndex(where: { $0 <= 1 - share }), above > 0 else {
            return row.first.map { $0 <= 1 - share } ?? true
                ? firstSeconds : firstSeconds * exp(logStep * Double(row.count - 1))
        }
        let part = (row[above - 1] - (1 - share)) / max(row[above - 1] - row[above], 1e-300)
        return firstSeconds * exp(logStep * (Double(above - 1) + part))
    }

    /// The quantiles of waiting and service at a load, in seconds, by `Level`.
    func quantiles(load: Double) -> SIMD3<Double> {
        let (below, above, part) = LatencyTable.bracket(load)
        var seconds = SIMD3<Double>.zero
        for level in Level.allCases {
            let one = logQuantiles[below * Level.allCases.count + level.rawValue]
            let other = logQuantiles[above * Level.allCases.count + level.rawValue]
            seconds[level.rawValue] = exp(one + part * (other - one))
        }
        return seconds
    }

    /// The share of messages that take longer than so many seconds at a load.
    func shareOver(_ limit: Double, load: Double) -> Double { shareOver(place: place(of: limit), load: load) }

    /// The place of a time in the table's steps; below 0 where it is less than all of them. The same in the tables of a
    /// queue with other servers.
    func place(of seconds: Double) -> Double {
        seconds > firstSeconds ? log(seconds / firstSeconds) / logStep : -1
    }

    /// The share of messages that take longer than the time of a place at a load.
    func shareOver(place: Double, load: Double) -> Double {
        guard place >= 0 else { return 1 }
        guard place < Double(LatencyTable.gridCount - 1) else { return 0 }
        let index = Int(saturating: place)
        let between = place - Double(index)
        let (below, above, part) = LatencyTable.bracket(load)
        func at(_ load: Int) -> Double {
            let low = survival[load * LatencyTable.gridCount + index]
            return low + between * (survival[load * LatencyTable.gridCount + index + 1] - low)
        }
        let one = at(below)
        return one + part * (at(above) - one)
    }

    /// The two loads around one, and how far it is from the lower to the upper.
    private static func bracket(_ load: Double) -> (below: Int, above: Int, part: Double) {
        guard let above = loads.firstIndex(where: { $0 >= load }) else {
            return (loads.count - 1, loads.count - 1, 0)
        }
        guard above > 0 else { return (0, 0, 0) }
        return (above - 1, above, (load - loads[above - 1]) / (loads[above] - loads[above - 1]))
    }
}
