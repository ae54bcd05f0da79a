import Replay

extension BenchGroup {
    /// The queue kernels, random numbers and threshold counts included.
    static let queue = BenchGroup(
        name: "queue", abstract: "Simulated customers a second, random numbers included."
    ) { settings in
        let cases: [(String, ServiceProcess, Int)] = [
            ("M/G/1 lognormal cv=1 rho=0.8", .lognormal(coefficientOfVariation: 1), 1),
            ("M/M/1 rho=0.8", .exponential, 1), ("M/M/4 rho=0.8", .exponential, 4),
        ]
        return cases.map { name, service, servers in
            // Sixteen lanes side by side, as a search for saturation uses them; the first is the one that is reported.
            let experiment = QueueExperiment(
                arrivals: .poisson, service: service, meanServiceSeconds: 1, servers: servers,
                loads: [0.8] + (1..<16).map { 0.05 * Double($0) }, customers: 2_000_000,
                replications: settings.threads, thresholdSeconds: 10)
            var rows: [QueueExperiment.Row] = []
            let seconds = settings.medianSeconds { rows = experiment.rows(threads: settings.threads) }
            let customers = Double(experiment.customers * experiment.loads.count * experiment.replications)
            return BenchResult(
                name: name,
                figures: [
                    ("customers_per_second", customers / seconds),
                    ("mean_wait", rows[0].meanWaitSeconds.value),
                    ("mean_wait_lo", rows[0].meanWaitSeconds.lo),
                    ("mean_wait_hi", rows[0].meanWaitSeconds.hi),
                    ("share_over_10", rows[0].shareOverThreshold.value), ("seconds", seconds),
                    ("lanes", 16), ("threads", Double(settings.threads)),
                ])
        }
    }
}
