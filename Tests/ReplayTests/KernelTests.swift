import Foundation
import Numerics
import Replay
import TestSupport
import Testing

@Suite("The queue kernel")
struct KernelTests {
    /// The plainest possible queue: every server's time of becoming free, in 64 bits.
    static func reference(
        gaps: [Float], services: [Float], servers: Int
    ) -> (waits: [Double], sojourns: [Double]) {
        var free = [Double](repeating: 0, count: servers)
        var now = 0.0
        var waits: [Double] = []
        var sojourns: [Double] = []
        for index in gaps.indices {
            now += Double(gaps[index])
            let server = free.indices.min { free[$0] < free[$1] } ?? 0
            waits.append(max(0, free[server] - now))
            free[server] = max(now, free[server]) + Double(services[index])
            sojourns.append(free[server] - now)
        }
        return (waits, sojourns)
    }

    @Test(
        "agrees with a slow queue in 64 bits on every instruction set that this processor has",
        arguments: ProcessorLevel.available, [1, 2, 3, 8, 64])
    func agrees(level: ProcessorLevel, servers: Int) {
        var random = SplitMix64(seed: 11)
        let count = 3000
        // The lanes differ in their load, from 0.5 to 0.98.
        let gaps = (0..<16).map { lane in
            (0..<count).map { _ in
                Float(random.uniform() * 2) / (Float(servers) * (0.5 + 0.032 * Float(lane)))
            }
        }
        let services = (0..<16).map { _ in (0..<count).map { _ in Float(random.uniform() * 2) } }
        let result = KernelProbe.run(
            level: level, servers: servers, gaps: gaps, services: services, threshold: 1.5)
        for lane in 0..<16 {
            let exact = Self.reference(gaps: gaps[lane], services: services[lane], servers: servers)
            #expect(abs(result[lane].over - exact.sojourns.count { $0 > 1.5 }) <= 2)
            // 32 bits are off by less than a ten-thousandth of a service: far less than any interval.
            let wait = exact.waits.reduce(0, +) / Double(count)
            #expect(abs(result[lane].meanWait - wait) < 1e-4 * (1 + wait))
            #expect(abs(result[lane].median / exact.sojourns.sorted()[count / 2] - 1) < 0.015)
        }
    }

    /// Φ((ln x + v/2)/√v) of a lognormal number of mean 1.
    static func lognormalDistribution(_ variation: Double) -> (Double) -> Double {
        let variance = log1p(variation * variation)
        return { 0.5 * erfc(-(log($0) + variance / 2) / (2 * variance).squareRoot()) }
    }

    @Test("draws what it says, on every instruction set", arguments: ProcessorLevel.available)
    func draws(level: ProcessorLevel) {
        let cases: [(ServiceProcess, Double, (Double) -> Double)] = [
            (.exponential, 2, { 1 - exp(-$0) }),
            (.lognormal(coefficientOfVariation: 1), 2, Self.lognormalDistribution(1)),
            (.lognormal(coefficientOfVariation: 0.2), 1.04, Self.lognormalDistribution(0.2)),
        ]
        for (service, secondMoment, distribution) in cases {
            let lanes = KernelProbe.draw(service, count: 20_000, seed: 5, level: level)
            let all = lanes.joined().map(Double.init).sorted()
            let n = Double(all.count)
            let mean = all.reduce(0, +) / n
            let second = all.reduce(0) { $0 + $1 * $1 } / n
            let fourth = all.reduce(0) { $0 + $1 * $1 * $1 * $1 } / n
            #expect(abs(mean - 1) < 4 * ((secondMoment - 1) / n).squareRoot())
            #expect(abs(second - secondMoment) < 4 * (fourth / n).squareRoot())
            // Kolmogorov and Smirnov: 1.95/√n is passed once in a thousand times.
            let distance = all.enumerated().reduce(0.0) {
                max($0, abs(distribution($1.element) - (Double($1.offset) + 0.5) / n))
            }
            #expect(distance < 1.95 / n.squareRoot(), "\(service)")
            // Neighbours in a lane, and neighbouring lanes, have nothing to do with each other.
            let own = zip(lanes[3], lanes[3].dropFirst()).reduce(0.0) {
                $0 + (Double($1.0) - 1) * (Double($1.1) - 1)
            }
            let other = zip(lanes[3], lanes[4]).reduce(0.0) { $0 + (Double($1.0) - 1) * (Double($1.1) - 1) }
            for sum in [own, other] {
                #expect(abs(sum / 20_000) < 4 * (secondMoment - 1) / 20_000.0.squareRoot())
            }
        }
    }

    @Test("a Hawkes process has its mean rate, its branching ratio and the dispersion that follows")
    func hawkes() {
        for (ratio, decay) in [(0.3, 0.02), (0.6, 0.05), (0.8, 0.01)] {
            let rate = 500.0
            let gaps = KernelProbe.gaps(
                .hawkes(branchingRatio: ratio, decaySeconds: decay), ratePerSecond: rate, count: 2_000_000,
                seed: 3)
            // Gaps are in units of the mean gap. Counts in windows of 200 relaxation times.
            let window = 200 * decay * rate / (1 - ratio)
            var counts: [Double] = []
            var now = 0.0
            for gap in gaps {
                now += gap
                while now >= Double(counts.count) * window { counts.append(0) }
                counts[counts.count - 1] += 1
            }
            counts.removeLast()
            let n = Double(counts.count)
            let mean = counts.reduce(0, +) / n
            let variance = counts.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
            let deviation = (variance / n).squareRoot()
            #expect(abs(mean - window) < 4 * deviation, "rate \(ratio)")
            // The index of dispersion tends to 1/(1 − n)² (Hawkes 1971): n = 1 − √(mean/variance).
            let found = 1 - (mean / variance).squareRoot()
            #expect(abs(found - ratio) < 4 * (1 - ratio) * (0.5 / n).squareRoot() + 0.01, "\(found)")
        }
    }
}
