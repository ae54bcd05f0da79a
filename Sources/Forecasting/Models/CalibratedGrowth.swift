import Foundation
import Numerics

/// Calibrated growth after Card (Doornik, Castle and Hendry 2020): the mean of a growth forecast and an
/// autoregressive one, calibrated by a second regression that takes it for observed.
///
/// *Delta*: the daily means grow by the mean of their past growth without its largest quarter, damped.
/// *Rho*: the rest of the profile returns to its mean at its first-order autocorrelation. Their mean is appended
/// to the history; the autoregression of the whole is fitted, and its fitted values over the horizon are the
/// forecast.
public struct CalibratedGrowth: SingleSeriesModel {
    public let name = "calibrated_growth"

    public init() {}

    /// A season's growth over that of the season before it. Chosen, not measured.
    private static let growthDecay = 0.9
    /// The longest memory of the distance from the mean, for each step. Chosen, not measured.
    private static let memoryMax = 0.995

    /// Needs two long seasons.
    public func fit(_ window: HistoryWindow) throws(ModelFailure) -> any FittedModel {
        guard let short = window.shortSeason else {
            throw ModelFailure("the history covers less than two seasons")
        }
        let needs = 2 * (window.longSeason ?? short)
        guard window.count >= needs else { throw .tooShort(window, needs: needs) }
        return RestForecast.Model { rest, horizon in
            let delta = CalibratedGrowth.delta(rest, horizon: horizon)
            let rho = CalibratedGrowth.rho(rest, horizon: horizon)
            let path = zip(delta, rho).map { ($0 + $1) / 2 }
            return CalibratedGrowth.calibrated(path, rest)
        }
    }

    private static func delta(_ rest: ProfileRest, horizon: Int) -> [Double] {
        let means = RestForecast.seasonMeans(rest)
        let last = means.last ?? 0
        let growths = zip(means.dropFirst(), means).suffix(28).map { $0 - $1 }.sorted { abs($0) < abs($1) }
        let kept = growths.prefix((growths.count * 3 + 3) / 4)
        let growth = kept.isEmpty ? 0 : kept.reduce(0, +) / Double(kept.count)
        return (0..<horizon).map { step in
            let seasons = Double(step) / Double(rest.short) + 0.5
            return last + growth * (1 - pow(growthDecay, seasons)) / (1 - growthDecay)
        }
    }

    private static func rho(_ rest: ProfileRest, horizon: Int) -> [Double] {
        let recent = rest.values.suffix(28 * rest.short)
        let mean = Summary.mean(recent)
        var square = 1e-12
        var product = 0.0
        for (now, next) in zip(recent, recent.dropFirst()) {
            square += (now - mean) * (now - mean)
            product += (now - mean) * (next - mean)
        }
        let memory = min(max(product / square, 0), memoryMax)
        var distance = (recent.last ?? mean) - mean
        return (0..<horizon).map { _ in
            distance *= memory
            return mean + distance
        }
    }

    private static func calibrated(_ path: [Double], _ rest: ProfileRest) -> [Double]? {
        // Eight weeks teach the second regression enough.
        let known = min(rest.values.count, 56 * rest.short)
        let values = Array(rest.values.suffix(known)) + path
        let isObserved = rest.isObserved.suffix(known)
        let regression = LagRegression(
            values,
            isTarget: rest.isComplete ? nil : { $0 >= known || isObserved[isObserved.startIndex + $0] },
            lags: LagChoice.profile(short: rest.short, count: known), penalty: LagChoice.profilePenalty,
            centreSpan: 7 * rest.short)
        guard let regression else { return nil }
        return path.indices.map { step in
            var next = regression.intercept
            for (lag, coefficient) in zip(regression.lags, regression.coefficients) {
                next += coefficient * (values[known + step - lag] - regression.centre) / regression.scale
            }
            return next * regression.scale + regression.centre
        }
    }
}
