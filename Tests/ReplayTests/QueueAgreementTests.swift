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
            name: "M/G/1 gamma", service: .gamma(coefficientOfVariation: 0.7), wait: pollaczekKhinchine(0.49)),
        Model(name: "M/M/4", service: .exponential, servers: 4, wait: erlangWait(4)),
    ]

    @Test("covers the true mean wait with its 95 % interval 90 to 99 times in 100", arguments: models)
    func coverage(model: Model) {
        let loads = [0.5, 0.8, 0.95]
        var covered = [0, 0, 0]
        for seed in 1...100 {
            let experiment = QueueExperiment(
                arrivals: .poisson, service: model.service, servers: model.servers, loads: loads,
                customers: model.customers,
                replications: 20, seed: UInt64(seed))
            for (index, row) in experiment.rows(threads: 2).enumerated() {
                let mean = experiment.meanServiceSeconds
                if row.meanWaitSeconds.covers(model.wait(loads[index]) * mean) { covered[index] += 1 }
            }
        }
        for count in covered { #expect((90...99).contains(count), "\(model.name): \(covered)") }
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
    func saturation() throws {
        // P(T > t) = exp(−(1 − ρ) t / s) = 0.01 at ρ = 1 − s ln 100 / t.
        let experiment = QueueExperiment(
            arrivals: .poisson, service: .exponential, loads: [], customers: 100_000, replications: 10,
            thresholdSeconds: 50e-6)
        let found = try #require(experiment.saturation(quantile: 0.99, threads: 2))
        let exact = 1 - 5e-6 * log(100) / 50e-6
        #expect(abs(found.value - exact) < 0.01)
        #expect(found.lo < found.hi)
        var hopeless = experiment
        hopeless.thresholdSeconds = 1e-6
        #expect(hopeless.saturation(quantile: 0.99, threads: 2) == nil)
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
