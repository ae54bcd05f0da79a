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

    /// What comes nearest to the public logs: fitted to the median window's p99 of one and four servers at a
    /// utilisation of 0.0001 to 0.05, over LOBSTER's messages and their kinds, four Binance streams of messages, and
    /// orders of six Binance products and of CME ES. Orders alone, whose clocks tell milliseconds, would have it at 0.95
    /// and 0.01 to 10 gaps (off by 1.0 and 3.5), messages alone at 0.7 and 1e-5 to 0.1 gaps (2.3 and 6.6).
    public static let standard = ClusterLaw(branchingRatio: 0.9, delayGaps: 1e-4...10)
    /// Each log left out in turn, the law of the others is off by this factor in the middle of 120 cells.
    public static let standardErrorFactor = 2.1
    /// The same for nine of ten cells. Quiet streams of orders are told too high, streams of messages too low.
    public static let standardErrorFactor90 = 8.7

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
