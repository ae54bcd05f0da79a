import Foundation
import Numerics

/// The profile on the level since the last shift, where there has been one.
///
/// A shift is the cut between two runs of daily means, the later of two to 28 days, whose medians differ by
/// more than five robust deviations of the days about them and by more than the days before the shift ever
/// moved from one week to the next.
public struct LevelShift: SingleSeriesModel {
    public let name = "level_shift"
    public let handicap = Double.reserveHandicap

    public init() {}

    /// Needs three weeks (21 short seasons) and a shift.
    public func fit(_ window: HistoryWindow) throws(ModelFailure) -> any FittedModel {
        let rest = try RestForecast.rest(of: window)
        guard rest.values.count >= 21 * rest.short else { throw .tooShort(window, needs: 21 * rest.short) }
        guard LevelShift.lastShift(RestForecast.seasonMeans(rest)) != nil else {
            throw ModelFailure("no level shift")
        }
        return RestForecast.Model { rest, horizon in
            let means = RestForecast.seasonMeans(rest)
            guard let days = LevelShift.lastShift(means) else { return nil }
            let level = Selection.median(Array(means.suffix(days)))
            return [Double](repeating: level, count: horizon)
        }
    }

    /// Robust deviations of the days about a shift from which it is one. Chosen, not measured.
    private static let shiftDeviations = 5.0

    /// The number of days since the last shift; nil where there is none.
    static func lastShift(_ means: [Double]) -> Int? {
        guard means.count >= 16 else { return nil }
        var best: (days: Int, size: Double)?
        for days in 2...min(28, means.count - 14) {
            let after = Array(means.suffix(days))
            let before = Array(means.dropLast(days).suffix(14))
            let (levelAfter, levelBefore) = (Selection.median(after), Selection.median(before))
            let scatter = Selection.medianAbsolute(
                before.map { $0 - levelBefore } + after.map { $0 - levelAfter })
            let size = abs(levelAfter - levelBefore) / (RobustScale.madToSigma * scatter + 1e-9)
            if size > shiftDeviations, size > best?.size ?? 0 { best = (days, size) }
        }
        return best?.days
    }
}
