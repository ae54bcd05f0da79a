/// What calibration needs to know of a window.
struct OriginContext: Sendable {
    let limits: ForecastLimits
    let shortSeason: Int
    let isNegative: Bool
    let meanAbsolute: Double
    /// The least size of an error that is believed, where the history is too short to hold a season twice; 0
    /// otherwise.
    let leastError: Double
    /// The size of an error where there is nothing to tell it from.
    let guessedError: Double
    /// Lone outliers, in steps before the end: no candidate is judged by them.
    let outliers: Set<Int>
    /// Outages, likewise: nothing is judged by them.
    let outages: Set<Int>
    /// The last shift of the level.
    let splice: LevelSplice?
    /// The forecast of a series of few events; nil of any other.
    let counts: CountForecast?

    init(_ window: HistoryWindow, _ settings: ForecastSettings) {
        limits = ForecastLimits(window)
        splice = window.splice
        counts = CountForecast(window, horizon: settings.horizon, levels: settings.levels)
        shortSeason = window.shortSeason ?? 1
        isNegative = window.minimum < 0
        var sum = 0.0
        for value in window.observed where !value.isNaN { sum += abs(value) }
        let mean = sum / Double(window.observedCount)
        meanAbsolute = mean
        let season = settings.seasons.first ?? 6
        let guess = OriginContext.guessedError(window, season, mean)
        guessedError = guess
        leastError = window.shortSeason == nil && window.observedCount < 2 * season ? guess : 0
        // NaN differs from itself.
        outliers =
            !window.isScreened
            ? []
            : Set(
                window.observed.indices.lazy.filter {
                    window.observed[$0] != window.scored[$0] && !window.scored[$0].isNaN
                }.map { window.count - $0 })
        outages = Set(window.outages.lazy.map { window.count - $0 })
    }
}

extension OriginContext {
    /// The size of an error of which nothing was seen, over the mean, and what it loses as a season fills. Chosen, not
    /// measured.
    private static let unseenError = 0.5
    private static let errorFall = 0.25

    /// Of a season seen in part, half of the mean, falling to a quarter as it fills; of one seen whole, the
    /// mean distance from the mean: the next day may be as far off as hours of the day are from each other.
    private static func guessedError(_ window: HistoryWindow, _ season: Int, _ mean: Double) -> Double {
        let seen = Double(window.observedCount) / Double(season)
        if seen < 1 { return mean * (unseenError - errorFall * seen) }
        var sum = 0.0
        for value in window.observed where !value.isNaN { sum += value }
        let middle = sum / Double(window.observedCount)
        var distance = 0.0
        for value in window.observed where !value.isNaN { distance += abs(value - middle) }
        return distance / Double(window.observedCount)
    }
}
