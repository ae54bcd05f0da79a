import Foundation
import KernelSets
import Numerics
import ReplayKernels

/// Makes customers for sixteen independent replications side by side, in blocks of vectors.
///
/// Poisson and equal gaps, exponential, equal and lognormal service times are made in vectors; all else lane by lane.
/// Gaps and services come from generators of their own, so that another service process sees the same arrivals.
struct LaneStream {
    /// Customers in each lane of a block.
    static let block = 128
    /// Replications side by side.
    static let lanes = laneCount

    private let arrivals: ArrivalProcess
    private let service: ServiceProcess
    private let kernels: any QueueKernelSet.Type
    private var gapState: [SIMD16<UInt32>]
    private var serviceState: [SIMD16<UInt32>]
    private var gapStreams: [CustomerStream] = []
    private var serviceStreams: [CustomerStream] = []
    /// Gaps of mean 1.
    private(set) var gaps = [SIMD16<Float>](repeating: SIMD16(repeating: 1), count: LaneStream.block)
    /// Service times of mean 1.
    private(set) var services = [SIMD16<Float>](repeating: SIMD16(repeating: 1), count: LaneStream.block)

    /// The streams of replications `16 group` to `16 group + 15`.
    init(
        _ arrivals: ArrivalProcess, _ service: ServiceProcess, ratePerSecond: Double, seed: UInt64,
        group: Int, level: ProcessorLevel
    ) {
        self.arrivals = arrivals
        self.service = service
        kernels = level.queueKernels
        gapState = LaneStream.state(Random(seed: seed, stream: 1 << 40 | UInt64(group)))
        serviceState = LaneStream.state(Random(seed: seed, stream: 1 << 41 | UInt64(group)))
        func streams(_ offset: UInt64) -> [CustomerStream] {
            (0..<laneCount).map { lane in
                CustomerStream(
                    arrivals, service, ratePerSecond: ratePerSecond, seed: seed,
                    stream: 2 * UInt64(group * laneCount + lane) + offset)
            }
        }
        switch arrivals {
        case .poisson, .deterministic: break
        case .hawkes, .measured: gapStreams = streams(0)
        }
        if !isVectorService { serviceStreams = streams(1) }
    }

    /// Whether service times are made in vectors; the tail of very variable ones needs 64 bits.
    private var isVectorService: Bool {
        switch service {
        case .exponential, .deterministic: true
        case .lognormal(let variation): variation <= 3
        case .gamma, .measured: false
        }
    }

    private static func state(_ random: Random) -> [SIMD16<UInt32>] {
        var random = random
        return (0..<4).map { row in
            var vector = SIMD16<UInt32>.zero
            for lane in 0..<laneCount {
                vector[lane] = UInt32(truncatingIfNeeded: random.next()) | (row == 3 ? 1 : 0)
            }
            return vector
        }
    }

    /// Makes the next block.
    mutating func advance() {
        switch arrivals {
        case .poisson: kernels.drawExponential(count: LaneStream.block, state: &gapState, numbers: &gaps)
        case .deterministic: break
        case .hawkes, .measured:
            for lane in 0..<laneCount {
                for index in 0..<LaneStream.block { gaps[index][lane] = gapStreams[lane].nextGap() }
            }
        }
        switch service {
        case .exponential:
            kernels.drawExponential(count: LaneStream.block, state: &serviceState, numbers: &services)
        case .deterministic: break
        case .lognormal(let variation) where isVectorService:
            let variance = log1p(variation * variation)
            kernels.drawLognormal(
                count: LaneStream.block, deviation: Float(variance.squareRoot()), shift: Float(-variance / 2),
                state: &serviceState, numbers: &services)
        case .lognormal, .gamma, .measured:
            for lane in 0..<laneCount {
                for index in 0..<LaneStream.block {
                    services[index][lane] = serviceStreams[lane].nextService()
                }
            }
        }
    }

    /// The sums of the first vectors.
    static func sum(_ vectors: [SIMD16<Float>], _ count: Int) -> SIMD16<Double> {
        var sums = SIMD16<Float>.zero
        for vector in vectors.prefix(count) { sums += vector }
        return SIMD16<Double>(sums)
    }
}
