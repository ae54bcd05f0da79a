import Foundation
import Numerics

/// The last value fading into the mean of the last seasons: on the profile where there is one, with a memory
/// that is learnt from the series.
public struct DampedLevel: SingleSeriesModel {
    public let name = "damped_level"
    public let handicap = Double.levelHandicap

    /// Seasons over whose rest the mean is taken.
    static let seasons = 8
    /// The longest memory of the distance from the mean, for each step. Chosen, not measured.
    private static let memoryMax = 0.9999
    /// Without seasons, the values over which it is taken.
    static let span = 512

    public init() {}

    /// Needs three values.
    public func fit(_ window: HistoryWindow) throws(ModelFailure) -> any FittedModel {
        guard window.count > 2 else { throw .tooShort(window, needs: 3) }
        return Fitted()
    }

    private struct Fitted: FittedModel {
        func forecast(_ window: HistoryWindow, horizon: Int) -> [Double] {
            let rest = try? RestForecast.rest(of: window)
            let values =
                rest.map { $0.values.suffix(DampedLevel.seasons * $0.short) }
                ?? window.logs.suffix(DampedLevel.span)
            let mean = Summary.mean(values)
            var square = 1e-300
            var product = 0.0
            for (now, next) in zip(values, values.dropFirst()) {
                square += (now - mean) * (now - mean)
                product += (now - mean) * (next - mean)
            }
            let memory = min(max(product / square, 0), DampedLevel.memoryMax)
            // Noise that does not last hides how long the rest does.
            let last = values.suffix(3)
            var distance = Summary.mean(last) - mean
            let path = (0..<horizon).map { _ in
                distance *= memory
                return mean + distance
            }
            guard let rest else { return path.map(window.logScale.invert) }
            return RestForecast.onProfile(path, rest, window)
        }
    }
}

/// The mean of the last seasons at each of their phases, all with the same weight.
public struct RecentMean: SingleSeriesModel {
    /// Seasons in the mean.
    public let seasons: Int
    public var name: String { "recent_mean_\(seasons)" }
    public let handicap = Double.levelHandicap

    /// A mean over at least one season.
    public init(seasons: Int) {
        precondition(seasons > 0, "a mean is of something")
        self.seasons = seasons
    }

    /// Needs two of the shortest season.
    public func fit(_ window: HistoryWindow) throws(ModelFailure) -> any FittedModel {
        guard let short = window.shortSeason else {
            throw ModelFailure("the history covers less than two seasons")
        }
        return Fitted(season: short, seasons: min(seasons, window.count / short))
    }

    private struct Fitted: FittedModel {
        let season: Int
        let seasons: Int

        func forecast(_ window: HistoryWindow, horizon: Int) -> [Double] {
            let values = window.filled
            let means = (0..<season).map { phase in
                let sum = (1...seasons).reduce(0.0) { $0 + values[values.count - $1 * season + phase] }
                return sum / Double(seasons)
            }
            return (0..<horizon).map { means[$0 % season] }
        }
    }
}
