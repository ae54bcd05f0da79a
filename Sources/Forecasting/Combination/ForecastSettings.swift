/// What to forecast, and how.
public struct ForecastSettings: Sendable {
    /// Steps ahead.
    public var horizon: Int
    /// Lengths of the seasons in steps, as 24 and 168 for hours; may be empty.
    public var seasons: [Int]
    /// Whether each series gets the seasons that `SeasonSearch` finds in it, instead of `seasons`.
    public private(set) var findsSeasons = false
    /// Whether the series' instants are true ones, so that calendars apply.
    public var hasCalendar: Bool
    /// Threads to use; the results do not depend on them.
    public var threads: Int
    /// The candidates.
    public var models: [any ForecastModel]
    /// Levels of the quantiles, rising.
    public var levels: [Double]
    /// The longest history that candidates see, in steps.
    public var historyMaximum = 26_280
    /// Whether series lend to those that resemble them: coefficients, weights of candidates, and quantiles of
    /// errors.
    public var isPooled = true
    /// Events that are known beforehand, past and future.
    public var events: [PlannedEvent] = []

    /// Where the candidates come from.
    private enum Choice { case standard, light, given }
    private var choice: Choice

    /// Settings with the standard candidates and levels; without `seasons` each series' own are found.
    ///
    /// Seasons below two steps are dropped; the horizon is held between 1 and `longestHorizon` steps.
    public init(
        horizon: Int, seasons: [Int]?, hasCalendar: Bool = true, threads: Int = 1,
        models: [any ForecastModel]? = nil, levels: [Double] = ForecastSettings.standardLevels
    ) {
        self.horizon = min(max(1, horizon), ForecastSettings.longestHorizon)
        self.seasons = Array(Set((seasons ?? []).filter { $0 > 1 })).sorted()
        findsSeasons = seasons == nil
        choice = models == nil ? .standard : .given
        self.hasCalendar = hasCalendar
        self.threads = max(1, threads)
        self.models = models ?? ForecastSettings.standardModels(seasons: self.seasons)
        self.levels = levels.sorted()
    }

    /// The same for series of known seasons. Of a day of the calendar also the week is repeated by candidates, though
    /// the history may not hold it twice.
    func with(seasons: [Int], stepSeconds: Int64) -> ForecastSettings {
        var result = self
        result.seasons = Array(Set(seasons.filter { $0 > 1 })).sorted()
        result.findsSeasons = false
        let natural = hasCalendar ? SeasonSearch.naturalSeasons(stepSeconds) : [24, 168]
        let repeated = result.seasons == Array(natural.prefix(1)) ? natural : result.seasons
        switch choice {
        case .standard: result.models = ForecastSettings.standardModels(seasons: repeated)
        case .light: return result.light()
        case .given: break
        }
        return result
    }

    /// The longest horizon in steps.
    public static let longestHorizon = 100_000

    /// 0.025, 0.1, 0.5, 0.8, 0.9, 0.95, 0.975, 0.99 and 0.999.
    public static let standardLevels = [0.025, 0.1, 0.5, 0.8, 0.9, 0.95, 0.975, 0.99, 0.999]

    /// The name of a level's column in tables: `q025`, `q10`, `q999`.
    public static func columnName(ofLevel level: Double) -> String {
        var digits = String(Int(saturating: (level * 1000).rounded()))
        digits = String(repeating: "0", count: max(0, 3 - digits.count)) + digits
        return "q" + (digits.hasSuffix("0") ? String(digits.dropLast()) : digits)
    }

    /// The same for a backtest of very many origins: three quick candidates on eight of the longest season.
    ///
    /// Ten thousand origins of every candidate take many minutes a series, and a shorter history hardly moves
    /// a forecast of an hour.
    public func light() -> ForecastSettings {
        var result = self
        result.choice = .light
        result.models =
            [ExponentialLevel(), ProfileLevel()] + seasons.prefix(2).map { SeasonalNaive(season: $0) }
        result.historyMaximum = max(8 * (seasons.last ?? 42), 336)
        return result
    }

    /// Every candidate that there is.
    public static func standardModels(seasons: [Int]) -> [any ForecastModel] {
        var models: [any ForecastModel] = [ExponentialLevel()]
        models += seasons.prefix(2).map { SeasonalNaive(season: $0) }
        models += [LastValue()] + seasons.prefix(1).map { SeasonalWalk(season: $0) }
        models += [DampedLevel(), RecentMean(seasons: 8)]
        if let longest = seasons.prefix(2).last { models.append(SeasonalMedian(season: longest)) }
        models += [
            HarmonicRegression(),
            ProfileLevel(),
            ProfileAutoregression(shrinkage: SeasonalProfile.weeklyShrinkage, scale: .logarithm),
            ProfileAutoregression(shrinkage: SeasonalProfile.dailyShrinkage, scale: .logarithm),
            ProfileAutoregression(shrinkage: SeasonalProfile.weeklyShrinkage, scale: .squareRoot),
            LagAutoregression(),
            DummyAutoregression(.weekly),
            DummyAutoregression(.daily),
            DoubleSeasonalSmoothing(),
            PooledRegression(.logarithm),
            PooledRegression(.short),
            PooledRegression(.plain),
            PooledRegression(.rest),
            Theta(),
            DampedTrend(),
            CalibratedGrowth(),
            LevelShift(),
            IntermittentDemand(),
        ]
        return models
    }
}
