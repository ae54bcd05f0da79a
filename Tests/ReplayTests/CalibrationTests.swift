import Foundation
import Replay
import Testing

@Suite("A calibration")
struct CalibrationTests {
    private func rows(_ table: [(Double, Double)]) -> [LoadTestRow] {
        table.map { LoadTestRow(load: $0.0, throughputPerSecond: $0.1) }
    }

    @Test("of the published specsdm91 gives what R's package usl publishes, standard errors too")
    func published() throws {
        let fit = try ScalabilityFit(
            rows([
                (1, 64.9), (18, 995.9), (36, 1652.4), (72, 1853.2), (108, 1828.9), (144, 1775.0),
                (216, 1702.2),
            ]))
        let parameters = fit.parameters
        let expected = [(0.0277285, 0.0091217, 1e-7), (0.0001044, 0.0000199, 1e-7), (89.995, 14.21, 0.005)]
        for (parameter, (value, error, within)) in zip(parameters, expected) {
            #expect(abs(parameter.estimate - value) < within)
            #expect(abs((parameter.standardError ?? 0) - error) < within)
            // Student's t on 4 degrees of freedom, 97.5 %.
            #expect(
                abs((parameter.hi ?? 0) - parameter.estimate - 2.776445 * (parameter.standardError ?? 0))
                    < 1e-4)
        }
        #expect(abs(fit.residualStandardError - 82.8) < 0.05 && fit.degreesOfFreedom == 4)
        #expect(abs((fit.peakLoad ?? 0) - 96.52) < 0.01)
    }

    @Test("finds the parameters of a law without noise, and holds one that would fall below 0")
    func exact() throws {
        let loads = [1.0, 2, 4, 8, 16, 32, 64]
        let law = { (n: Double) in 100 * n / (1 + 0.03 * (n - 1) + 0.0005 * n * (n - 1)) }
        let fit = try ScalabilityFit(rows(loads.map { ($0, law($0)) }))
        #expect(abs(fit.contention - 0.03) < 1e-6 && abs(fit.coherency - 0.0005) < 1e-8)
        #expect(abs(fit.scalePerSecond - 100) < 1e-5)
        // The published raytracer keeps rising: no peak is in it.
        let raytracer = try ScalabilityFit(
            rows([
                (1, 20), (4, 78), (8, 130), (12, 170), (16, 190), (20, 200), (24, 210), (28, 230), (32, 260),
                (48, 280), (64, 310),
            ]))
        #expect(raytracer.coherency == 0 && raytracer.peakLoad == nil)
        for row in [(8.0, 130.0), (32, 260), (64, 310)] {
            #expect(abs(raytracer.throughput(load: row.0) / row.1 - 1) < 0.1)
        }
        #expect(throws: CalibrationError.self) { try ScalabilityFit(rows([(1, 2), (2, 3), (4, 5)])) }
    }

    @Test("covers the parameters of a noisy law 90 to 99 times in 100")
    func coverage() throws {
        var covered = 0
        var random = SystemTestRandom(seed: 8)
        for _ in 0..<100 {
            let table = [1.0, 4, 8, 16, 32, 64, 96, 128, 192].map { n in
                (n, 100 * n / (1 + 0.03 * (n - 1) + 0.0005 * n * (n - 1)) + 20 * random.normal())
            }
            let alpha = try ScalabilityFit(rows(table)).parameters[0]
            if (alpha.lo ?? 1)...(alpha.hi ?? 0) ~= 0.03 { covered += 1 }
        }
        #expect((90...99).contains(covered), "\(covered)")
    }

    @Test("with a pausing server meets exchange-core's published 99 % quantiles within a factor of 1.5")
    func exchangeCore() throws {
        let published = [
            (1e6, 0.5, 4.0), (2e6, 0.5, 10), (3e6, 0.7, 15), (4e6, 1, 25), (5e6, 1.5, 42), (6e6, 5, 300),
        ]
        let rows = published.map {
            LoadTestRow(
                load: nil, throughputPerSecond: $0.0, p50Seconds: $0.1 * 1e-6, p99Seconds: $0.2 * 1e-6)
        }
        let fit = try ServiceFit(rows, threads: 2)
        #expect(fit.drive == .open)
        for (rate, _, p99) in published {
            // Other random numbers than those of the fit.
            let latency = try #require(fit.server.latency(ratePerSecond: rate, pauses: 2000, seed: 77))
            let factor = latency.p99Seconds * 1e6 / p99
            #expect(factor < 1.5 && factor > 1 / 1.5, "\(rate): \(factor)")
        }
    }

    @Test("a pausing server without pauses is M/G/1, and a closed loop without them is exact")
    func pausing() throws {
        let server = PausingServer(
            offsetSeconds: 0, serviceSeconds: 1e-6, serviceVariation: 0, pauseSeconds: 0, pausesPerSecond: 0)
        // M/D/1 at 0.5: P(W ≤ t) = 0.5 e^{t/2} up to a service; the median finds nobody.
        let latency = try #require(server.latency(ratePerSecond: 0.5e6, arrivals: .poisson))
        #expect(abs(latency.p50Seconds * 1e6 - 1) < 0.02)
        let closed = server.closedLatency(inFlight: 8, requests: 10_000)
        #expect(abs(closed.throughputPerSecond / 1e6 - 1) < 0.01)
        #expect(abs(closed.latency.p50Seconds * 1e6 - 8) < 0.15)
        #expect(server.latency(ratePerSecond: 1.1e6) == nil)
    }

    @Test("knows a closed-loop test by Little's law")
    func closedLoop() {
        let closed = [1.0, 2, 4].map {
            LoadTestRow(load: $0, throughputPerSecond: 1e5, p50Seconds: $0 * 1e-5, p99Seconds: $0 * 2e-5)
        }
        #expect(LoadTestDrive.assumed(of: closed) == (.closed, .wholeNumbers))
        let open = [1e5, 2e5].map {
            LoadTestRow(load: $0, throughputPerSecond: $0, p50Seconds: 1e-5, p99Seconds: 2e-5)
        }
        #expect(LoadTestDrive.assumed(of: open) == (.open, .otherLoad))
        // The mean number in flight at rates that nobody waited for.
        let measured = [0.25, 1.5, 4].map {
            LoadTestRow(load: $0, throughputPerSecond: 1e5 * $0, p50Seconds: 0.7e-5, p99Seconds: 4e-5)
        }
        #expect(LoadTestDrive.assumed(of: measured) == (.open, .fractions))
        #expect(LoadTestDrive.assumed(of: measured.map(\.withoutLoad)) == (.open, .noLoad))
    }

    @Test(
        "an honest open test of M/M/1 gives 5 µs and a cv of 1, whatever the requests in flight look like"
    )
    func openLoop() throws {
        // Sojourn times are exponential with the rate μ − λ; ρ/(1 − ρ) are in flight, whole numbers at these loads.
        let mean = 5e-6
        let rows = [1.0, 2, 3, 4].map { inFlight -> LoadTestRow in
            let load = inFlight / (1 + inFlight)
            let sojourn = mean / (1 - load)
            return LoadTestRow(
                load: inFlight, throughputPerSecond: load / mean, p50Seconds: log(2) * sojourn,
                p99Seconds: log(100) * sojourn)
        }
        #expect(LoadTestDrive.assumed(of: rows).drive == .closed)
        let fit = try ServiceFit(rows, arrivals: .poisson, drive: .open, threads: 2)
        #expect(fit.drive == .open && fit.driveBasis == nil)
        #expect(abs(fit.server.serviceSeconds / mean - 1) < 0.05, "\(fit.server)")
        #expect(abs(fit.server.serviceVariation - 1) < 0.15, "\(fit.server)")
        #expect(fit.server.pausesPerSecond == 0 && fit.server.offsetSeconds == 0)
        for (name, exact) in [("service_us", 5.0), ("service_cv", 1)] {
            let found = try #require(fit.parameters.first { $0.name == name })
            #expect((found.lo ?? .nan) <= exact && exact <= (found.hi ?? .nan), "\(found)")
        }
    }
}

extension LoadTestRow {
    /// The same without the number in flight.
    fileprivate var withoutLoad: LoadTestRow {
        var row = self
        row.load = nil
        return row
    }
}

/// Normal numbers for tests: the sum of twelve uniform ones.
private struct SystemTestRandom {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func normal() -> Double {
        (0..<12).reduce(-6.0) { sum, _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return sum + Double(state >> 11) * 0x1p-53
        }
    }
}
