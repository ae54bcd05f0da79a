import Numerics
import Units

/// What is expected of one series.
public struct SeriesForecast: Sendable {
    public let id: SeriesID
    /// The start of the first step.
    public let start: Timestamp
    public let stepSeconds: Int64
    /// The expected value of each step, with the skew of demand; empty where there is no answer.
    public let mean: [Double]
    /// What the candidates say together, about which the quantiles lie; near the median, and empty where there is no
    /// answer.
    public let combined: [Double]
    /// The levels of the quantiles, rising.
    public let levels: [Double]
    /// Quantiles `[level][step]`, rising with the level; empty where there is no answer.
    public let quantiles: [[Double]]
    /// Every candidate with its weight, or the reason why it gave no answer.
    public let candidates: [CandidateReport]
    /// The seasons that it stands on, in steps.
    public let seasons: [Int]
    /// What a reader should know: why there is no answer, or on how little it stands.
    public let notes: [String]
    /// The smallest and the largest value that quantiles beyond the levels may take.
    public let range: ClosedRange<Double>

    /// Whether there is an answer.
    public var isAnswered: Bool { !mean.isEmpty }

    /// The start of a step.
    public func time(ofStep step: Int) -> Timestamp {
        start.advanced(bySeconds: Int64(step) * stepSeconds)
    }

    /// The quantile of a step at any level: linear between the levels on the scale of the normal quantile,
    /// continued beyond them with the outermost slope, within `range`.
    public func quantile(_ level: Double, step: Int) -> Double {
        quantile(at: LevelPlace(level, among: levels), step: step)
    }

    /// The quantile at a place between the levels.
    func quantile(at place: LevelPlace, step: Int) -> Double {
        guard levels.count > 1 else { return levels.isEmpty ? mean[step] : quantiles[0][step] }
        let below = quantiles[place.below][step]
        let value = below + place.share * (quantiles[place.below + 1][step] - below)
        return min(max(value, range.lowerBound), range.upperBound)
    }

    /// Where a level lies between two neighbouring levels, on the scale of the normal quantile.
    struct LevelPlace: Sendable {
        /// The index of the level below; of the outermost pair for a level beyond them.
        let below: Int
        /// The share of the way to the level above.
        let share: Double

        /// Levels nearer to 0 or 1 are taken for this one, since quantiles there have no end.
        private static let outermost = 1e-6

        init(_ level: Double, among levels: [Double]) {
            guard levels.count > 1 else {
                (below, share) = (0, 0)
                return
            }
            let upper = min(max(levels.firstIndex { $0 >= level } ?? levels.count - 1, 1), levels.count - 1)
            let normal = [level, levels[upper - 1], levels[upper]].map {
                SpecialFunctions.normalQuantile(min(max($0, LevelPlace.outermost), 1 - LevelPlace.outermost))
            }
            below = upper - 1
            share = (normal[0] - normal[1]) / (normal[2] - normal[1])
        }
    }
}

/// A candidate in the forecast of one series.
public struct CandidateReport: Sendable, Equatable {
    public let model: String
    /// Its weight in the combination, 0 to 1.
    public let weight: Double
    /// Its loss relative to the best candidate's; NaN where it has not been scored.
    public let relativeLoss: Double
    /// Why it gave no answer; nil where it did.
    public let failure: String?
}
