import Glibc
import Numerics

/// Arrivals that bring others: a Hawkes process whose delays are uniform in their logarithm, as 1/t is in time.
///
/// Independent arrivals come at rate 1 − n; each brings a Poisson number of mean n (Hawkes and Oakes 1974). Markets are
/// described by n near 1 and delays that fall as a power of time near 1 (Hardiman, Bercot and Bouchaud 2013). All times
/// are in mean gaps, the operational time of a stream.
public struct ClusterLaw: Sendable, Equatable {
    /// How many arrivals one brings on average, 0 to less than 1.
    public var branchingRatio: Double
    /// The delays with which they come, in mean gaps; above 0.
    public var delayGaps: ClosedRange<Double>

    public init(branchingRatio: Double, delayGaps: ClosedRange<Double>) {
        self.branchingRatio = branchingRatio
        self.delayGaps = delayGaps
    }

    /// What stands for a stream of orders of which there is no log.
    ///
    /// Chosen by the load that the queues of the standard exchange hold with it, beside what they hold with each of eight
    /// logs of orders (six Binance products on 2024-08-08, Mt. Gox on 2013-01-01, CME ES in September 2013); ratios over 40
    /// queues, and by which factor they are off in the middle and in nine of ten:
    ///
    /// | branching ratio | delays in gaps | lowest, median, highest ratio | off |
    /// |---|---|---|---|
    /// | 0.6 | 0.1 to 10 | 0.65, 1.01, 2.37 | 1.3, 2.0 |
    /// | 0.7 | 0.01 to 10 | 0.60, 0.96, 2.18 | 1.3, 1.9 |
    /// | 0.8 | 0.01 to 10 | 0.42, 0.76, 1.69 | 1.5, 2.2 |
    /// | 0.85 | 0.1 to 10 | 0.30, 0.69, 1.59 | 1.6, 2.9 |
    /// | 0.9 | 0.01 to 10 | 0.12, 0.37, 1.08 | 2.7, 7.1 |
    /// | 0.95 | 0.01 to 10 | 0.04, 0.07, 0.17 | 14, 24 |
    ///
    /// 0.7 is nearer, but tells every other queue that it holds more than it does. Where the shortest delays begin matters
    /// little: from 0.0001 gaps on instead of 0.01, 0.9 has ratios of 0.08, 0.25, 1.04.
    public static let standard = ClusterLaw(branchingRatio: 0.8, delayGaps: 0.01...10)

    /// One long stretch of arrivals, in mean gaps.
    func sequence(gaps: Double, seed: UInt64) -> [Double] {
        var random = stream(seed, 0xC106)
        return arrivals(gaps: gaps, random: &random)
    }

    /// One stretch of arrivals, in mean gaps.
    func arrivals(gaps: Double, random: inout Random) -> [Double] {
        // Whoever came before the stretch may still bring arrivals into it.
        let before = 20 * delayGaps.upperBound
        var waiting = (0..<random.poisson(mean: (1 - branchingRatio) * (gaps + before))).map { _ in
            random.uniform() * (gaps + before) - before
        }
        var result: [Double] = []
        let low = log(delayGaps.lowerBound)
        let spread = log(delayGaps.upperBound) - low
        while let time = waiting.popLast() {
            if time >= 0, time < gaps { result.append(time) }
            for _ in 0..<random.poisson(mean: branchingRatio) {
                waiting.append(time + exp(low + spread * random.uniform()))
            }
        }
        return result.sorted()
    }
}

extension ArrivalProfile {
    /// The profile of a stream of which nothing but its level is known: stretches by `ClusterLaw.standard`.
    public static let standard = ArrivalProfile(ClusterLaw.standard, seed: 1)

    private static let lawBlocks = 48
    private static let lawBlockGaps = 2000.0

    /// A profile of stretches that a law makes.
    public init(_ law: ClusterLaw, seed: UInt64) {
        var random = stream(seed, 0xC105)
        var ticks: [UInt32] = []
        var ends: [Int] = []
        for _ in 0..<ArrivalProfile.lawBlocks {
            let times = law.arrivals(gaps: ArrivalProfile.lawBlockGaps, random: &random)
            guard !times.isEmpty else { continue }
            ticks += times.map {
                UInt32(saturating: $0 / ArrivalProfile.lawBlockGaps * (ArrivalProfile.ticksPerBlock - 1))
            }
            ends.append(ticks.count)
        }
        // A stretch's own level says nothing of the level that it stands for.
        self.init(
            origin: "standard law", blockSeconds: ArrivalProfile.lawBlockGaps, levelBandwidth: .infinity,
            reactionSeconds: 0, ticks: ticks, blockEnds: ends)
    }
}
