import Foundation
import Numerics
import Replay
import Testing
import Units

@Suite("A simulated queue")
struct QueueAgreementTests {
    struct Model: Sendable, CustomStringConvertible {
        var name: String
        var service: ServiceProcess
        var servers = 1
        var customers = 20_000
        var replications = 20
        /// The exact mean wait in mean service times.
        var wait: @Sendable (Double) -> Double
        var description: String { name }
    }

    /// Pollaczek and Khinchine: ρ (1 + c²) / (2 (1 − ρ)).
    static func pollaczekKhinchine(_ squaredVariation: Double) -> @Sendable (Double) -> Double {
        { $0 * (1 + squaredVariation) / (2 * (1 - $0)) }
    }

    /// Erlang's C by the textbook sum, kept apart from the recursion that the project uses.
    static func erlangWait(_ servers: Int) -> @Sendable (Double) -> Double {
        { load in
            let offered = load * Double(servers)
            var term = 1.0
            var sum = 1.0
            for k in 1..<servers {
                term *= offered / Double(k)
                sum += term
            }
            term *= offered / Double(servers)
            let waiting = term / (1 - load)
            return waiting / (sum + waiting) / (Double(servers) * (1 - load))
        }
    }

    static let models = [
        Model(name: "M/M/1", service: .exponential, wait: pollaczekKhinchine(1)),
        Model(name: "M/D/1", service: .deterministic, wait: pollaczekKhinchine(0)),
        Model(
            name: "M/G/1 lognormal", service: .lognormal(coefficientOfVariation: 1),
            wait: pollaczekKhinchine(1)),
        Model(
            name: "M/G/1 gamma", service: .gamma(coefficientOfVariation: 0.7), customers: 6000,
            replications: 16, wait: pollaczekKhinchine(0.49)),
        Model(name: "M/M/4", service: .exponential, servers: 4, wait: erlangWait(4)),
    ]

    @Test("covers the true mean wait with its 95 % interval 90 to 99 times in 100", arguments: models)
    func coverage(model: Model) {
        let loads = [0.5, 0.8, 0.95]
        var covered = [0, 0, 0]
        for seed in 1...100 {
            var experiment = QueueExperiment(
                arrivals: .poisson, service: model.service, servers: model.servers, loads: loads,
                customers: model.customers, replications: model.replications, seed: UInt64(seed))
            experiment.keepsPercentiles = false
            for (index, row) in experiment.rows(threads: 2).enumerated() {
                let mean = experiment.meanServiceSeconds
                if row.meanWaitSeconds.covers(model.wait(loads[index]) * mean) { covered[index] += 1 }
            }
        }
        for count in covered { #expect((90...99).contains(count), "\(model.name): \(covered)") }
    }

    /// P(T > t) in M/M/c, t in mean service times: a wait of rate c(1 − ρ) with Erlang's C, and a service.
    static func sojournTail(_ servers: Int, _ load: Double, _ time: Double) -> Double {
        let rate = Double(servers) * (1 - load)
        let waiting = erlangWait(servers)(load) * rate
        if abs(rate - 1) < 1e-9 { return (1 + waiting * time) * exp(-time) }
        return (1 - waiting) * exp(-time) + waiting * (rate * exp(-time) - exp(-rate * time)) / (rate - 1)
    }

    @Test(
        "covers the true percentiles with its 95 % intervals 90 to 99 times in 100, be customers ever so few",
        arguments: [1, 4])
    func percentileCoverage(servers: Int) {
        let loads = [0.3, 0.9]
        let levels = [0.5, 0.9, 0.99, 0.999]
        var covered = [[0, 0, 0, 0], [0, 0, 0, 0]]
        for seed in 1...100 {
            let experiment = QueueExperiment(
                arrivals: .poisson, service: .exponential, meanServiceSeconds: 1, servers: servers,
                loads: loads, customers: 2000, replications: 4, seed: UInt64(seed))
            for (index, row) in experiment.rows(threads: 2).enumerated() {
                let estimates = [row.p50Seconds, row.p90Seconds, row.p99Seconds, row.p999Seconds]
                for (place, estimate) in estimates.enumerated() {
                    // The interval holds the quantile if the tail at its ends lies on either side.
                    let above = Self.sojournTail(servers, loads[index], estimate.lo) >= 1 - levels[place]
                    let below = Self.sojournTail(servers, loads[index], estimate.hi) <= 1 - levels[place]
                    if above && below { covered[index][place] += 1 }
                }
            }
        }
        for count in covered.joined() { #expect((90...99).contains(count), "\(covered)") }
    }

    /// P(T ≤ t) of M/G/1 with a lognormal service, t in steps of `step`, mean service times: Pollaczek's and Khinchine's
    /// geometric sum of residual service times as a recursion on a lattice, and a service added.
    static func lognormalSojourn(_ load: Double, variation: Double, step: Double, steps: Int) -> [Double] {
        let variance = Foundation.log1p(variation * variation)
        func score(_ time: Double) -> Double { (log(time) + variance / 2) / variance.squareRoot() }
        func survival(_ time: Double) -> Double {
            time > 0 ? 1 - SpecialFunctions.normalCDF(score(time)) : 1
        }
        func residualTail(_ time: Double) -> Double {
            guard time > 0 else { return 1 }
            let within = SpecialFunctions.normalCDF(score(time) - variance.squareRoot())
            return 1 - within - time * survival(time)
        }
        let cells = (0..<steps).map {
            residualTail(Double($0) * step) - residualTail(Double($0 + 1) * step)
        }
        // Half of a cell's mass at either end of it.
        var residual = cells.map { 0.5 * $0 }
        for index in 1..<steps { residual[index] += 0.5 * cells[index - 1] }
        let stay = 1 - load * residual[0]
        var wait = [(1 - load) / stay]
        for n in 1..<steps {
            var sum = 0.0
            for k in 1...n { sum += residual[k] * wait[n - k] }
            wait.append(load * sum / stay)
        }
        let served = (0..<steps).map { 1 - survival(Double($0) * step) }
        return (0..<steps).map { last -> Double in
            var sum = 0.0
            for place in 0...last { sum += wait[place] * served[last - place] }
            return sum
        }
    }

    @Test(
        "says where a quantile has too few excursions, and covers it even there, M/M/1 near saturation and a heavy tail"
    )
    func fewExcursions() {
        // Capped so that the 99.9 % quantile has half an excursion in expectation where the tail is exponential: a
        // thousand relaxation times (1 + c²)/(1 − ρ)² of customers.
        let step = 0.5
        let tail = Self.lognormalSojourn(0.9, variation: 3, step: step, steps: 4000)
        let lognormal = { (time: Double) in
            1 - tail[min(tail.count - 1, Int(saturating: time / step))]
        }
        let cases: [(service: ServiceProcess, load: Double, cap: Double, above: (Double) -> Double)] = [
            (.exponential, 0.95, 8e5, { exp(-0.05 * $0) }),
            (.lognormal(coefficientOfVariation: 3), 0.9, 1e6, lognormal),
        ]
        for (service, load, cap, above) in cases {
            var covered = 0
            for seed in 1...40 {
                var experiment = QueueExperiment(
                    arrivals: .poisson, service: service, meanServiceSeconds: 1, loads: [load],
                    customers: 2000, replications: 16, seed: UInt64(seed))
                experiment.addedCustomersMax = cap
                let row = experiment.rows(threads: 2)[0]
                // Too few by its own account, and p90 is still good.
                #expect(row.expectedExcursions < 1 && (row.trustedQuantile ?? 0) == 0.9)
                if above(row.p999Seconds.lo) >= 0.001, above(row.p999Seconds.hi) <= 0.001 { covered += 1 }
            }
            #expect(covered >= 36, "\(service): \(covered) of 40")
        }
    }

    @Test("counts as many customers as the 99.9 % quantile needs, also of a heavy tail")
    func enoughExcursions() {
        for service in [ServiceProcess.exponential, .lognormal(coefficientOfVariation: 1)] {
            let row = QueueExperiment(
                arrivals: .poisson, service: service, meanServiceSeconds: 1, loads: [0.8], customers: 100,
                replications: 1
            ).rows(threads: 2)[0]
            #expect(row.trustedQuantile == 0.999)
            #expect(row.expectedExcursions >= QueueExperiment.trustedExcursions)
        }
    }

    @Test("a share over the objective of which nothing was seen may be as large as one excursion allows")
    func unseenShare() {
        var experiment = QueueExperiment(
            arrivals: .poisson, service: .exponential, meanServiceSeconds: 1, loads: [0.9], customers: 100,
            replications: 16, thresholdSeconds: 1000)
        experiment.addedCustomersMax = 0
        let share = experiment.rows(threads: 1)[0].shareOverThreshold
        // Nobody in 1,600 waits 1,000 services, of which one in e^100 does; four times two relaxation times of 200
        // customers make an excursion, and 3.7 of them may have been missed.
        #expect(share.value == 0 && share.lo == 0)
        #expect(abs(share.hi - min(1, 3.669 * 400 / 1600)) < 0.02, "\(share)")
    }

    @Test("has the atom of M/D/1, where those who do not wait take exactly one service")
    func atom() {
        let row = QueueExperiment(
            arrivals: .poisson, service: .deterministic, meanServiceSeconds: 1, loads: [0.3],
            customers: 20_000
        ).rows(threads: 1)[0]
        #expect(row.p50Seconds.value == 1 && row.p50Seconds.hi == 1)
        // P(W ≤ t) = (1 − ρ) e^{ρt} up to t = 1 (Erlang 1909).
        #expect(abs(row.p90Seconds.value - (1 + log(0.9 / 0.7) / 0.3)) < 0.01)
    }

    @Test("has the quantiles of M/M/1, whose sojourn time is exponential")
    func quantiles() {
        let experiment = QueueExperiment(
            arrivals: .poisson, service: .exponential, loads: [0.5, 0.9], seed: 3)
        for row in experiment.rows(threads: 2) {
            let rate = (1 - row.load) / experiment.meanServiceSeconds
            for (estimate, level) in [
                (row.p50Seconds, 0.5), (row.p90Seconds, 0.9), (row.p99Seconds, 0.99),
                (row.p999Seconds, 0.999),
            ] {
                let exact = -log(1 - level) / rate
                #expect(abs(estimate.value / exact - 1) < 0.05, "\(row.load) \(level)")
            }
            #expect(abs(row.utilisation.value - row.load) < 0.005)
        }
    }

    @Test("saturates where M/M/1's sojourn time meets the objective")
    func saturation() {
        // P(T > t) = exp(−(1 − ρ) t / s) = 0.01 at ρ = 1 − s ln 100 / t.
        let experiment = QueueExperiment(
            arrivals: .poisson, service: .exponential, loads: [], customers: 100_000, replications: 10,
            thresholdSeconds: 50e-6)
        guard case .at(let found) = experiment.saturation(quantile: 0.99, threads: 2) else {
            Issue.record("none found")
            return
        }
        let exact = 1 - 5e-6 * log(100) / 50e-6
        #expect(abs(found.value - exact) < 0.01)
        #expect(found.lo < found.hi)
        var hopeless = experiment
        hopeless.thresholdSeconds = 1e-6
        #expect(hopeless.saturation(quantile: 0.99, threads: 2) == .below(0.0001))
        hopeless.thresholdSeconds = 1
        #expect(hopeless.saturation(quantile: 0.99, threads: 2) == .above(0.995))
    }

    @Test(
        "waits longer for clustered arrivals than for Poisson ones, and gives the same figures on any threads"
    )
    func clustering() {
        let poisson = QueueExperiment(
            arrivals: .poisson, service: .exponential, loads: [0.7], replications: 4)
        var hawkes = poisson
        hawkes.arrivals = .hawkes(branchingRatio: 0.6, decaySeconds: 20e-6)
        let one = hawkes.rows(threads: 1)[0]
        let two = hawkes.rows(threads: 3)[0]
        #expect(one.meanWaitSeconds == two.meanWaitSeconds)
        #expect(one.meanWaitSeconds.value > 2 * poisson.rows(threads: 2)[0].meanWaitSeconds.value)
        #expect(poisson.rows(threads: 1)[0].load == 0.7)
    }

    @Test("has no steady state at a load of one")
    func unstable() {
        let rows = QueueExperiment(
            arrivals: .poisson, service: .exponential, loads: [1.2, 0.5], customers: 1000
        )
        .rows(threads: 1)
        #expect(rows[0].meanWaitSeconds.value.isNaN)
        #expect(rows[1].meanWaitSeconds.value > 0)
    }
}
