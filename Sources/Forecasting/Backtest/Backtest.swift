import Numerics
import Units

/// Forecasts the past: the last origins of each series, each from what lies before it alone.
public struct Backtest: Sendable {
    /// What is forecast at each origin, and how.
    public let settings: ForecastSettings
    /// Number of origins, which lie one horizon apart and end at the end of the series.
    public let originCount: Int
    /// Parameters are refitted every so many origins; the state is always current.
    public let refitEvery: Int

    /// A backtest of at least one origin and at most 100,000.
    public init(_ settings: ForecastSettings, originCount: Int, refitEvery: Int = 1) {
        var settings = settings
        // The central 90 % interval needs both of its ends.
        settings.levels = Array(Set(settings.levels + BacktestTally.neededLevels)).sorted()
        self.settings = settings
        self.originCount = min(max(1, originCount), ForecastSettings.longestHorizon)
        self.refitEvery = min(max(1, refitEvery), ForecastSettings.longestHorizon)
    }

    /// Runs all series and scores the combination and every candidate.
    ///
    /// With planned events in the settings each origin takes out of its history what they did there, and puts
    /// into its forecast what they are known to do; it is then fitted by itself, whatever `refitEvery` says.
    ///
    /// Where seasons are found from the data, they are from what lies before the first of all origins, or from the
    /// first half of a series where that is more.
    public func run(_ series: [RegularSeries]) -> BacktestReport {
        let known = series.map { series in
            var known = series
            let count = max(series.values.count - originCount * settings.horizon, series.values.count / 2)
            known.values.removeLast(series.values.count - count)
            return known
        }
        let reports = SeasonGroups(known, settings).map(series) { members, settings in
            let backtest = Backtest(settings, originCount: originCount, refitEvery: refitEvery)
            return members.isEmpty ? [] : backtest.run(whole: members)
        }
        return BacktestReport(
            scores: reports.flatMap(\.scores), forecasts: reports.flatMap(\.forecasts),
            skipped: reports.flatMap(\.skipped), seasons: reports.flatMap(\.seasons))
    }

    /// Runs series of the settings' seasons; a report for each.
    private func run(whole series: [RegularSeries]) -> [BacktestReport] {
        let plan = OriginPlan(horizon: settings.horizon, seasons: settings.seasons)
        let places = (1...originCount).map { $0 * settings.horizon }
        var schedule = plan.schedule(settings.seasons)
        if refitEvery > 1 { schedule.refitEvery = refitEvery * settings.horizon }
        let handicaps = settings.models.map(\.handicap)
        var drafts: [BacktestDraft] = []
        for range in CandidateRunner.blocks(series.count, fits: places.count) {
            let members = Array(series[range])
            var found = members.map { _ in BacktestDraft(settings) }
            for some in chunks(places, plan: plan, seriesCount: members.count) {
                let views = OriginView.all(members, places: some, plan: plan, schedule: schedule, settings)
                let losses = views.map { view in
                    Parallel.map(members.count, threads: settings.threads) {
                        CandidateLosses(
                            view.block.forecasts[$0], at: view.offset, plan: plan, handicaps: handicaps)
                    }
                }
                let before = found
                found = Parallel.map(members.count, threads: settings.threads) { index in
                    var draft = before[index]
                    draft.add(
                        members[index], views, index: index, losses: losses, places: some, plan: plan,
                        settings: settings)
                    return draft
                }
            }
            drafts += found
        }
        let known = drafts
        let pooled = places.indices.map { place in
            PooledQuantiles(
                settings.isPooled ? known.map { $0.origins[place]?.calibration } : [],
                levelCount: settings.levels.count)
        }
        return Parallel.map(series.count, threads: settings.threads) { index in
            finish(series[index], known[index], places: places, pooled: pooled)
        }
    }

    /// Bytes of forecasts that are held at once.
    private static let mostBytes = 400_000_000

    /// The places in parts, so that the candidates' forecasts at the origins behind them do not fill the memory.
    private func chunks(_ places: [Int], plan: OriginPlan, seriesCount: Int) -> [[Int]] {
        let origins = plan.origins(count: settings.historyMaximum).count + 1
        let perPlace = 8 * origins * settings.models.count * settings.horizon * seriesCount
        let size = max(1, Backtest.mostBytes / max(perPlace, 1))
        return stride(from: 0, to: places.count, by: size).map {
            Array(places[$0..<min($0 + size, places.count)])
        }
    }

    /// One series: quantiles with what all series taught, and the scores.
    private func finish(
        _ series: RegularSeries, _ draft: BacktestDraft, places: [Int], pooled: [PooledQuantiles]
    ) -> BacktestReport {
        var tally = BacktestTally(settings.levels)
        var forecasts: [BacktestForecast] = []
        var skipped: [BacktestReport.Skipped] = []
        // Oldest first.
        for place in places.indices.reversed() {
            let count = series.values.count
            guard let origin = draft.origins[place],
                let actual = BacktestDraft.actual(series, places[place], horizon: settings.horizon)
            else {
                skipped.append(
                    BacktestReport.Skipped(
                        id: series.id, origin: place + 1,
                        reason: "only \(count) values, but origin \(place + 1) needs more than "
                            + "\(places[place])"))
                continue
            }
            let plain = origin.finished(
                series, offset: places[place], pooled: pooled[place], settings: settings)
            let forecast = draft.effects[place]?.applied(to: plain) ?? plain
            guard forecast.isAnswered else {
                skipped.append(
                    BacktestReport.Skipped(
                        id: series.id, origin: place + 1, reason: forecast.notes.joined(separator: "; ")))
                continue
            }
            // The median has the least absolute error.
            let medians = forecast.levels.firstIndex(of: 0.5).map { forecast.quantiles[$0] }
            tally.add(
                actual: actual, mean: medians ?? forecast.mean, quantiles: forecast.quantiles,
                scale: draft.errorScales[place])
            forecasts.append(BacktestForecast(forecast: forecast, actual: actual))
        }
        var scores = [tally.score(id: series.id, model: "combined", horizon: settings.horizon, failure: nil)]
        let candidates = draft.candidates
        for (index, model) in settings.models.enumerated() {
            let (candidate, failure) = candidates[index]
            scores.append(
                candidate.score(
                    id: series.id, model: model.name, horizon: settings.horizon, failure: failure))
        }
        return BacktestReport(
            scores: scores, forecasts: forecasts, skipped: skipped, seasons: [settings.seasons])
    }
}

/// What came of a backtest.
public struct BacktestReport: Sendable {
    /// For each series, the combination (`combined`) and then every candidate.
    public let scores: [BacktestScore]
    /// Every forecast of the combination, by series and then by origin, oldest first.
    public let forecasts: [BacktestForecast]
    /// Origins without an answer, and why.
    public let skipped: [Skipped]
    /// For each series, the seasons that its forecasts stand on, in steps.
    public let seasons: [[Int]]

    /// An origin that could not be forecast.
    public struct Skipped: Sendable, Equatable {
        public let id: SeriesID
        /// The number of the origin, 1 being the last.
        public let origin: Int
        public let reason: String
    }
}

/// A forecast of the past beside what happened.
public struct BacktestForecast: Sendable {
    /// The forecast; its `start` is the origin.
    public let forecast: SeriesForecast
    /// What happened; NaN is missing.
    public let actual: [Double]
}

/// What the candidates said of a block of series at one origin.
struct OriginView: Sendable {
    let block: CandidateBlock
    /// The origin, in steps before the end of the block's series.
    let offset: Int
    /// By series, what planned events do; nil where there are none.
    let effects: [EventEffects?]

    /// A view for each place: of one block, or, where events are planned, each of a block of its own, whose
    /// series end at the origin and are without the events.
    static func all(
        _ series: [RegularSeries], places: [Int], plan: OriginPlan, schedule: FitSchedule,
        _ settings: ForecastSettings
    ) -> [OriginView] {
        guard !settings.events.isEmpty else {
            let block = CandidateRunner(settings: settings, places: places, plan: plan, schedule: schedule)
                .run(series)
            return places.map {
                OriginView(block: block, offset: $0, effects: series.map { _ in nil })
            }
        }
        let runner = CandidateRunner(
            settings: settings, places: [0], plan: plan, schedule: plan.schedule(settings.seasons))
        return places.map { place in
            var known = series.map { series in
                var known = series
                known.values.removeLast(min(place, known.values.count))
                return known
            }
            let effects = known.map { EventEffects($0, settings) }
            for (index, effect) in effects.enumerated() {
                if let effect { known[index] = effect.series }
            }
            return OriginView(block: runner.run(known), offset: 0, effects: effects)
        }
    }
}

/// One series' forecasts at all origins, before quantiles are pooled over series.
struct BacktestDraft: Sendable {
    /// By origin, the last one first; nil where nothing was known.
    private(set) var origins: [ForecastDraft?] = []
    /// By origin, what planned events do; nil where there are none.
    private(set) var effects: [EventEffects?] = []
    /// The mean absolute seasonal difference before each origin.
    private(set) var errorScales: [Double] = []
    private var tallies: [BacktestTally]
    private var failures: [String?]

    /// By model: its scores, and why it failed where it never answered.
    var candidates: [(BacktestTally, String?)] {
        zip(tallies, failures).map { tally, failure in
            (tally, tally.isEmpty ? failure ?? "no origin could be forecast" : nil)
        }
    }

    init(_ settings: ForecastSettings) {
        tallies = settings.models.map { _ in BacktestTally(settings.levels) }
        failures = [String?](repeating: nil, count: settings.models.count)
    }

    /// Adds origins, each before those so far.
    mutating func add(
        _ series: RegularSeries, _ views: [OriginView], index: Int, losses: [[CandidateLosses]],
        places: [Int], plan: OriginPlan, settings: ForecastSettings
    ) {
        let member = index
        effects += views.map { $0.effects[index] }
        for (number, place) in places.enumerated() {
            let view = views[number]
            let forecasts = view.block.forecasts[index]
            guard let actual = BacktestDraft.actual(series, place, horizon: settings.horizon),
                let context = forecasts.contexts[view.offset]
            else {
                origins.append(nil)
                errorScales.append(.nan)
                continue
            }
            let scale = BacktestDraft.seasonalDifference(
                series.values.dropLast(place), season: settings.seasons.first ?? 1)
            errorScales.append(scale)
            let draft = ForecastDraft(
                view.block, index: index, losses: losses[number], at: view.offset, plan: plan,
                settings: settings)
            origins.append(draft)
            let answers = forecasts.results(at: view.offset, for: view.offset) ?? []
            for (index, answer) in answers.enumerated() {
                switch answer {
                case .failure(let failure): failures[index] = failure.reason
                case .success(let mean):
                    let past = ForecastDraft.pastErrors(forecasts, at: view.offset, plan: plan) {
                        results, _ in
                        if case .success(let values) = results[index] { values } else { nil }
                    }
                    let quantiles = Calibration(
                        past, context: context, horizon: settings.horizon, levels: settings.levels
                    ).quantiles(around: mean, levels: settings.levels, limits: context.limits)
                    let effect = view.effects[member]
                    tallies[index].add(
                        actual: actual, mean: effect?.applied(to: mean) ?? mean,
                        quantiles: effect.map { effect in quantiles.map(effect.applied(to:)) } ?? quantiles,
                        scale: scale)
                }
            }
        }
    }

    /// What followed an origin; nil where the series does not reach back to it.
    static func actual(_ series: RegularSeries, _ place: Int, horizon: Int) -> [Double]? {
        let first = series.values.count - place
        guard first > 0 else { return nil }
        return Array(series.values[first..<first + horizon])
    }

    /// The mean absolute difference to the value one season before, over what is observed.
    static func seasonalDifference(_ values: ArraySlice<Double>, season: Int) -> Double {
        var sum = 0.0
        var count = 0.0
        for index in values.indices.dropFirst(season) {
            let difference = abs(values[index] - values[index - season])
            if difference.isFinite {
                sum += difference
                count += 1
            }
        }
        return count > 0 ? sum / count : .nan
    }
}
