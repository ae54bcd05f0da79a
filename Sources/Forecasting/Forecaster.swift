import Numerics
import Units

/// Forecasts series by a weighted combination of candidates, with calibrated quantiles.
///
/// Every candidate is refitted at past origins of the history and weighed by its errors there; the same
/// origins calibrate the quantiles. Series are worked on in parallel and in fixed parts, so that results do
/// not depend on the threads.
public struct Forecaster: Sendable {
    /// What to forecast, and how.
    public let settings: ForecastSettings

    /// A forecaster with its settings.
    public init(_ settings: ForecastSettings) {
        self.settings = settings
    }

    /// Forecasts each series from its own end, or all of them from one instant.
    ///
    /// With `origin`, values from that instant on are ignored, and a series that ends before it has missing
    /// values up to it. The answers are in the order of the series. O(series × origins × length).
    public func forecast(_ series: [RegularSeries], from origin: Timestamp? = nil) -> [SeriesForecast] {
        let aligned = series.map { series in
            Forecaster.reachable(origin.map { Forecaster.align(series, to: $0) } ?? series, settings.horizon)
        }
        return SeasonGroups(aligned, settings).map(aligned) { Forecaster($1).forecast(whole: $0) }
    }

    /// Forecasts series of the settings' seasons from their ends.
    private func forecast(whole series: [RegularSeries]) -> [SeriesForecast] {
        let plan = OriginPlan(horizon: settings.horizon, seasons: settings.seasons)
        var aligned = series
        let effects = settings.events.isEmpty ? [] : aligned.map { EventEffects($0, settings) }
        for (index, effect) in effects.enumerated() {
            if let effect { aligned[index] = effect.series }
        }
        let runner = CandidateRunner(
            settings: settings, places: [0], plan: plan, schedule: plan.schedule(settings.seasons))
        let handicaps = settings.models.map(\.handicap)
        var drafts: [ForecastDraft] = []
        for range in CandidateRunner.blocks(aligned.count, fits: 4) {
            let block = runner.run(Array(aligned[range]))
            let losses = Parallel.map(range.count, threads: settings.threads) {
                CandidateLosses(block.forecasts[$0], at: 0, plan: plan, handicaps: handicaps)
            }
            drafts += Parallel.map(range.count, threads: settings.threads) {
                ForecastDraft(block, index: $0, losses: losses, at: 0, plan: plan, settings: settings)
            }
        }
        let pooled = PooledQuantiles(
            settings.isPooled ? drafts.map(\.calibration) : [], levelCount: settings.levels.count)
        let forecasts = zip(aligned, drafts).map { series, draft in
            draft.finished(series, offset: 0, pooled: pooled, settings: settings)
        }
        guard !effects.isEmpty else { return forecasts }
        return zip(forecasts, effects).map { $1?.applied(to: $0) ?? $0 }
    }

    /// A series whose horizon would end after the year 2199 counts as empty.
    private static func reachable(_ series: RegularSeries, _ horizon: Int) -> RegularSeries {
        let room = Timestamp.plausible.upperBound.seconds - series.end.seconds
        guard Int64(horizon) > room / series.stepSeconds else { return series }
        return RegularSeries(id: series.id, start: series.start, stepSeconds: series.stepSeconds, values: [])
    }

    /// The series as it was known at an instant, with missing values up to it.
    static func align(_ series: RegularSeries, to origin: Timestamp) -> RegularSeries {
        var result = series.prefix(before: origin)
        let missing = (origin.seconds - result.end.seconds) / result.stepSeconds
        // A series that ended long ago is not stretched over years of nothing.
        if missing > 0, missing <= Int64(4 * max(result.values.count, 1)) {
            result.values += [Double](repeating: .nan, count: Int(missing))
        }
        return result
    }
}

/// One series' forecast before quantiles are pooled over series.
struct ForecastDraft: Sendable {
    let combination: Combination
    let mean: [Double]
    let calibration: Calibration?
    let limits: ForecastLimits?
    let counts: CountForecast?
    /// The last shift of the level, and when it came, in steps before the forecast.
    let splice: LevelSplice?
    /// By candidate, why it gave no answer; nil where it did. The answers themselves would fill the memory of a
    /// backtest.
    let failures: [String?]

    /// The forecast of a series of a block made `offset` steps before its end.
    init(
        _ block: CandidateBlock, index: Int, losses: [CandidateLosses], at offset: Int, plan: OriginPlan,
        settings: ForecastSettings
    ) {
        let forecasts = block.forecasts[index]
        let answers = forecasts.results(at: offset, for: offset) ?? []
        let fit = forecasts.schedule.fit(offset, for: offset, count: forecasts.span.count(at: offset))
        let combination = Combination(
            losses, index: index, season: forecasts.contexts[offset]?.shortSeason ?? 1,
            pool: block.neighbours[fit], answers: answers, modelCount: settings.models.count)
        self.combination = combination
        failures = settings.models.indices.map { index in
            guard index < answers.count else { return "the series has no values" }
            if case .failure(let failure) = answers[index] { return failure.reason }
            return nil
        }
        let horizon = settings.horizon
        guard let context = forecasts.contexts[offset],
            let combined = combination.forecast(answers, offset: 0, horizon: horizon)
        else {
            mean = []
            calibration = nil
            limits = nil
            counts = nil
            splice = nil
            return
        }
        mean = combined
        let errors = ForecastDraft.pastErrors(forecasts, at: offset, plan: plan) {
            combination.forecast($0, offset: $1, horizon: horizon)
        }
        calibration = Calibration(errors, context: context, horizon: horizon, levels: settings.levels)
        limits = context.limits
        counts = context.counts
        splice = context.splice
    }

    /// What a way of forecasting got wrong at the origins of the plan, of which it is told the steps back; the
    /// unfinished ones only where whole ones are few.
    static func pastErrors(
        _ forecasts: CandidateForecasts, at offset: Int, plan: OriginPlan,
        forecast: ([Result<[Double], ModelFailure>], Int) -> [Double]?
    ) -> [Calibration.Errors] {
        func errors(_ origin: OriginPlan.Origin) -> Calibration.Errors? {
            let place = offset + origin.offset
            guard place < forecasts.values.count, let results = forecasts.results(at: place, for: offset),
                let actual = forecasts.actual(from: place, count: origin.scored, knownAt: offset),
                let found = forecast(results, origin.offset)
            else {
                return nil
            }
            let shift = forecasts.shift(since: place, knownAt: offset)
            return Calibration.Errors(
                actual: shift == 1 ? actual : actual.map { shift * $0 },
                forecast: shift == 1 ? found : found.map { shift * $0 }, offset: origin.offset)
        }
        let origins = plan.origins(count: forecasts.span.count(at: offset))
        let whole = origins.filter { $0.scored == plan.horizon }.compactMap(errors)
        if whole.count >= 3 { return whole }
        return origins.compactMap(errors)
    }

    /// The forecast with its quantiles.
    func finished(
        _ series: RegularSeries, offset: Int, pooled: PooledQuantiles, settings: ForecastSettings
    ) -> SeriesForecast {
        var notes: [String] = []
        var quantiles: [[Double]] = []
        var expected = mean
        let start = series.time(at: series.values.count - offset)
        if let splice {
            let since = start.advanced(bySeconds: -Int64(splice.sinceShift) * series.stepSeconds)
            let factor = (splice.factor * 100).rounded() / 100
            notes.append("level shift: the level is now \(factor) times that before \(since)")
        }
        if let counts {
            (expected, quantiles) = (counts.means, counts.quantiles)
            notes.append("few events, so quantiles come from a count distribution")
        } else if let calibration, let limits {
            let shrunk = pooled.shrunk(calibration)
            quantiles = shrunk.quantiles(around: mean, levels: settings.levels, limits: limits)
            let medians = settings.levels.firstIndex(of: 0.5).map { quantiles[$0] } ?? mean
            expected = shrunk.expectation(around: medians, limits: limits)
            if let note = calibration.note { notes.append(note) }
        } else {
            notes.append("no forecast: the series has no values, or the horizon ends after the year 2199")
        }
        return SeriesForecast(
            id: series.id, start: start,
            stepSeconds: series.stepSeconds, mean: expected, combined: mean, levels: settings.levels,
            quantiles: quantiles,
            candidates: reports(settings), seasons: settings.seasons, notes: notes,
            range: limits.map {
                min($0.low, $0.highestQuantile)...max($0.highestQuantile, quantiles.last?.max() ?? 0)
            } ?? 0...0)
    }

    private func reports(_ settings: ForecastSettings) -> [CandidateReport] {
        settings.models.enumerated().map { index, model in
            CandidateReport(
                model: model.name, weight: combination.weights[index],
                relativeLoss: combination.losses[index], failure: failures[index])
        }
    }
}

/// The median over series of the quantiles of scaled errors, to which each series' own are drawn by 0.3 of the
/// way. A series with none beside it has but a few dozen errors of its own, and its quantiles are widened instead.
struct PooledQuantiles: Sendable {
    private let raw: [Double]?
    private let logRatio: [Double]?

    /// The fewest series whose median is worth something.
    static let fewestSeries = 8

    init(_ calibrations: [Calibration?], levelCount: Int) {
        let known = calibrations.compactMap { $0 }.filter { $0.note == nil }
        raw = PooledQuantiles.medians(known.map(\.raw), levelCount: levelCount)
        logRatio = PooledQuantiles.medians(known.compactMap(\.logRatio), levelCount: levelCount)
    }

    /// How much the quantiles of a series without others are widened. Chosen, not measured.
    static let loneWidening = 1.04
    /// The parts of a series' own quantiles and of the median over series. Chosen, not measured.
    private static let ownShare = 0.7
    private static let pooledShare = 0.3

    func shrunk(_ calibration: Calibration) -> Calibration {
        var result = calibration
        guard raw != nil else {
            func widened(_ own: [Double]) -> [Double] { own.map { PooledQuantiles.loneWidening * $0 } }
            result.raw.quantiles = widened(calibration.raw.quantiles)
            result.logRatio?.quantiles = widened(calibration.logRatio?.quantiles ?? [])
            return result
        }
        func drawn(_ own: [Double], _ all: [Double]) -> [Double] {
            zip(own, all).map { PooledQuantiles.ownShare * $0 + PooledQuantiles.pooledShare * $1 }
        }
        if let raw { result.raw.quantiles = drawn(calibration.raw.quantiles, raw) }
        if let logRatio, let own = calibration.logRatio {
            result.logRatio?.quantiles = drawn(own.quantiles, logRatio)
        }
        result.raw.locations = calibration.raw.locations.map { PooledQuantiles.ownShare * $0 }
        result.logRatio?.locations =
            calibration.logRatio?.locations.map { PooledQuantiles.ownShare * $0 } ?? []
        return result
    }

    private static func medians(_ parts: [Calibration.Part], levelCount: Int) -> [Double]? {
        guard parts.count >= fewestSeries else { return nil }
        return (0..<levelCount).map { level in Summary.median(parts.map { $0.quantiles[level] }) }
    }
}
