import Foundation

/// Forecasts of what the robust seasonal profile leaves of a series on the log scale, put back on the
/// profile.
enum RestForecast {
    /// The rest of a window, or the reason why there is none.
    static func rest(of window: HistoryWindow) throws(ModelFailure) -> ProfileRest {
        guard let short = window.shortSeason else {
            throw ModelFailure("the history covers less than two seasons")
        }
        return window.rest {
            let profile = window.profile(on: window.logScale, shrinkage: SeasonalProfile.weeklyShrinkage)
            let values = profile.rest(of: window.scaled(window.logScale).values)
            let first = window.count - values.count
            let isObserved =
                window.isComplete
                ? [Bool](repeating: true, count: values.count)
                : values.indices.map { window.isObserved(first + $0) }
            return ProfileRest(
                values: values, isObserved: isObserved, isComplete: window.isComplete, profile: profile,
                short: short)
        }
    }

    /// A path of the rest on the profile, on the scale of the series.
    static func onProfile(_ path: [Double], _ rest: ProfileRest, _ window: HistoryWindow) -> [Double] {
        path.enumerated().map { window.logScale.invert($1 + rest.profile.value(atStep: $0)) }
    }

    /// A fitted model that forecasts the rest anew at each origin.
    struct Model: FittedModel {
        let path: @Sendable (ProfileRest, Int) -> [Double]?

        func forecast(_ window: HistoryWindow, horizon: Int) -> [Double] {
            guard let rest = try? RestForecast.rest(of: window), let path = path(rest, horizon) else {
                return [Double](repeating: .nan, count: horizon)
            }
            return RestForecast.onProfile(path, rest, window)
        }
    }

    /// Means over whole short seasons, oldest first.
    static func seasonMeans(_ rest: ProfileRest) -> [Double] {
        let count = rest.values.count / rest.short
        let first = rest.values.count - count * rest.short
        return (0..<count).map { block in
            var sum = 0.0
            for index in 0..<rest.short { sum += rest.values[first + block * rest.short + index] }
            return sum / Double(rest.short)
        }
    }
}
