import Numerics
import Units

/// A queue simulated at several loads, with 95 % intervals from independent replications.
///
///     let rows = try QueueExperiment(arrivals: .poisson, service: .exponential, loads: [0.8]).rows(threads: 2)
///     rows[0].meanWaitSeconds.value   // near 4 mean service times
public struct QueueExperiment: Sendable {
    /// How customers arrive.
    public var arrivals: ArrivalProcess
    /// How they are served.
    public var service: ServiceProcess
    /// The mean service time in seconds.
    public var meanServiceSeconds: Double
    /// Servers behind one queue, 1 to `maximumServers`.
    public var servers: Int
    /// Offered work over capacity, one row each.
    public var loads: [Double]
    /// Customers counted in each replication, after the warm-up.
    public var customers: Int
    /// Independent replications; a single one is cut into twenty batches for its intervals.
    public var replications: Int
    /// Sojourn times above this are counted, in seconds.
    public var thresholdSeconds: Double
    /// The seed.
    public var seed: UInt64

    /// The largest pool that is simulated server by server.
    public static let maximumServers = 256

    /// An experiment; the defaults are those of the command.
    public init(
        arrivals: ArrivalProcess, service: ServiceProcess, meanServiceSeconds: Double = 5e-6,
        servers: Int = 1,
        loads: [Double], customers: Int = 500_000, replications: Int = 20,
        thresholdSeconds: Double = .infinity,
        seed: UInt64 = 1
    ) {
        self.arrivals = arrivals
        self.service = service
        self.meanServiceSeconds = meanServiceSeconds
        self.servers = servers
        self.loads = loads
        self.customers = customers
        self.replications = replications
        self.thresholdSeconds = thresholdSeconds
        self.seed = seed
    }

    /// What the queue does at one load. Loads of 1 and more have no steady state: their figures are NaN.
    public struct Row: Sendable {
        /// Offered work over capacity.
        public var load: Double
        /// Work done over capacity, as simulated.
        public var utilisation: Estimate
        /// Mean time before service, in seconds.
        public var meanWaitSeconds: Estimate
        /// Mean time until served, in seconds.
        public var meanSojournSeconds: Estimate
        /// Quantiles of the time until served, in seconds.
        public var p50Seconds: Estimate
        /// The 90 % quantile.
        public var p90Seconds: Estimate
        /// The 99 % quantile.
        public var p99Seconds: Estimate
        /// The 99.9 % quantile.
        public var p999Seconds: Estimate
        /// The share of customers over the threshold.
        public var shareOverThreshold: Estimate
    }

    /// One row a load, in the order given.
    public func rows(threads: Int) -> [Row] {
        var rows: [Row] = []
        // A Hawkes process has time scales of its own, so that its loads cannot share one stream.
        let width: Int
        if case .hawkes = arrivals { width = 1 } else { width = LaneQueue.lanes }
        for start in stride(from: 0, to: loads.count, by: width) {
            let part = Array(loads[start..<min(start + width, loads.count)])
            let stable = part.filter { $0 < 1 }
            let runs = stable.isEmpty ? [] : simulate(stable, threads: threads)
            var lane = 0
            for load in part {
                guard load < 1 else {
                    rows.append(.unstable(load))
                    continue
                }
                rows.append(row(load, runs.map { $0.lanes[lane] }))
                lane += 1
            }
        }
        return rows
    }

    /// The largest load at which no more than the share `1 - quantile` of customers exceeds the threshold.
    ///
    /// Sixteen loads side by side see the same customers; the crossing is bracketed, searched again inside the bracket
    /// and interpolated in each replication, whose spread gives the interval.
    ///
    /// - Returns: nil where the share is already larger at a load of 0.01, or still smaller at 0.98.
    public func saturation(quantile: Double, threads: Int) -> Estimate? {
        var lo = 0.01
        var hi = 0.98
        let allowed = 1 - quantile
        var crossings: [Double] = []
        for _ in 0..<3 {
            let grid = (0..<16).map { lo + (hi - lo) * Double($0) / 15 }
            let runs: [Run]
            if case .hawkes = arrivals {
                let single = grid.map { simulate([$0], threads: threads) }
                runs = single[0].indices.map { run in Run(lanes: single.map { $0[run].lanes[0] }) }
            } else {
                runs = simulate(grid, threads: threads)
            }
            let shares = grid.indices.map { lane in Summary.mean(runs.map { $0.lanes[lane].shareOver }) }
            guard shares[0] <= allowed, let above = shares.firstIndex(where: { $0 > allowed }) else {
                return nil
            }
            crossings = runs.map { run in crossing(grid, run.lanes.map(\.shareOver), allowed) }
            lo = max(0.01, grid[max(0, above - 2)])
            hi = min(0.98, grid[min(15, above + 1)])
        }
        return Summary.interval(ofReplications: crossings)
    }

    private func crossing(_ loads: [Double], _ shares: [Double], _ allowed: Double) -> Double {
        guard let above = shares.firstIndex(where: { $0 > allowed }) else { return loads[loads.count - 1] }
        guard above > 0 else { return loads[0] }
        let (a, b) = (shares[above - 1], shares[above])
        return loads[above - 1] + (loads[above] - loads[above - 1]) * (b > a ? (allowed - a) / (b - a) : 0)
    }

    /// What one replication, or one batch of the only one, gave for each load; times in mean service times.
    private struct Run: Sendable {
        struct Lane: Sendable {
            var utilisation: Double
            var wait: Double
            var sojourn: Double
            var quantiles: [Double]
            var shareOver: Double
        }
        var lanes: [Lane]
    }

    private func simulate(_ loads: [Double], threads: Int) -> [Run] {
        let batches = replications > 1 ? 1 : 20
        let each = max(1, customers / batches)
        return Parallel.map(max(1, replications), threads: threads) { replication in
            replicate(loads, stream: UInt64(replication), batches: batches, each: each)
        }.flatMap { $0 }
    }

    private func replicate(_ loads: [Double], stream: UInt64, batches: Int, each: Int) -> [Run] {
        let rate = (loads.max() ?? 0) * Double(servers) / meanServiceSeconds
        var customers = CustomerStream(arrivals, service, ratePerSecond: rate, seed: seed, stream: stream)
        var queue = LaneQueue(
            servers: servers, threshold: thresholdSeconds / meanServiceSeconds,
            gapScale: loads.map { 1 / ($0 * Double(servers)) })
        var left = warmUp(highest: loads.max() ?? 0)
        var gaps = [Float](repeating: 0, count: 4096)
        var services = gaps
        var marks = gaps
        func serve(_ count: Int) -> (gaps: Double, services: Double) {
            if gaps.count != count {
                gaps = [Float](repeating: 0, count: count)
                services = gaps
                marks = gaps
            }
            customers.fill(&gaps, &services)
            queue.serve(gaps: gaps, services: services, marks: marks)
            return (gaps.reduce(0) { $0 + Double($1) }, services.reduce(0) { $0 + Double($1) })
        }
        while left > 0 {
            _ = serve(min(left, 4096))
            left -= min(left, 4096)
        }
        return (0..<batches).map { _ in
            queue.forgetCounts()
            var sums = (gaps: 0.0, services: 0.0)
            var left = each
            while left > 0 {
                let served = serve(min(left, 4096))
                sums.gaps += served.gaps
                sums.services += served.services
                left -= min(left, 4096)
            }
            return run(queue, loads, each, sums)
        }
    }

    private func run(
        _ queue: LaneQueue, _ loads: [Double], _ count: Int, _ sums: (gaps: Double, services: Double)
    )
        -> Run
    {
        Run(
            lanes: loads.indices.map { lane in
                let wait = queue.waitSums[lane] / Double(count)
                return Run.Lane(
                    utilisation: min(1, loads[lane] * sums.services / sums.gaps), wait: wait,
                    sojourn: wait + sums.services / Double(count),
                    quantiles: [0.5, 0.9, 0.99, 0.999].map { queue.quantile($0, lane: lane) },
                    shareOver: Double(queue.over[lane]) / Double(count))
            })
    }

    /// Customers served before counting begins: 16 relaxation times of the queue at its highest load. A queue forgets
    /// its start within about 2(1 + c²)/(1 − ρ)² service times (Kleinrock 1976, with the variability of the service);
    /// clustered arrivals stretch that by their index of dispersion.
    func warmUp(highest load: Double) -> Int {
        let variation = service.coefficientOfVariation
        var dispersion = 1.0
        if case .hawkes(let ratio, _) = arrivals { dispersion = 1 / ((1 - ratio) * (1 - ratio)) }
        if case .measured = arrivals { dispersion = 10 }
        let idle = max(1e-3, 1 - load)
        return Int(min(2e7, 16 * (1 + variation * variation) * dispersion / (idle * idle))) + 1000
    }

    private func row(_ load: Double, _ lanes: [Run.Lane]) -> Row {
        func estimate(_ value: (Run.Lane) -> Double) -> Estimate {
            let interval = Summary.interval(ofReplications: lanes.map(value))
            return Estimate(interval.value, lo: max(0, interval.lo), hi: interval.hi)
        }
        let seconds = meanServiceSeconds
        return Row(
            load: load, utilisation: estimate(\.utilisation),
            meanWaitSeconds: estimate(\.wait).scaled(by: seconds),
            meanSojournSeconds: estimate(\.sojourn).scaled(by: seconds),
            p50Seconds: estimate { $0.quantiles[0] }.scaled(by: seconds),
            p90Seconds: estimate { $0.quantiles[1] }.scaled(by: seconds),
            p99Seconds: estimate { $0.quantiles[2] }.scaled(by: seconds),
            p999Seconds: estimate { $0.quantiles[3] }.scaled(by: seconds),
            shareOverThreshold: estimate(\.shareOver))
    }
}

extension QueueExperiment.Row {
    fileprivate static func unstable(_ load: Double) -> QueueExperiment.Row {
        let none = Estimate(exactly: .nan)
        return QueueExperiment.Row(
            load: load, utilisation: Estimate(exactly: 1), meanWaitSeconds: none, meanSojournSeconds: none,
            p50Seconds: none, p90Seconds: none, p99Seconds: none, p999Seconds: none, shareOverThreshold: none)
    }
}
