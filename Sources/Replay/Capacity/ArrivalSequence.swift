import Exchange
import Numerics

/// The arrivals of one queue without their level: what is faster than some seconds as gaps in operational time, what is
/// slower as factors on the level in the wall's time.
///
/// At k times the level the clock of the gaps runs k times as fast (Clark 1973, Ané and Geman 2000; `ArrivalProfile` has
/// the law and what it was held against), so that one sequence serves all levels. What moves over five seconds and more is
/// the market's, not the clock's, and keeps its time.
struct ArrivalSequence: Sendable {
    /// Gaps of mean 1.
    let gaps: [Float]
    /// The level at which they came; 0 where they are the same at any.
    let ratePerSecond: Double
    /// Gaps much shorter than this keep their length at another level, in seconds.
    let reactionSeconds: Double
    private let lengths: GapLengths?

    /// Arrivals of a sequence, at most; of queues of many servers, which tell more from fewer, a part is used.
    static let count = 1 << 21
    /// Arrivals of a sequence, at least.
    private static let countMin = 1 << 18
    /// A cascade's factors are drawn anew so often, about, at most.
    private static let renewalsMax = 1 << 22
    /// Factors of at least this time scale move in the wall's time.
    static let slowSeconds = 5.0
    /// Seconds of a tick of `GapLengths`.
    private static let lengthTick = 1e-7

    /// Arrivals that bunch as a profile has it: those of its sample, otherwise those of a cascade at its own rate.
    init(_ bursts: BurstProfile, seed: UInt64) {
        let drawn: [Float]
        if let sample = bursts.sample, !sample.gaps.isEmpty {
            drawn = (0..<ArrivalSequence.count).map { sample.gaps[$0 % sample.gaps.count] }
            (ratePerSecond, reactionSeconds) = (sample.ratePerSecond, sample.reactionSeconds)
        } else {
            let model = BurstModel(fitting: bursts).rounded
            let fast = BurstModel(
                components: model.components.filter { $0.timeScaleSeconds < ArrivalSequence.slowSeconds })
            let measured = bursts.measuredRatePerSecond
            let rate = measured > 0 && measured.isFinite ? measured : 1
            drawn = fast.gaps(
                count: ArrivalSequence.count(fast, ratePerSecond: rate), ratePerSecond: rate,
                seed: mixed(seed &+ 41)
            ).map { Float($0 * rate) }
            (ratePerSecond, reactionSeconds) = (0, 0)
        }
        let sum = drawn.reduce(0.0) { $0 + Double($1) }
        let scale = Float(Double(drawn.count) / max(sum, .leastNormalMagnitude))
        gaps = drawn.map { $0 * scale }
        guard reactionSeconds > 0, ratePerSecond > 0 else {
            lengths = nil
            return
        }
        let unit = 1 / (ratePerSecond * ArrivalSequence.lengthTick)
        lengths = GapLengths(gaps.lazy.map { UInt64(saturating: min(Double($0) * unit, 4e9)) })
    }

    /// As many arrivals as can be drawn in bounded time, a power of 2.
    private static func count(_ model: BurstModel, ratePerSecond: Double) -> Int {
        let perArrival = model.components.reduce(0) { $0 + 1 / ($1.timeScaleSeconds * ratePerSecond) }
        var count = ArrivalSequence.count
        while count > countMin, Double(count) * perArrival > Double(renewalsMax) { count /= 2 }
        return count
    }

    /// How the gaps, in seconds at their own level, are played at another; nil where all are multiplied alike.
    func pace(ratePerSecond rate: Double) -> GapPace? {
        guard let lengths else { return nil }
        return GapPace(
            lengths, blockSeconds: ArrivalSequence.lengthTick * ArrivalProfile.ticksPerBlock,
            seconds: Double(gaps.count) / rate, reactionSeconds: reactionSeconds)
    }
}
