import Numerics

/// Simple exponential smoothing: a level without seasons, for series too short or too sparse for anything
/// else.
public struct ExponentialLevel: SingleSeriesModel {
    public let name = "level"
    public let handicap = Double.reserveHandicap

    public init() {}

    /// The smoothing constants that are tried, and the one where there is too little to try them on. Chosen, not
    /// measured.
    private static let constants = SIMD8<Double>(0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1)
    private static let untriedConstant = 0.3

    /// Chooses the smoothing constant by the mean absolute error one step ahead; answers from a single value
    /// on.
    public func fit(_ window: HistoryWindow) throws(ModelFailure) -> any FittedModel {
        let constants = ExponentialLevel.constants
        guard window.observedCount > 4 else { return Fitted(smoothing: ExponentialLevel.untriedConstant) }
        let observed = window.observed.map { !$0.isNaN }
        let errors = Kernels.best.levelErrors(
            window.observed, observed, count: window.count, constants: [constants], averages: true)
        let best = (0..<8).min { errors[$0] < errors[$1] } ?? 4
        return Fitted(smoothing: constants[best])
    }

    private struct Fitted: FittedModel {
        let smoothing: Double

        /// Of a value so many observed ones back, 10⁻¹⁸ is left.
        private var memory: Int { Int(saturating: 42 / smoothing) }

        private func level(_ window: HistoryWindow) -> Double {
            var level = 0.0
            var weight = 0.0
            let missing = window.count - window.observedCount
            for value in window.observed.suffix(memory + missing) where !value.isNaN {
                // The first values are averaged, so that the start does not depend on one of them.
                weight += 1
                level += max(smoothing, 1 / weight) * (value - level)
            }
            return level
        }

        func forecast(_ window: HistoryWindow, horizon: Int) -> [Double] {
            [Double](repeating: level(window), count: horizon)
        }
    }
}
