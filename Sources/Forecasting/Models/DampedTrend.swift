import Foundation

/// Exponential smoothing with a damped trend and a seasonal profile (Gardner and McKenzie 1985, on the log
/// scale): the trend of the last days goes on, but fades.
public struct DampedTrend: SingleSeriesModel {
    /// `damped_trend`.
    public let name = "damped_trend"
    /// A reserve.
    public let handicap = Double.reserveHandicap

    /// The model.
    public init() {}

    /// Needs two of the shortest season; chooses its constants by the mean absolute error one step ahead.
    public func fit(_ window: HistoryWindow) throws(ModelFailure) -> any FittedModel {
        let rest = try RestForecast.rest(of: window)
        var best = (error: Double.infinity, level: 0.3, trend: 0.02)
        for level in [0.1, 0.4, 0.8] {
            for trend in [0.01, 0.1] {
                let error = DampedTrend.run(rest, level, trend).error
                if error < best.error { best = (error, level, trend) }
            }
        }
        let (levelConstant, trendConstant) = (best.level, best.trend)
        return RestForecast.Model { rest, horizon in
            let state = DampedTrend.run(rest, levelConstant, trendConstant)
            let damping = DampedTrend.damping(rest.short)
            var value = state.level
            var step = state.trend
            return (0..<horizon).map { _ in
                step *= damping
                value += step
                return value
            }
        }
    }

    /// A trend loses four fifths of itself in a short season.
    private static func damping(_ short: Int) -> Double { pow(0.2, 1 / Double(short)) }

    private static func run(_ rest: RestForecast.Rest, _ levelConstant: Double, _ trendConstant: Double) -> (
        level: Double, trend: Double, error: Double
    ) {
        let damping = damping(rest.short)
        var level = rest.values[0]
        var trend = 0.0
        var error = 0.0
        for index in 1..<rest.values.count {
            trend *= damping
            level += trend
            guard rest.isObserved[index] else { continue }
            let miss = rest.values[index] - level
            error += abs(miss)
            level += levelConstant * miss
            trend += levelConstant * trendConstant * miss
        }
        return (level, trend, error)
    }
}
