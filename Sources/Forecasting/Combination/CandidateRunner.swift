import Numerics
import Units

/// The forecasts of every candidate for one series, at every origin asked for.
struct CandidateForecasts: Sendable {
    /// A forecast from one origin by parameters of the same or an earlier one, in steps before the end.
    struct Slot: Hashable, Sendable {
        let offset: Int
        let fit: Int
    }

    /// The values against which forecasts are scored; NaN is missing.
    let values: [Double]
    /// How much of them a window holds.
    let span: KnownSpan
    /// By slot, then by model: the forecast or why there is none.
    fileprivate(set) var bySlot: [Slot: [Result<[Double], ModelFailure>]]
    /// What was known of the series at each place.
    let contexts: [Int: OriginContext]
    /// Which fit serves an origin of a place.
    let schedule: FitSchedule

    /// The forecasts at an origin, as they serve a forecast made at `place`.
    func results(at offset: Int, for place: Int) -> [Result<[Double], ModelFailure>]? {
        bySlot[Slot(offset: offset, fit: schedule.fit(offset, for: place, count: span.count(at: place)))]
    }

    /// The first `count` values from an origin as they were known at `place`: without outages, and without what came
    /// of a shift of the level that the origin did not know of.
    func actual(from offset: Int, count: Int, knownAt place: Int) -> [Double]? {
        let first = values.count - offset
        guard first >= 0, count <= offset else { return nil }
        var result = Array(values[first..<first + count])
        if let outages = contexts[place]?.outages, !outages.isEmpty {
            for step in 0..<count where outages.contains(offset - place - step) { result[step] = .nan }
        }
        if let splice = contexts[place]?.splice, offset - place > splice.sinceBelieved {
            let first = min(max(0, offset - place - splice.sinceRamp), count)
            for step in first..<count { result[step] = .nan }
        }
        return result
    }

    /// By how much the level has shifted since an origin, as it was known at `place`.
    func shift(since offset: Int, knownAt place: Int) -> Double {
        guard let splice = contexts[place]?.splice, offset - place > splice.sinceShift else { return 1 }
        return splice.factor
    }
}

/// How many values the window of a series holds at each place, in steps before the end.
struct KnownSpan: Sendable {
    private let total: Int
    private let longest: Int

    init(_ series: RegularSeries, longest: Int) {
        total = series.values.count - HistoryWindow.beginning(series.values[...])
        self.longest = longest
    }

    func count(at place: Int) -> Int { max(0, min(total - place, longest)) }
}

/// Which parameters serve which origin, all counted in steps before the end of the series.
struct FitSchedule: Sendable {
    /// Fits of the origins behind a place lie so many steps apart, where so many values are known at the origin and a
    /// third of them at the fit.
    struct Rule: Sendable {
        let count: Int
        let spacing: Int
    }

    /// The spacing where the history is short.
    let shortSpacing: Int
    /// The spacings of longer histories, by rising length.
    let longer: [Rule]
    /// With parameters that are kept over several origins of a backtest: the steps from fit to fit.
    var refitEvery: Int?

    /// The offset of the fit, never nearer to the end than the origin; `count` values are known at the place.
    func fit(_ offset: Int, for place: Int, count: Int) -> Int {
        if let refitEvery { return (offset + refitEvery - 1) / refitEvery * refitEvery }
        func back(_ spacing: Int) -> Int { (offset - place + spacing - 1) / spacing * spacing }
        let rule = longer.last {
            count - (offset - place) >= $0.count && 3 * (count - back($0.spacing)) >= $0.count
        }
        return place + back(rule?.spacing ?? shortSpacing)
    }
}

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

/// What the candidates said of a block of series, and which of them resemble each other.
struct CandidateBlock: Sendable {
    let forecasts: [CandidateForecasts]
    /// By the offset of the fit.
    let neighbours: [Int: BlockNeighbours]

    /// The pool of a fit: its neighbourhood counts the windows that there are.
    struct BlockNeighbours: Sendable {
        let neighbourhood: Neighbourhood
        /// Where each series of the block is in the pool; nil where it had no window.
        let places: [Int?]
        /// The series of each window.
        let members: [Int]
    }
}

/// Fits and runs the candidates at many origins; each sees only what lies before its origin.
struct CandidateRunner: Sendable {
    let settings: ForecastSettings
    /// The offsets, in steps before the end, at which forecasts are made and scored.
    let places: [Int]
    let plan: OriginPlan
    let schedule: FitSchedule
    private let scratch = ScratchFloats()

    init(settings: ForecastSettings, places: [Int], plan: OriginPlan, schedule: FitSchedule) {
        self.settings = settings
        self.places = places
        self.plan = plan
        self.schedule = schedule
    }

    /// Series that are worked on together, and so can learn from each other; bounded, so that memory is.
    static func blocks(_ count: Int, fits: Int) -> [Range<Int>] {
        let size = min(512, max(32, 12_000 / max(fits, 1)))
        return stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
    }

    /// Runs the series of a block.
    func run(_ block: [RegularSeries]) -> CandidateBlock {
        let spans = block.map { KnownSpan($0, longest: settings.historyMaximum) }
        let wanted = Parallel.map(block.count, threads: settings.threads) {
            slots(block[$0].values.count, spans[$0])
        }
        let logarithms = Parallel.map(block.count, threads: settings.threads) {
            SeriesLogarithms(block[$0])
        }
        let wantedFits = wanted.map { Set($0.map(\.fit)) }
        let fits = Array(wantedFits.reduce(into: Set()) { $0.formUnion($1) }).sorted()
        let sharedModels = settings.models.compactMap { $0 as? any SharedModel }
        var shared: [Int: [[Result<any FittedModel, ModelFailure>]]] = [:]
        var neighbours: [Int: CandidateBlock.BlockNeighbours] = [:]
        // The windows of few fits are kept for what else is done with them; of many, they would fill the
        // memory.
        var kept: [Int: [HistoryWindow?]] = [:]
        for fit in fits {
            let windows = Parallel.map(block.count, threads: settings.threads) { index -> HistoryWindow? in
                let series = block[index]
                guard wantedFits[index].contains(fit) else { return nil }
                return window(series, logarithms[index], offset: fit)
            }
            if fits.count <= 3 { kept[fit] = windows }
            let members = windows.indices.filter { windows[$0] != nil }
            var places = [Int?](repeating: nil, count: block.count)
            for (place, member) in members.enumerated() { places[member] = place }
            let pool = SeriesPool(
                windows.compactMap { $0 }, threads: settings.threads, isPooled: settings.isPooled)
            neighbours[fit] = CandidateBlock.BlockNeighbours(
                neighbourhood: pool.neighbours, places: places, members: members)
            shared[fit] = sharedModels.map { $0.fit(pool, horizon: settings.horizon) }
        }
        let (fitted, pools, known) = (shared, neighbours, kept)
        let runs = Parallel.map(block.count, threads: settings.threads) { index in
            let series = block[index]
            let windows = known.compactMapValues { $0[index] }
            return runOne(
                series, logarithms[index], slots: wanted[index], span: spans[index], windows: windows
            ) { model, fit in
                guard let place = pools[fit]?.places[index], let results = fitted[fit]?[model],
                    place < results.count
                else { return .failure(ModelFailure("no value was observed")) }
                return results[place]
            }
        }
        shared = [:]
        var forecasts = runs.map(\.forecasts)
        for fit in fits {
            guard let pool = neighbours[fit] else { continue }
            let windows =
                kept[fit]?.compactMap { $0 }
                ?? Parallel.map(pool.members.count, threads: settings.threads) { place in
                    window(block[pool.members[place]], logarithms[pool.members[place]], offset: fit)
                }.compactMap { $0 }
            addPassing(
                SeriesPool(
                    windows, threads: settings.threads, neighbours: pool.neighbourhood, scratch: scratch),
                fit: fit, members: pool.members, runs: runs, to: &forecasts)
        }
        return CandidateBlock(forecasts: forecasts, neighbours: neighbours)
    }

    /// Fits the models whose fits are not kept, and adds their forecasts from all origins that the fit
    /// serves.
    private func addPassing(
        _ pool: SeriesPool, fit: Int, members: [Int], runs: [SeriesRun],
        to forecasts: inout [CandidateForecasts]
    ) {
        let slots = members.map { member in
            runs[member].origins.keys.filter { $0.fit == fit }.sorted { $0.offset < $1.offset }
        }
        let origins = zip(members, slots).map { member, slots in
            slots.compactMap { runs[member].origins[$0] }
        }
        for (number, model) in settings.models.enumerated() {
            guard let model = model as? any PassingModel else { continue }
            let found = model.forecasts(
                pool, from: origins.map { $0.map(\.values) }, horizon: settings.horizon)
            for (place, member) in members.enumerated() {
                for (index, slot) in slots[place].enumerated() {
                    forecasts[member].bySlot[slot]?[number] = found[place].flatMap {
                        origins[place][index].limits.answer($0[index])
                    }
                }
            }
        }
    }

    /// The forecasts wanted of a history of so many values, by fit, so that each fit serves at once.
    private func slots(_ count: Int, _ span: KnownSpan) -> [CandidateForecasts.Slot] {
        var slots: Set<CandidateForecasts.Slot> = []
        for place in places where place < count || place == 0 {
            let known = span.count(at: place)
            // What begins later has no origins before its beginning.
            let origins = plan.origins(count: known).filter { $0.offset < known }
            for offset in [place] + origins.map({ place + $0.offset }) {
                slots.insert(
                    CandidateForecasts.Slot(
                        offset: offset, fit: schedule.fit(offset, for: place, count: known)))
            }
        }
        return slots.sorted { ($0.fit, $0.offset) < ($1.fit, $1.offset) }
    }

    private func window(_ series: RegularSeries, _ logarithms: SeriesLogarithms, offset: Int)
        -> HistoryWindow?
    {
        HistoryWindow(
            series, logarithms, end: series.values.count - offset, seasons: settings.seasons,
            hasCalendar: settings.hasCalendar, maximumCount: settings.historyMaximum)
    }

    private func runOne(
        _ series: RegularSeries, _ logarithms: SeriesLogarithms, slots: [CandidateForecasts.Slot],
        span: KnownSpan, windows: [Int: HistoryWindow],
        shared: (Int, Int) -> Result<any FittedModel, ModelFailure>
    ) -> SeriesRun {
        let hasPassing = settings.models.contains { $0 is any PassingModel }
        var origins: [CandidateForecasts.Slot: RunOrigin] = [:]
        var bySlot: [CandidateForecasts.Slot: [Result<[Double], ModelFailure>]] = [:]
        var windows = windows
        var contexts: [Int: OriginContext] = [:]
        var fitted: (offset: Int, models: [Result<any FittedModel, ModelFailure>])?
        func window(at offset: Int) -> HistoryWindow? {
            if let known = windows[offset] { return known }
            let made = self.window(series, logarithms, offset: offset)
            windows[offset] = made
            return made
        }
        for slot in slots {
            guard let current = window(at: slot.offset) else { continue }
            // Zeros and what was there before a listing were another series.
            if let before = window(at: slot.fit), before.count > current.count {
                bySlot[slot] = settings.models.map { _ in
                    .failure(ModelFailure("the history begins after the fit"))
                }
                continue
            }
            if fitted?.offset != slot.fit {
                fitted = (slot.fit, fit(window(at: slot.fit), at: slot.fit, shared: shared))
            }
            if contexts[slot.offset] == nil, places.contains(slot.offset) {
                contexts[slot.offset] = OriginContext(current, settings)
            }
            let limits = OriginLimits(
                range: ForecastLimits(current), closed: ClosedHours(current), clock: current.clock)
            if hasPassing { origins[slot] = RunOrigin(values: RecentValues(current), limits: limits) }
            bySlot[slot] = fitted?.models.map { result in
                result.flatMap { limits.answer($0.forecast(current, horizon: settings.horizon)) }
            }
            current.forgetScaled()
        }
        let forecasts = CandidateForecasts(
            values: series.values.map { $0.isFinite ? $0 : .nan }, span: span, bySlot: bySlot,
            contexts: contexts, schedule: schedule)
        return SeriesRun(forecasts: forecasts, origins: origins)
    }

    private func fit(
        _ window: HistoryWindow?, at offset: Int, shared: (Int, Int) -> Result<any FittedModel, ModelFailure>
    ) -> [Result<any FittedModel, ModelFailure>] {
        var sharedCount = 0
        return settings.models.map { model in
            if model is any SharedModel {
                sharedCount += 1
                return shared(sharedCount - 1, offset)
            }
            guard let window, !(model is any PassingModel) else {
                return .failure(ModelFailure("no value was observed"))
            }
            guard let single = model as? any SingleSeriesModel else {
                return .failure(ModelFailure("was not fitted"))
            }
            return single.result(window)
        }
    }
}

extension OriginContext {
    /// Of a season seen in part, half of the mean, falling to a quarter as it fills; of one seen whole, the
    /// mean distance from the mean: the next day may be as far off as hours of the day are from each other.
    private static func guessedError(_ window: HistoryWindow, _ season: Int, _ mean: Double) -> Double {
        let seen = Double(window.observedCount) / Double(season)
        if seen < 1 { return mean * (0.5 - 0.25 * seen) }
        var sum = 0.0
        for value in window.observed where !value.isNaN { sum += value }
        let middle = sum / Double(window.observedCount)
        var distance = 0.0
        for value in window.observed where !value.isNaN { distance += abs(value - middle) }
        return distance / Double(window.observedCount)
    }
}

/// What came of one series: the forecasts of its models, but for those whose fits are not kept, and what
/// these need.
private struct SeriesRun: Sendable {
    let forecasts: CandidateForecasts
    let origins: [CandidateForecasts.Slot: RunOrigin]
}

/// One origin of a series.
private struct RunOrigin: Sendable {
    let values: RecentValues
    let limits: OriginLimits
}

/// What bounds every forecast from one origin.
private struct OriginLimits: Sendable {
    let range: ForecastLimits
    let closed: ClosedHours
    let clock: SessionClock?

    /// The forecast within the bounds; a failure where it is not finite.
    func answer(_ forecast: [Double]) -> Result<[Double], ModelFailure> {
        guard forecast.allSatisfy(\.isFinite) else {
            return .failure(ModelFailure("the forecast is not finite"))
        }
        var result = forecast
        for step in result.indices { result[step] = range.clip(result[step]) }
        closed.apply(to: &result)
        return .success(clock?.applied(toForecast: result) ?? result)
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
        // The range of a history that holds no season says little.
        let width = range > 0 && window.shortSeason != nil ? range : max(range, abs(window.maximum))
        low = window.minimum >= 0 ? 0 : window.minimum - 0.5 * range
        high = window.maximum + 0.5 * range
        highestQuantile = max(window.highestScored, window.maximum) + 4 * width
    }

    func clip(_ value: Double) -> Double { min(max(value, low), high) }
}
