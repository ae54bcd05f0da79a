import Numerics
import Units

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

    /// Bounds of a block, and how many windows it may hold. Chosen for memory.
    private static let blockSizes = 32...512
    private static let blockWindowsMax = 12_000

    /// Series that are worked on together, and so can learn from each other; bounded, so that memory is.
    static func blocks(_ count: Int, fits: Int) -> [Range<Int>] {
        let size = min(blockSizes.upperBound, max(blockSizes.lowerBound, blockWindowsMax / max(fits, 1)))
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
        let fits = sharedFits(block, logarithms, wanted: wanted.map { Set($0.map(\.fit)) })
        let runs = Parallel.map(block.count, threads: settings.threads) { index in
            let windows = fits.kept.compactMapValues { $0[index] }
            return runOne(
                block[index], logarithms[index], slots: wanted[index], span: spans[index], windows: windows
            ) { model, fit in fits.result(model, fit: fit, series: index) }
        }
        // The models themselves are no longer needed, and many.
        let (neighbours, kept) = (fits.neighbours, fits.kept)
        var forecasts = runs.map(\.forecasts)
        for (fit, pool) in neighbours.sorted(by: { $0.key < $1.key }) {
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

    /// Fits the models that share work, at every fit that a series of the block wants.
    private func sharedFits(
        _ block: [RegularSeries], _ logarithms: [SeriesLogarithms], wanted: [Set<Int>]
    ) -> SharedFits {
        let fits = Array(wanted.reduce(into: Set()) { $0.formUnion($1) }).sorted()
        let sharedModels = settings.models.compactMap { $0 as? any SharedModel }
        var result = SharedFits()
        for fit in fits {
            let windows = Parallel.map(block.count, threads: settings.threads) { index -> HistoryWindow? in
                let series = block[index]
                guard wanted[index].contains(fit) else { return nil }
                return window(series, logarithms[index], offset: fit)
            }
            if fits.count <= SharedFits.keptMax { result.kept[fit] = windows }
            let members = windows.indices.filter { windows[$0] != nil }
            var places = [Int?](repeating: nil, count: block.count)
            for (place, member) in members.enumerated() { places[member] = place }
            let pool = SeriesPool(
                windows.compactMap { $0 }, threads: settings.threads, isPooled: settings.isPooled)
            result.neighbours[fit] = CandidateBlock.BlockNeighbours(
                neighbourhood: pool.neighbours, places: places, members: members)
            result.models[fit] = sharedModels.map { $0.fit(pool, horizon: settings.horizon) }
        }
        return result
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
        let lastUses = CandidateRunner.lastUses(of: slots)
        for (number, slot) in slots.enumerated() {
            // Of a long history a window is megabytes, and of a long backtest there are hundreds.
            defer {
                for offset in Set([slot.offset, slot.fit]) where lastUses[offset] == number {
                    windows[offset] = nil
                }
            }
            guard let current = window(at: slot.offset) else { continue }
            // Zeros and what was there before a listing were another series.
            if let before = window(at: slot.fit), before.count > current.count {
                bySlot[slot] = settings.models.map { _ in
                    .failure(ModelFailure("the series starts after the fit"))
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

    /// By offset, the place of the last slot that wants its window.
    private static func lastUses(of slots: [CandidateForecasts.Slot]) -> [Int: Int] {
        var uses: [Int: Int] = [:]
        for (number, slot) in slots.enumerated() {
            uses[slot.offset] = number
            uses[slot.fit] = number
        }
        return uses
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
                return .failure(ModelFailure("the series has no values"))
            }
            guard let single = model as? any SingleSeriesModel else {
                return .failure(ModelFailure("was not fitted"))
            }
            return single.result(window)
        }
    }
}

/// The fits of the models that share work, by the offset of the fit.
private struct SharedFits: Sendable {
    /// By model and place in the pool.
    var models: [Int: [[Result<any FittedModel, ModelFailure>]]] = [:]
    var neighbours: [Int: CandidateBlock.BlockNeighbours] = [:]
    /// The windows of few fits, by series, for what else is done with them; of many, they would fill the memory.
    var kept: [Int: [HistoryWindow?]] = [:]

    /// The most fits whose windows are kept.
    static let keptMax = 3

    /// The fitted model of a series of the block.
    func result(_ model: Int, fit: Int, series: Int) -> Result<any FittedModel, ModelFailure> {
        guard let place = neighbours[fit]?.places[series], let results = models[fit]?[model],
            place < results.count
        else { return .failure(ModelFailure("no value was observed")) }
        return results[place]
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
