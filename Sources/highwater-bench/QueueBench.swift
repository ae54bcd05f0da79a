import Foundation
import Replay

extension BenchGroup {
    /// The queue kernels, random numbers and threshold counts included: sixteen replications side by side, each with its
    /// own random numbers. Cases of four loads serve the same customers at each of them, as a search for saturation
    /// does; the first load is the one whose wait is told.
    static let queue = BenchGroup(
        name: "queue", abstract: "Simulated customers per second, including random numbers."
    ) { settings in
        let cases = [
            QueueCase("M/G/1 lognormal cv=1 rho=0.8", loads: [0.8, 0.6, 0.7, 0.9], customers: 4_000_000),
            QueueCase(
                "M/G/1 lognormal cv=1 rho=0.8, one load, every customer with its own random numbers",
                customers: 8_000_000),
            QueueCase(
                "M/G/1 lognormal cv=1 rho=0.8 with latency histograms", histograms: true, customers: 2_000_000
            ),
            QueueCase("M/M/1 rho=0.8", service: .exponential, customers: 8_000_000),
            QueueCase("M/M/4 rho=0.8", service: .exponential, servers: 4, customers: 4_000_000),
            QueueCase("M/M/64 rho=0.8", service: .exponential, servers: 64, customers: 500_000),
        ]
        return cases.map { $0.measure(settings) }
    }
}

private struct QueueCase {
    var name: String
    var service: ServiceProcess
    var servers: Int
    var loads: [Double]
    var histograms: Bool
    var customers: Int

    init(
        _ name: String, service: ServiceProcess = .lognormal(coefficientOfVariation: 1), servers: Int = 1,
        loads: [Double] = [0.8], histograms: Bool = false, customers: Int
    ) {
        self.name = name
        self.service = service
        self.servers = servers
        self.loads = loads
        self.histograms = histograms
        self.customers = customers
    }

    func measure(_ settings: BenchSettings) -> BenchResult {
        let threads = settings.threads
        var experiment = QueueExperiment(
            arrivals: .poisson, service: service, meanServiceSeconds: 1, servers: servers, loads: loads,
            customers: customers, replications: 16 * threads, thresholdSeconds: 10)
        experiment.keepsPercentiles = histograms
        let total = Double(customers * loads.count * experiment.replications)
        var rows: [QueueExperiment.Row] = []
        var processorSeconds: [Double] = []
        let seconds = settings.medianSeconds {
            let start = clock()
            rows = experiment.rows(threads: threads)
            processorSeconds.append(Double(clock() - start) / Double(CLOCKS_PER_SEC))
        }
        processorSeconds.sort()
        let wait = rows[0].meanWaitSeconds
        var figures: [(String, Double)] = [
            ("customers_per_second", total / seconds),
            ("customers_per_processor_second", total / processorSeconds[processorSeconds.count / 2]),
            ("mean_wait", wait.value), ("mean_wait_lo", wait.lo), ("mean_wait_hi", wait.hi),
            ("share_over_10", rows[0].shareOverThreshold.value), ("seconds", seconds), ("customers", total),
            ("lanes", 16), ("loads", Double(loads.count)), ("threads", Double(threads)),
        ]
        if histograms { figures.append(("p99", rows[0].p99Seconds.value)) }
        return BenchResult(name: name, figures: figures)
    }
}
