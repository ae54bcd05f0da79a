/// A ridge autoregression of the series itself on the log scale, drawn towards the seasonal airline form.
public struct LagAutoregression: SingleSeriesModel {
    public let name = "lag_ar"

    public init() {}

    /// Needs about two seasons and thirty values more.
    public func fit(_ window: HistoryWindow) throws(ModelFailure) -> any FittedModel {
        let short = window.shortSeason ?? 1
        let long = window.longSeason
        let values = Array(window.logs.suffix(HistorySpan.adaptive(long ?? max(short, 64))))
        let first = window.count - values.count
        let lags = LagChoice.seasonal(short: short, long: long, count: values.count)
        guard
            let regression = LagRegression(
                values, isTarget: window.isComplete ? nil : { window.isObserved(first + $0) }, lags: lags,
                penalty: LagChoice.seasonalPenalty,
                centreSpan: long ?? max(short, 24))
        else { throw .tooShort(window, needs: (lags.map(\.steps).max() ?? 0) + 3 * lags.count + 10) }
        return Fitted(regression: regression, span: values.count)
    }

    private struct Fitted: FittedModel {
        let regression: LagRegression
        let span: Int

        func forecast(_ window: HistoryWindow, horizon: Int) -> [Double] {
            regression.extend(Array(window.logs.suffix(span)), by: horizon).map(window.logScale.invert)
        }
    }
}
