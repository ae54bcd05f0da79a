import Exchange
import Glibc
import Numerics
import Replay

/// How long messages take in one queue within a second, by the second's load: simulated message by message.
///
/// Arrivals bunch as the queue's own do below half a second; what is slower moves the load from second to second and is
/// not in here. Each load is one run of a first come, first served queue (Kiefer and Wolfowitz 1955).
struct LatencyTable: Sendable {
    /// The loads, over capacity, that are simulated.
    static let loads = [0.005, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.87, 0.92, 0.96, 0.98]
    /// The quantiles that are kept of each.
    static let levels: [Double] =
        (0..<20).map { Double($0) * 0.05 } + [
            0.96, 0.97, 0.98, 0.985, 0.99, 0.993, 0.996, 0.998, 0.999, 0.9995, 1,
        ]
    /// More servers than this behave as so many faster ones.
    static let serversMax = 64
    private static let customers = 30_000
    private static let warmUp = 3000

    /// Quantiles of waiting and service in seconds, `[load][level]`.
    private let seconds: [[Double]]

    /// What a table depends on.
    struct Key: Hashable, Sendable {
        /// Servers of mean work `meanSeconds` each.
        var servers: Int
        var meanSeconds: Double
        var serviceVariance: Double
        /// Scale and variance of each factor that is faster than half a second.
        var bursts: [SIMD2<Double>]
    }

    init(_ key: Key, seed: UInt64) {
        let servers = min(key.servers, LatencyTable.serversMax)
        // A pool that is too large to simulate: as many of its servers, at a share of its load.
        let model = BurstModel(
            components: key.bursts.map { BurstModel.Component(timeScaleSeconds: $0.x, variance: $0.y) })
        seconds = LatencyTable.loads.map { load in
            LatencyTable.run(
                key, servers: servers, rate: load * Double(servers) / key.meanSeconds, model: model,
                seed: seed)
        }
    }

    private static func run(
        _ key: Key, servers: Int, rate: Double, model: BurstModel, seed: UInt64
    ) -> [Double] {
        let gaps = model.gaps(count: customers + warmUp, ratePerSecond: rate, seed: seed)
        var random = Random(seed: seed, stream: 77)
        var work = [Double](repeating: 0, count: servers)
        var taken: [Double] = []
        taken.reserveCapacity(customers)
        let variation = key.serviceVariance.squareRoot()
        for (index, gap) in gaps.enumerated() {
            for server in work.indices { work[server] = max(0, work[server] - gap) }
            let service =
                variation > 0
                ? key.meanSeconds * random.lognormal(coefficientOfVariation: variation) : key.meanSeconds
            let wait = work[0]
            if index >= warmUp { taken.append(wait + service) }
            // The server with the least work takes the message and moves up among the others.
            let loaded = wait + service
            var place = 0
            while place + 1 < servers, work[place + 1] < loaded {
                work[place] = work[place + 1]
                place += 1
            }
            work[place] = loaded
        }
        taken.sort()
        return levels.map { Summary.quantile(sorted: taken, $0) }
    }

    /// The two loads around one, and how far it is from the lower to the upper.
    private static func bracket(_ load: Double) -> (below: Int, above: Int, part: Double) {
        guard let above = loads.firstIndex(where: { $0 >= load }) else {
            return (loads.count - 1, loads.count - 1, 0)
        }
        guard above > 0 else { return (0, 0, 0) }
        return (above - 1, above, (load - loads[above - 1]) / (loads[above] - loads[above - 1]))
    }

    /// A quantile of waiting and service at a load.
    func quantile(_ level: Double, load: Double) -> Double {
        let (below, above, part) = LatencyTable.bracket(load)
        func at(_ row: [Double]) -> Double {
            guard let upper = LatencyTable.levels.firstIndex(where: { $0 >= level }), upper > 0 else {
                return row[0]
            }
            let (low, high) = (LatencyTable.levels[upper - 1], LatencyTable.levels[upper])
            return row[upper - 1] + (level - low) / (high - low) * (row[upper] - row[upper - 1])
        }
        let (one, other) = (at(seconds[below]), at(seconds[above]))
        return one + part * (other - one)
    }

    /// The share of messages that take longer than so many seconds at a load.
    func shareOver(_ limit: Double, load: Double) -> Double {
        let (below, above, part) = LatencyTable.bracket(load)
        func at(_ row: [Double]) -> Double {
            guard let upper = row.firstIndex(where: { $0 > limit }) else { return 0 }
            guard upper > 0 else { return 1 }
            let levels = LatencyTable.levels
            let share = (limit - row[upper - 1]) / (row[upper] - row[upper - 1])
            return 1 - (levels[upper - 1] + share * (levels[upper] - levels[upper - 1]))
        }
        let (one, other) = (at(seconds[below]), at(seconds[above]))
        return one + part * (other - one)
    }
}
