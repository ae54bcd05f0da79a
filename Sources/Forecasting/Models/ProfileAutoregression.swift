import Foundation

/// The hour-of-week profile plus a ridge autoregression of what it leaves.
public struct ProfileAutoregression: SingleSeriesModel {
    /// The scale on which the profile adds.
    public enum Scale: String, Sendable {
        case logarithm = "log"
        case squareRoot = "sqrt"
    }

    private let shrinkage: Double
    private let scale: Scale
    /// `profile_ar_<scale>_<shrinkage>`.
    public var name: String {
        "profile_ar_\(scale.rawValue)_" + (shrinkage < 1 ? "weekly" : "daily")
    }

    /// A model whose weekly profile is shrunk to the daily one with the weight of `shrinkage` visits.
    public init(shrinkage: Double, scale: Scale) {
        self.shrinkage = shrinkage
        self.scale = scale
    }

    /// Needs two of the longest season in use.
    public func fit(_ window: HistoryWindow) throws(ModelFailure) -> any FittedModel {
        guard let short = window.shortSeason else {
            throw ModelFailure("the history covers less than two seasons")
        }
        let long = window.longSeason ?? short
        let transform = valueScale(for: window)
        let draft = Fitted(
            short: short, long: long, shrinkage: shrinkage, scale: transform, regression: nil)
        let (_, rest) = draft.split(window)
        let lags = LagChoice.profile(short: short, count: window.count)
        guard
            let regression = LagRegression(
                rest,
                isTarget: window.isComplete
                    ? nil : { window.isObserved(window.count - rest.count + $0) },
                lags: lags, penalty: LagChoice.profilePenalty, centreSpan: long)
        else { throw .tooShort(window, needs: 2 * short + 3 * lags.count + 10) }
        return Fitted(
            short: short, long: long, shrinkage: shrinkage, scale: transform, regression: regression)
    }

    private func valueScale(for window: HistoryWindow) -> ValueScale {
        switch (scale, window.logScale) {
        case (.squareRoot, .logarithm(let offset)): .squareRoot(offset: offset)
        default: window.logScale
        }
    }

    private struct Fitted: FittedModel {
        let short: Int
        let long: Int
        let shrinkage: Double
        let scale: ValueScale
        let regression: LagRegression?

        /// The profile, and the last values without it.
        func split(_ window: HistoryWindow) -> (SeasonalProfile, [Double]) {
            let profile = window.profile(on: scale, shrinkage: shrinkage)
            return (profile, profile.rest(of: window.scaled(scale).values))
        }

        func forecast(_ window: HistoryWindow, horizon: Int) -> [Double] {
            let (profile, rest) = split(window)
            let rests = regression?.extend(rest, by: horizon) ?? [Double](repeating: 0, count: horizon)
            return rests.enumerated().map { scale.invert($1 + profile.value(atStep: $0)) }
        }
    }
}
