/// The range outside which no forecast goes: what was observed, widened by half of its range, and never
/// negative where the history is not.
struct ForecastLimits: Sendable {
    let low: Double
    let high: Double
    /// The largest value of a quantile: the largest value observed and four ranges more.
    let highestQuantile: Double

    /// How far a forecast may leave what was observed, and a quantile the largest value, over the range. Chosen, not
    /// measured.
    private static let margin = 0.5
    private static let quantileMargin = 4.0

    init(_ window: HistoryWindow) {
        let range = window.maximum - window.minimum
        // The range of a history that holds no season says little.
        let width = range > 0 && window.shortSeason != nil ? range : max(range, abs(window.maximum))
        low = window.minimum >= 0 ? 0 : window.minimum - ForecastLimits.margin * range
        high = window.maximum + ForecastLimits.margin * range
        highestQuantile = max(window.highestScored, window.maximum) + ForecastLimits.quantileMargin * width
    }

    func clip(_ value: Double) -> Double { min(max(value, low), high) }
}
