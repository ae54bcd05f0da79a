import Foundation
import KernelSets
import Numerics
import Replay
import ReplayKernels
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
        let result = Served(
            level.queueKernels, servers: servers, gaps: Self.vectors(gaps), services: Self.vectors(services),
            threshold: 1.5)
        for lane in 0..<laneCount {
            let exact = Self.reference(gaps: gaps[lane], services: services[lane], servers: servers)
            #expect(abs(result.over[lane] - exact.sojourns.count { $0 > 1.5 }) <= 2)
            // 32 bits are off by less than a ten-thousandth of a service: far less than any interval.
            let wait = exact.waits.reduce(0, +) / Double(count)
            #expect(abs(result.waitSums[lane] / Double(count) - wait) < 1e-4 * (1 + wait))
            #expect(abs(result.median(lane: lane) / exact.sojourns.sorted()[count / 2] - 1) < 0.015)
        }
    }

    /// Numbers by lane as vectors across the lanes.
    static func vectors(_ lanes: [[Float]]) -> [SIMD16<Float>] {
        lanes[0].indices.map { index in
            var vector = SIMD16<Float>.zero
            for lane in 0..<laneCount { vector[lane] = lanes[lane][index] }
            return vector
        }
    }

    /// Numbers of mean 1 in each lane; without a variation exponential ones.
    static func draw(
        _ kernels: any QueueKernelSet.Type, variation: Double?, count: Int
    ) -> [[Float]] {
        var random = SplitMix64(seed: 5)
        var state = (0..<4).map { _ in
            var vector = SIMD16<UInt32>.zero
            for lane in 0..<laneCount { vector[lane] = UInt32(truncatingIfNeeded: random.next() >> 32) | 1 }
            return vector
        }
        var numbers = [SIMD16<Float>](repeating: .zero, count: count)
        if let variation {
            let variance = log1p(variation * variation)
            kernels.drawLognormal(
                count: count, deviation: Float(variance.squareRoot()), shift: Float(-variance / 2),
                state: &state, numbers: &numbers)
        } else {
            kernels.drawExponential(count: count, state: &state, numbers: &numbers)
        }
        return (0..<laneCount).map { lane in numbers.map { $0[lane] } }
    }

    /// Φ((ln x + v/2)/√v) of a lognormal number of mean 1.
    static func lognormalDistribution(_ variation: Double) -> (Double) -> Double {
        let variance = log1p(variation * variation)
        return { 0.5 * erfc(-(log($0) + variance / 2) / (2 * variance).squareRoot()) }
    }

    @Test("draws what it says, on every instruction set", arguments: ProcessorLevel.available)
    func draws(level: ProcessorLevel) {
        // The coefficient of variation of a lognormal number; nil: exponential.
        let cases: [(variation: Double?, distribution: (Double) -> Double)] = [
            (nil, { 1 - exp(-$0) }), (1, Self.lognormalDistribution(1)),
            (0.2, Self.lognormalDistribution(0.2)),
        ]
        for (variation, distribution) in cases {
            let secondMoment = 1 + (variation ?? 1) * (variation ?? 1)
            let lanes = Self.draw(level.queueKernels, variation: variation, count: 20_000)
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
            #expect(distance < 1.95 / n.squareRoot(), "\(String(describing: variation))")
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
            var customers = CustomerStream(
                .hawkes(branchingRatio: ratio, decaySeconds: decay), .deterministic, ratePerSecond: rate,
                seed: 3, stream: 0)
            let gaps = (0..<2_000_000).map { _ in Double(customers.nextGap()) }
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

/// What the kernels of service and of counting make of customers in sixteen lanes, a block after another.
private struct Served {
    private(set) var waitSums = [Double](repeating: 0, count: laneCount)
    private(set) var over = [Int](repeating: 0, count: laneCount)
    private var histograms = [UInt32](repeating: 0, count: laneCount * bucketCount)

    /// Customers of a kernel's call: it carries sums in 32 bits.
    private static let block = 128

    init(
        _ kernels: any QueueKernelSet.Type, servers: Int, gaps: [SIMD16<Float>], services: [SIMD16<Float>],
        threshold: Float
    ) {
        var work = [SIMD16<Float>](repeating: .zero, count: servers)
        var single = [SIMD16<Float>.zero]
        var singleSums = waitSums
        var singleOver = over
        var waits = [SIMD16<Float>](repeating: .zero, count: Self.block)
        for start in stride(from: 0, to: gaps.count, by: Self.block) {
            let part = start..<min(start + Self.block, gaps.count)
            let (some, times) = (Array(gaps[part]), Array(services[part]))
            kernels.servePool(
                count: part.count, gaps: some, services: times, gapScale: 1, threshold: threshold,
                servers: servers, work: &work, waits: &waits, waitSums: &waitSums, over: &over)
            kernels.countTimes(count: part.count, times: waits, added: times, histograms: &histograms)
            guard servers == 1 else { continue }
            kernels.serveOne(
                count: part.count, gaps: some, services: times, gapScale: 1, threshold: threshold,
                work: &single, waitSums: &singleSums, over: &singleOver)
        }
        if servers == 1 {
            #expect(singleOver == over, "one server, with every wait and without")
            for (one, pool) in zip(singleSums, waitSums) { #expect(abs(one / pool - 1) < 1e-4) }
        }
    }

    /// The upper edge of the bucket that holds the median, 1.1 % wide.
    func median(lane: Int) -> Double {
        let counts = histograms[lane * bucketCount..<(lane + 1) * bucketCount].map(Int.init)
        var below = 0
        let bucket = counts.firstIndex { count in
            below += count
            return 2 * below > counts.reduce(0, +)
        }
        let edge = Double((bucket ?? 0) + 1) / Double(bucketsPerOctave)
        return exp2(edge.rounded(.down) + Double(bucketExponentMin)) * (1 + edge - edge.rounded(.down))
    }
}
