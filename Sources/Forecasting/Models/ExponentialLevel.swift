/// Simple exponential smoothing: a level without seasons, for series too short or too sparse for anything
/// else.
public struct ExponentialLevel: SingleSeriesModel {
    /// `level`.
    public let name = "level"
    /// A reserve.
    public let handicap = Double.reserveHandicap

    /// The model.
    public init() {}

    /// Chooses the smoothing constant by the mean absolute error one step ahead; answers from a single value
    /// on.
    public func fit(_ window: HistoryWindow) throws(ModelFailure) -> any FittedModel {
        let candidates = [0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1]
        var best = (error: Double.infinity, smoothing: 0.3)
        if window.observedCount > 4 {
            for smoothing in candidates {
                let error = Fitted(smoothing: smoothing).run(window).error
                if error < best.error { best = (error, smoothing) }
            }
        }
        return Fitted(smoothing: best.smoothing)
    }

    private struct Fitted: FittedModel {
        let smoothing: Double

        func run(_ window: HistoryWindow) -> (level: Double, error: Double) {
            var level = 0.0
            var weight = 0.0
            var error = 0.0
            for value in window.observed where !value.isNaN {
                if weight > 0 { error += abs(value - level) }
                // The first values are averaged, so that the start does not depend on one of them.
                weight += 1
                level += max(smoothing, 1 / weight) * (value - level)
            }
            return (level, error)
        }

        func forecast(_ window: HistoryWindow, horizon: Int) -> [Double] {
            [Double](repeating: run(window).level, count: horizon)
        }
    }
}
