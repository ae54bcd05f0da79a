import Numerics
import Synchronization
import Units

/// What a model sees of one series: everything before an origin and nothing after.
///
/// Missing values and outages carry no weight; models that need every value read `filled`. Phases of the
/// seasons count from the origin: step `h` of the forecast has the phase of the value `season − h` places
/// before the end.
public struct HistoryWindow: Sendable {
    /// The name of the series.
    public let id: SeriesID
    /// The instant of the first forecast step.
    public let origin: Timestamp
    /// Seconds from one value to the next.
    public let stepSeconds: Int64
    /// The values as models learn from them, at the level of today; NaN is missing, an outage or a lone outlier.
    public let observed: [Double]
    /// The values by which forecasts are judged: with the outliers.
    public let scored: [Double]
    /// The values with gaps filled from the same phase of the neighbouring seasons.
    public let filled: [Double]
    /// Whether no value is missing.
    public let isComplete: Bool
    /// Number of values that are there.
    public let observedCount: Int
    /// The smallest value observed.
    public let minimum: Double
    /// The largest value observed.
    public let maximum: Double
    /// Whether models learn from other values than those by which forecasts are judged.
    let isScreened: Bool
    /// The places of outages, which are NaN in both.
    let outages: [Int]
    /// The clock by which the values are placed; nil for UTC.
    let clock: SessionClock?
    /// The last shift of the level, to which what lies before it is carried; nil where there was none.
    let splice: LevelSplice?
    /// The largest value with the outliers.
    public let highestScored: Double
    /// The lengths of the seasons in steps, rising, of which the history holds at least two.
    public let seasons: [Int]
    /// Whether `origin` is a true instant, so that calendars apply.
    public let hasCalendar: Bool
    /// The logarithmic scale of this series; the identity where values are negative.
    public let logScale: ValueScale
    /// `filled` on the logarithmic scale.
    public let logs: [Double]

    /// Profiles that several models want.
    private let profiles = ProfileCache()

    /// Number of steps in the window.
    public var count: Int { observed.count }

    /// The shortest season, as the day in hours.
    public var shortSeason: Int? { seasons.first }

    /// The next season that is a whole multiple of the shortest, as the week in hours.
    public var longSeason: Int? {
        guard let short = seasons.first else { return nil }
        return seasons.dropFirst().first { $0 % short == 0 }
    }

    /// The window of a series before an origin, or nil where nothing is observed.
    ///
    /// `end` counts values from the start of the series; with more than `maximumCount` values only the last
    /// are kept.
    public init?(
        _ series: RegularSeries, end: Int, seasons: [Int], hasCalendar: Bool, maximumCount: Int = 26_280
    ) {
        self.init(
            series, SeriesLogarithms(series), end: end, seasons: seasons, hasCalendar: hasCalendar,
            maximumCount: maximumCount)
    }

    /// The same with the logarithms of the series.
    init?(
        _ series: RegularSeries, _ logarithms: SeriesLogarithms, end: Int, seasons: [Int],
        hasCalendar: Bool, maximumCount: Int
    ) {
        let stop = min(max(end, 0), series.values.count)
        var first = max(0, stop - maximumCount)
        first += HistoryWindow.beginning(series.values[first..<stop])
        guard first < stop else { return nil }
        let end = series.time(at: stop)
        clock =
            hasCalendar
            ? SessionClock(series.values[first..<stop], end: end, stepSeconds: series.stepSeconds) : nil
        var values = Array(series.values[first..<stop])
        clock?.apply(to: &values)
        var extent = Extent(cleaning: &values)
        let held = seasons.filter { $0 > 1 && 2 * $0 <= values.count }.sorted()
        outages = OutageMask.apply(to: &values, seasons: held, extent: extent)
        if !outages.isEmpty { extent = Extent(cleaning: &values) }
        splice = LevelSplice.apply(to: &values, seasons: held, extent: extent)
        if splice != nil { extent = Extent(cleaning: &values) }
        scored = values
        highestScored = extent.highest
        let screened = OutlierScreen.apply(to: &values, seasons: held, extent: extent) {
            logarithms.window($0, from: first)
        }
        isScreened = screened
        if screened {
            extent = Extent(cleaning: &values)
        }
        guard extent.count > 0 else { return nil }

        id = series.id
        origin = end
        stepSeconds = series.stepSeconds
        observed = values
        isComplete = extent.count == values.count
        observedCount = extent.count
        filled = isComplete ? values : GapFilling.fill(values, seasons: held)
        minimum = extent.lowest
        maximum = extent.highest
        self.seasons = held
        self.hasCalendar = hasCalendar
        logScale = ValueScale.logarithmic(values, extent, middle: Summary.mean) ?? .identity
        logs =
            logScale == .logarithm(offset: 0)
            ? logarithms.window(filled, from: first) : filled.map(logScale.apply)
    }

    /// How many values come before the first demand: what is missing, and zeros before anything was there to count.
    /// Of zeros only, what is missing.
    static func beginning(_ values: ArraySlice<Double>) -> Int {
        let first =
            values.firstIndex { $0.isFinite && $0 != 0 } ?? values.firstIndex { $0.isFinite }
            ?? values.endIndex
        return first - values.startIndex
    }

    /// The last filled values on a scale: at most `count`.
    public func values(on scale: ValueScale, last count: Int) -> [Double] {
        if scale == logScale { return Array(logs.suffix(count)) }
        let values = filled.suffix(count)
        switch scale {
        case .identity: return Array(values)
        case .squareRoot(let offset): return values.map { max($0 + offset, 0).squareRoot() }
        case .logarithm: return values.map(scale.apply)
        }
    }

    /// The robust profile of the seasons on a scale, found once for all models that want it.
    ///
    /// The window must hold a season twice.
    func profile(on scale: ValueScale, shrinkage: Double) -> SeasonalProfile {
        profiles.profile(ProfileCache.Key(scale: scale, shrinkage: shrinkage)) {
            SeasonalProfile(
                scaled(scale).rest, decay: SeasonalProfile.seasonDecay, shrinkage: shrinkage, isRobust: true)
        }
    }

    /// The last values on a scale, and what their level leaves of them; found once, and kept until
    /// `forgetScaled`.
    ///
    /// The window must hold a season twice.
    func scaled(_ scale: ValueScale) -> ScaledValues {
        profiles.scaled(scale) {
            let short = shortSeason ?? 1
            let long = longSeason ?? short
            let values = self.values(on: scale, last: HistorySpan.adaptive(long))
            let first = count - values.count
            let rest = LevelRest(
                values, isObserved: isComplete ? nil : { isObserved(first + $0) }, short: short, long: long,
                followsSlope: true)
            return ScaledValues(values: values, rest: rest)
        }
    }

    /// Lets go what only the models of one origin share.
    func forgetScaled() { profiles.forgetScaled() }

    /// What the profile leaves on the logarithmic scale, of the last values; found once.
    func rest(make: () -> ProfileRest) -> ProfileRest { profiles.rest(make) }

    /// Whether a value was observed.
    public func isObserved(_ index: Int) -> Bool { !observed[index].isNaN }

    /// Steps from an earlier origin of the same series to this one.
    func steps(since earlier: Timestamp) -> Int {
        max(0, Int((origin.seconds - earlier.seconds) / stepSeconds))
    }
}

/// The last values of a window on a scale, and what their level leaves of them.
struct ScaledValues: Sendable {
    let values: [Double]
    let rest: LevelRest
}

/// The number and the range of the values that are there.
struct Extent {
    private(set) var count = 0
    private(set) var lowest = Double.infinity
    private(set) var highest = -Double.infinity

    /// Looks through the values; what is not finite becomes NaN.
    init(cleaning values: inout [Double]) {
        for index in values.indices {
            let value = values[index]
            guard value.isFinite else {
                values[index] = .nan
                continue
            }
            count += 1
            lowest = value < lowest ? value : lowest
            highest = value > highest ? value : highest
        }
    }
}

/// What several models want of one window: profiles by scale and shrinkage, and the rest.
private final class ProfileCache: Sendable {
    struct Key: Hashable {
        let scale: ValueScale
        let shrinkage: Double
    }

    private let found = Mutex<[Key: SeasonalProfile]>([:])
    private let foundRest = Mutex<ProfileRest?>(nil)
    private let foundScaled = Mutex<[ValueScale: ScaledValues]>([:])

    func scaled(_ scale: ValueScale, make: () -> ScaledValues) -> ScaledValues {
        if let known = foundScaled.withLock({ $0[scale] }) { return known }
        let made = make()
        foundScaled.withLock { $0[scale] = made }
        return made
    }

    func forgetScaled() { foundScaled.withLock { $0 = [:] } }

    func rest(_ make: () -> ProfileRest) -> ProfileRest {
        if let known = foundRest.withLock({ $0 }) { return known }
        let made = make()
        foundRest.withLock { $0 = made }
        return made
    }

    func profile(_ key: Key, make: () -> SeasonalProfile) -> SeasonalProfile {
        if let known = found.withLock({ $0[key] }) { return known }
        let made = make()
        found.withLock { $0[key] = made }
        return made
    }
}
