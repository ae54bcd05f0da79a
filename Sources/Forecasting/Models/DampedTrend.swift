import Foundation
import Numerics

/// Exponential smoothing with a damped trend and a seasonal profile (Gardner and McKenzie 1985, on the log
/// scale): the trend of the last days goes on, but fades.
public struct DampedTrend: SingleSeriesModel {
    public let name = "damped_trend"
    public let handicap = Double.reserveHandicap

    public init() {}

    /// Needs two of the shortest season; chooses its constants by the mean absolute error one step ahead.
    public func fit(_ window: HistoryWindow) throws(ModelFailure) -> any FittedModel {
        let rest = try RestForecast.rest(of: window)
        let constants = [DampedTrend.levelConstants, DampedTrend.trendConstants]
        let errors = Kernels.best.trendErrors(
            rest.values, rest.isObserved, count: rest.values.count, damping: DampedTrend.damping(rest.short),
            constants: constants)
        let best = (0..<6).min { errors[$0] < errors[$1] } ?? 2
        let (levelConstant, trendConstant) = (constants[0][best], constants[1][best])
        return RestForecast.Model { rest, horizon in
            let state = DampedTrend.state(rest, levelConstant, trendConstant)
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

    /// The pairs of smoothing constants that are tried, six of them. Chosen, not measured.
    private static let levelConstants = SIMD8<Double>(0.1, 0.1, 0.4, 0.4, 0.8, 0.8, 0.8, 0.8)
    private static let trendConstants = SIMD8<Double>(0.01, 0.1, 0.01, 0.1, 0.01, 0.1, 0.1, 0.1)
    /// What is left of a trend after a short season. Chosen, not measured.
    private static let seasonDamping = 0.2

    /// What is left of a trend after a step.
    private static func damping(_ short: Int) -> Double { pow(seasonDamping, 1 / Double(short)) }

    /// The state after the last values; of those that are passed over, less than 10⁻¹⁸ would be left.
    private static func state(_ rest: ProfileRest, _ levelConstant: Double, _ trendConstant: Double)
        -> (
            level: Double, trend: Double
        )
    {
        let damping = damping(rest.short)
        let count = rest.values.count
        // Both parts of the state fade at least as fast as the slower of the level and the trend.
        let memory = Int(saturating: 60 / min(levelConstant, 1 - damping))
        let first = rest.isComplete ? max(0, count - memory) : 0
        var level = rest.values[first]
        var trend = 0.0
        for index in first + 1..<max(count, first + 1) {
            trend *= damping
            level += trend
            guard rest.isObserved[index] else { continue }
            let miss = rest.values[index] - level
            level += levelConstant * miss
            trend += levelConstant * trendConstant * miss
        }
        return (level, trend)
    }
}
