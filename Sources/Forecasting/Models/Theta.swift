import Numerics

/// The theta method on what the profile leaves (Assimakopoulos and Nikolopoulos 2000): exponential smoothing
/// with half the drift of the trend (the form of Hyndman and Billah 2003).
public struct Theta: SingleSeriesModel {
    public let name = "theta"
    public let handicap = Double.reserveHandicap

    public init() {}

    /// The smoothing constants that are tried, four of them. Chosen, not measured.
    private static let constants = SIMD8<Double>(0.05, 0.2, 0.5, 0.9, 0.9, 0.9, 0.9, 0.9)

    /// Needs two of the shortest season; chooses the smoothing constant by the mean absolute error one step
    /// ahead.
    public func fit(_ window: HistoryWindow) throws(ModelFailure) -> any FittedModel {
        let rest = try RestForecast.rest(of: window)
        let constants = Theta.constants
        let errors = Kernels.best.levelErrors(
            rest.values, rest.isObserved, count: rest.values.count, constants: [constants], averages: false)
        let smoothing = constants[(0..<4).min { errors[$0] < errors[$1] } ?? 2]
        return RestForecast.Model { rest, horizon in
            let level = Theta.level(rest, smoothing)
            let drift = 0.5 * Theta.slope(rest)
            return (1...horizon).map { level + drift * (Double($0) - 1 + 1 / smoothing) }
        }
    }

    /// The level after the last values; of those that are passed over, 10⁻¹⁸ would be left.
    private static func level(_ rest: ProfileRest, _ smoothing: Double) -> Double {
        let count = rest.values.count
        let first = rest.isComplete ? max(0, count - Int(saturating: 42 / smoothing)) : 0
        var level = rest.values[first]
        for index in first + 1..<max(count, first + 1) where rest.isObserved[index] {
            level += smoothing * (rest.values[index] - level)
        }
        return level
    }

    /// The median change from one season's mean to the next, a step: one odd day does not tilt it.
    private static func slope(_ rest: ProfileRest) -> Double {
        let means = RestForecast.seasonMeans(rest)
        guard means.count > 2 else { return 0 }
        let changes = zip(means.dropFirst(), means).map { $0 - $1 }
        return Selection.median(changes) / Double(rest.short)
    }
}
