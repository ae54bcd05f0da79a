/// The theta method on what the profile leaves (Assimakopoulos and Nikolopoulos 2000): exponential smoothing
/// with half the drift of the trend (the form of Hyndman and Billah 2003).
public struct Theta: SingleSeriesModel {
    /// `theta`.
    public let name = "theta"
    /// A reserve.
    public let handicap = Double.reserveHandicap

    /// The model.
    public init() {}

    /// Needs two of the shortest season; chooses the smoothing constant by the mean absolute error one step
    /// ahead.
    public func fit(_ window: HistoryWindow) throws(ModelFailure) -> any FittedModel {
        let rest = try RestForecast.rest(of: window)
        var best = (error: Double.infinity, smoothing: 0.5)
        for smoothing in [0.05, 0.2, 0.5, 0.9] {
            let error = Theta.smooth(rest, smoothing).error
            if error < best.error { best = (error, smoothing) }
        }
        let smoothing = best.smoothing
        return RestForecast.Model { rest, horizon in
            let level = Theta.smooth(rest, smoothing).level
            let drift = 0.5 * Theta.slope(rest)
            return (1...horizon).map { level + drift * (Double($0) - 1 + 1 / smoothing) }
        }
    }

    private static func smooth(_ rest: RestForecast.Rest, _ smoothing: Double) -> (
        level: Double, error: Double
    ) {
        var level = rest.values[0]
        var error = 0.0
        for index in 1..<rest.values.count where rest.isObserved[index] {
            let miss = rest.values[index] - level
            error += abs(miss)
            level += smoothing * miss
        }
        return (level, error)
    }

    /// The median change from one season's mean to the next, a step: one odd day does not tilt it.
    private static func slope(_ rest: RestForecast.Rest) -> Double {
        let means = RestForecast.seasonMeans(rest)
        guard means.count > 2 else { return 0 }
        let changes = zip(means.dropFirst(), means).map { $0 - $1 }
        return Selection.median(changes) / Double(rest.short)
    }
}
