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
    /// Customers counted in each replication, after the warm-up, at least: where percentiles are kept, as many as make
    /// the 99.9 % quantile's interval hold what it says are counted, up to `addedCustomersMax`.
    public var customers: Int
    /// Replications, at least: sixteen run side by side at the cost of one, so that there are as many as the next
    /// multiple of sixteen.
    public var replications: Int
    /// Sojourn times above this are counted, in seconds.
    public var thresholdSeconds: Double
    public var seed: UInt64
    /// Whether percentiles are wanted: histograms take as long as all else.
    public var keepsPercentiles = true
    /// The most customers of all replications together up to which more are counted than asked for, for the sake of
    /// percentiles. Where that is too few, `Row.trustedQuantile` says so. Chosen, not measured: some seconds of work.
    public var addedCustomersMax = 4e7

    /// The largest pool that is simulated server by server.
    public static let maximumServers = 1024

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
        /// The highest of the four quantiles above which, as above all lower ones, enough independent excursions were
        /// counted for the interval to be that of the replications (`Excursions`); nil: none. A higher quantile may be
        /// too low, and its interval rests on the law of heavy traffic and of the service's tail.
        public var trustedQuantile: Double?
        /// Independent excursions above the 99.9 % quantile that the customers are expected to have brought.
        public var expectedExcursions: Double
    }

    /// The quantiles of a row.
    public static let levels = [0.5, 0.9, 0.99, 0.999]
    /// Excursions above a quantile from which its interval can be trusted.
    public static let trustedExcursions = Excursions.trustedMin

    /// One row a load, in the order given. All loads see the same random numbers.
    public func rows(threads: Int) -> [Row] {
        let stable = loads.filter { $0 < 1 }
        var results = simulate(stable, threads: threads)[...]
        return loads.map { load in
            load < 1 ? row(load, results.removeFirst()) : .unstable(load)
        }
    }
}

extension QueueExperiment {
    /// What the lanes of all groups saw at one load; times in mean service times.
    struct Result: Sendable {
        var waits: [Double] = []
        var shareOver: [Double] = []
        var utilisation: [Double] = []
        var histograms: [TimeHistogram] = []
    }

    /// Simulates stable loads; the result does not depend on the threads.
    func simulate(_ loads: [Double], threads: Int) -> [Result] {
        let groups = (max(1, replications) + LaneStream.lanes - 1) / LaneStream.lanes
        // Several loads may use random numbers while they are at hand, where enough work is left for all threads. A
        // Hawkes process has time scales of its own, so that each load has its own stream.
        var width = min(4, max(1, loads.count * groups / max(1, threads)))
        if case .hawkes = arrivals { width = 1 }
        let sharing = width
        let chunks = stride(from: 0, to: loads.count, by: sharing).map {
            Array(loads[$0..<min($0 + sharing, loads.count)])
        }
        let parts = Parallel.map(chunks.count * groups, threads: threads) { index in
            simulate(chunks[index / groups], group: index % groups, groups: groups)
        }
        return loads.indices.map { place in
            let start = place / sharing * groups
            var result = Result()
            for part in parts[start..<start + groups].map({ $0[place % sharing] }) {
                result.waits += part.waits
                result.shareOver += part.shareOver
                result.utilisation += part.utilisation
                result.histograms += part.histograms
            }
            return result
        }
    }

    /// Simulates some loads with the same customers in one group of lanes. Each load counts after a warm-up of its own,
    /// a whole number of blocks, so that what it sees does not depend on the others.
    private func simulate(_ loads: [Double], group: Int, groups: Int) -> [Result] {
        let capacity = Double(servers) / meanServiceSeconds
        var stream = LaneStream(
            arrivals, service, ratePerSecond: loads[0] * capacity, seed: seed, group: group, level: .best)
        var runs = loads.map { load in
            LoadRun(
                load: load, warmUpBlocks: warmUp(load: load) / LaneStream.block + 1,
                customers: customersPerLane(load: load, lanes: groups * LaneStream.lanes),
                queue: LaneQueue(
                    servers: servers, gapScale: 1 / (load * Double(servers)),
                    threshold: thresholdSeconds / meanServiceSeconds, keepsHistograms: keepsPercentiles,
                    countsWaits: service == .deterministic, level: .best))
        }
        var block = 0
        while runs.contains(where: { $0.left > 0 }) {
            stream.advance()
            for index in runs.indices { runs[index].serve(stream, block: block) }
            block += 1
        }
        return runs.map { $0.result() }
    }

    /// Customers that each lane counts: those asked for, or as many as are expected to bring enough independent excursions
    /// beyond the 99.9 % quantile in all lanes together, up to `addedCustomersMax` of all lanes.
    func customersPerLane(load: Double, lanes: Int) -> Int {
        guard keepsPercentiles else { return max(1, customers) }
        let needed = excursions(load: load).customersNeeded(share: 1 - QueueExperiment.levels[3])
        return max(1, customers, Int(saturating: min(needed, addedCustomersMax) / Double(lanes)))
    }

    /// The dispersion that is assumed of measured arrivals. Chosen, not measured.
    private static let measuredDispersion = 10.0
    /// The least idle share, so that a relaxation time is finite.
    static let idleShareMin = 1e-3
    /// Relaxation times before counting begins, and the most customers in them. Chosen, not measured.
    private static let warmUpRelaxations = 16.0
    private static let warmUpMax = 2e7

    /// The index of dispersion of clustered arrivals.
    private var dispersion: Double {
        switch arrivals {
        case .hawkes(let ratio, _): 1 / ((1 - ratio) * (1 - ratio))
        case .measured: QueueExperiment.measuredDispersion
        case .poisson, .deterministic: 1
        }
    }

    /// The excursions of the queue at a load.
    func excursions(load: Double) -> Excursions {
        Excursions(service: service, dispersion: dispersion, load: load, servers: servers)
    }

    /// In how many customers a queue forgets: (1 + c²)/(1 − ρ)² (Kleinrock 1976, with the variability of the service),
    /// stretched by the index of dispersion of clustered arrivals.
    private func relaxation(load: Double) -> Double {
        let variation = service.coefficientOfVariation
        let idle = max(QueueExperiment.idleShareMin, 1 - load)
        return (1 + variation * variation) * dispersion / (idle * idle)
    }

    /// Customers served before counting begins: 16 relaxation times. Clustered arrivals have to forget their own start
    /// too, and a large pool fills.
    func warmUp(load: Double) -> Int {
        var memory = 0.0
        if case .hawkes(let ratio, let decaySeconds) = arrivals {
            memory = 10 * decaySeconds / (1 - ratio) * load * Double(servers) / meanServiceSeconds
        }
        let relaxations = QueueExperiment.warmUpRelaxations * relaxation(load: load)
        return Int(saturating: min(QueueExperiment.warmUpMax, relaxations + memory)) + 1000 + 20 * servers
    }

    private func row(_ load: Double, _ result: Result) -> Row {
        let seconds = meanServiceSeconds
        func estimate(_ values: [Double]) -> Estimate {
            let interval = Summary.interval(ofReplications: values)
            return Estimate(interval.value, lo: max(0, interval.lo), hi: interval.hi)
        }
        let wait = estimate(result.waits)
        // The mean service time is known, and adds nothing to the uncertainty.
        let sojourn = Estimate(wait.value + 1, lo: wait.lo + 1, hi: wait.hi + 1)
        let excursions = excursions(load: load)
        let quantiles = QuantileEstimator(result.histograms, excursions)
        let customers = result.histograms.reduce(0) { $0 + $1.total }
        let over = excursions.widened(
            estimate(result.shareOver), above: thresholdSeconds / seconds, customers: customers)
        let shift = service == .deterministic ? 1.0 : 0
        func quantile(_ level: Double) -> Estimate {
            let found = quantiles.quantile(level)
            return Estimate(found.value + shift, lo: found.lo + shift, hi: found.hi + shift).scaled(
                by: seconds)
        }
        return Row(
            load: load, utilisation: estimate(result.utilisation),
            meanWaitSeconds: wait.scaled(by: seconds), meanSojournSeconds: sojourn.scaled(by: seconds),
            p50Seconds: quantile(0.5), p90Seconds: quantile(0.9), p99Seconds: quantile(0.99),
            p999Seconds: quantile(0.999), shareOverThreshold: over,
            trustedQuantile: quantiles.trusted(of: QueueExperiment.levels),
            expectedExcursions: quantiles.expectedExcursions(QueueExperiment.levels[3]))
    }
}

/// One load of a group of replications while it is simulated.
private struct LoadRun {
    let load: Double
    let warmUpBlocks: Int
    /// Customers that are counted, and those of them that are still to come.
    let customers: Int
    private(set) var left: Int
    private var queue: LaneQueue
    private var gapSums = SIMD16<Double>.zero
    private var serviceSums = SIMD16<Double>.zero

    init(load: Double, warmUpBlocks: Int, customers: Int, queue: LaneQueue) {
        self.load = load
        self.warmUpBlocks = warmUpBlocks
        self.customers = customers
        left = customers
        self.queue = queue
    }

    mutating func serve(_ stream: LaneStream, block: Int) {
        guard left > 0 else { return }
        guard block >= warmUpBlocks else {
            queue.serve(LaneStream.block, gaps: stream.gaps, services: stream.services)
            return
        }
        if block == warmUpBlocks { queue.forgetCounts() }
        let count = min(left, LaneStream.block)
        queue.serve(count, gaps: stream.gaps, services: stream.services)
        if queue.keepsHistograms {
            gapSums += LaneStream.sum(stream.gaps, count)
            serviceSums += LaneStream.sum(stream.services, count)
        }
        left -= count
    }

    func result() -> QueueExperiment.Result {
        var result = QueueExperiment.Result()
        for lane in 0..<LaneStream.lanes {
            result.waits.append(queue.waitSums[lane] / Double(customers))
            result.shareOver.append(Double(queue.over[lane]) / Double(customers))
            let counted = queue.keepsHistograms
            result.utilisation.append(
                counted ? min(1, load * serviceSums[lane] / gapSums[lane]) : load)
            if counted { result.histograms.append(queue.histogram(lane: lane)) }
        }
        return result
    }
}

extension QueueExperiment.Row {
    static func unstable(_ load: Double) -> QueueExperiment.Row {
        let none = Estimate(exactly: .nan)
        return QueueExperiment.Row(
            load: load, utilisation: Estimate(exactly: 1), meanWaitSeconds: none, meanSojournSeconds: none,
            p50Seconds: none, p90Seconds: none, p99Seconds: none, p999Seconds: none, shareOverThreshold: none,
            trustedQuantile: nil, expectedExcursions: .nan)
    }
}
