import Numerics
import Units

/// The forecasts of every candidate for one series, at every origin asked for.
struct CandidateForecasts: Sendable {
    /// The series' own window at offset 0, against which origins are scored; nil where nothing is observed.
    let window: HistoryWindow?
    /// By offset, then by model: the forecast or why there is none.
    let byOffset: [Int: [Result<[Double], ModelFailure>]]
    /// What was known of the series at each offset.
    let contexts: [Int: OriginContext]
}

/// What calibration needs to know of a window.
struct OriginContext: Sendable {
    let limits: ForecastLimits
    let shortSeason: Int
    let isNegative: Bool
    let meanAbsolute: Double
    /// The last values observed, at most a hundred.
    let lastValues: [Double]

    init(_ window: HistoryWindow) {
        limits = ForecastLimits(window)
        shortSeason = window.shortSeason ?? 1
        isNegative = window.minimum < 0
        var sum = 0.0
        for value in window.observed where !value.isNaN { sum += abs(value) }
        meanAbsolute = sum / Double(window.observedCount)
        lastValues = window.observed.suffix(100).filter { !$0.isNaN }
    }
}

/// Fits and runs the candidates at many origins; each sees only what lies before its origin.
struct CandidateRunner: Sendable {
    let settings: ForecastSettings
    /// Offsets (steps before the end, rising) at which forecasts of a history of so many values are wanted.
    let offsets: @Sendable (Int) -> [Int]
    /// Fits are made at whole multiples of this many steps before the end, and serve the origins after them.
    let fitEvery: Int

    /// Runs all series; `consume` turns one series' forecasts into a result, in parallel over series.
    func run<Output: Sendable>(
        _ series: [RegularSeries], consume: @Sendable (Int, CandidateForecasts) -> Output
    ) -> [Output] {
        var offsetsByCount: [Int: [Int]] = [:]
        for count in Set(series.map(\.values.count)) { offsetsByCount[count] = offsets(count) }
        let wanted = offsetsByCount
        let fitOffsets = Array(Set(wanted.values.joined().map(fitOffset))).sorted()
        let sharedModels = settings.models.indices.filter { settings.models[$0].isShared }
        let chunk = 128
        let chunkCount = (series.count + chunk - 1) / chunk
        // Shared work: one task for each fit and each block of series.
        let shared = Parallel.map(fitOffsets.count * chunkCount, threads: settings.threads) { task in
            let block = Array(
                series[(task % chunkCount * chunk)..<min(series.count, (task % chunkCount + 1) * chunk)])
            let offset = fitOffsets[task / chunkCount]
            return fitShared(block, models: sharedModels, offset: offset) { series in
                wanted[series.values.count]?.contains { fitOffset($0) == offset } ?? false
            }
        }
        var place: [Int: Int] = [:]
        for (index, offset) in fitOffsets.enumerated() { place[offset] = index }
        let places = place
        return Parallel.map(series.count, threads: settings.threads) { index in
            let forecasts = runOne(series[index], offsets: wanted[series[index].values.count] ?? []) {
                model, offset in
                guard let row = places[offset] else { return .failure(ModelFailure("was not fitted")) }
                return shared[row * chunkCount + index / chunk][model]?[index % chunk]
                    ?? .failure(ModelFailure("no value was observed"))
            }
            return consume(index, forecasts)
        }
    }

    /// The offset of the fit that serves an origin: never nearer to the end than the origin.
    private func fitOffset(_ offset: Int) -> Int {
        (offset + fitEvery - 1) / fitEvery * fitEvery
    }

    private func window(_ series: RegularSeries, offset: Int) -> HistoryWindow? {
        HistoryWindow(
            series, end: series.values.count - offset, seasons: settings.seasons,
            hasCalendar: settings.hasCalendar, maximumCount: settings.historyMaximum)
    }

    private func fitShared(
        _ block: [RegularSeries], models: [Int], offset: Int, isWanted: (RegularSeries) -> Bool
    ) -> [Int: [Result<any FittedModel, ModelFailure>]] {
        let windows = block.map { isWanted($0) ? window($0, offset: offset) : nil }
        let present = windows.compactMap { $0 }
        var results: [Int: [Result<any FittedModel, ModelFailure>]] = [:]
        for model in models {
            var fitted = settings.models[model].fit(present)[...]
            results[model] = windows.map { window in
                guard window != nil, let next = fitted.popFirst() else {
                    return .failure(ModelFailure("no value was observed"))
                }
                return next
            }
        }
        return results
    }

    private func runOne(
        _ series: RegularSeries, offsets: [Int], shared: (Int, Int) -> Result<any FittedModel, ModelFailure>
    ) -> CandidateForecasts {
        var fits: [Int: [Result<any FittedModel, ModelFailure>]] = [:]
        var byOffset: [Int: [Result<[Double], ModelFailure>]] = [:]
        var contexts: [Int: OriginContext] = [:]
        for offset in offsets {
            guard let current = window(series, offset: offset) else { continue }
            let origin = fitOffset(offset)
            let fitted =
                fits[origin]
                ?? settings.models.indices.map { model in
                    guard !settings.models[model].isShared else { return shared(model, origin) }
                    guard let past = origin == offset ? current : window(series, offset: origin) else {
                        return .failure(ModelFailure("no value was observed"))
                    }
                    return settings.models[model].fit([past]).first
                        ?? .failure(ModelFailure("was not fitted"))
                }
            fits[origin] = fitted
            let context = OriginContext(current)
            let limits = context.limits
            contexts[offset] = context
            let closed = ClosedHours(current)
            byOffset[offset] = fitted.map { result in
                result.flatMap { model in
                    var forecast = model.forecast(current, horizon: settings.horizon)
                    guard forecast.allSatisfy(\.isFinite) else {
                        return .failure(ModelFailure("the forecast is not finite"))
                    }
                    for step in forecast.indices { forecast[step] = limits.clip(forecast[step]) }
                    closed.apply(to: &forecast)
                    return .success(forecast)
                }
            }
        }
        return CandidateForecasts(window: window(series, offset: 0), byOffset: byOffset, contexts: contexts)
    }
}

/// The range outside which no forecast goes: what was observed, widened by half of its range, and never
/// negative where the history is not.
struct ForecastLimits: Sendable {
    let low: Double
    let high: Double
    /// The largest value of a quantile: the largest value observed and four ranges more.
    let highestQuantile: Double

    init(_ window: HistoryWindow) {
        let range = window.maximum - window.minimum
        let width = range > 0 ? range : abs(window.maximum)
        low = window.minimum >= 0 ? 0 : window.minimum - 0.5 * range
        high = window.maximum + 0.5 * range
        highestQuantile = window.maximum + 4 * width
    }

    func clip(_ value: Double) -> Double { min(max(value, low), high) }
}
