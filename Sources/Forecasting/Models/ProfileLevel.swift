import Foundation

/// The hour-of-week profile on the log scale plus an exponentially weighted level.
public struct ProfileLevel: SingleSeriesModel {
    public let name = "profile_level"
    public let handicap = Double.reserveHandicap

    public init() {}

    /// The weight of a long season in the profile over that of the one after it. Chosen, not measured.
    private static let seasonDecay = 0.7
    /// The weight of a step in the level over that of the next one, at a season of 24 steps: a memory of two days.
    /// Chosen, not measured.
    private static let hourDecay = 0.98

    /// Needs two of the shortest season.
    public func fit(_ window: HistoryWindow) throws(ModelFailure) -> any FittedModel {
        guard let short = window.shortSeason else {
            throw ModelFailure("the history covers less than two seasons")
        }
        return Fitted(short: short, long: window.longSeason ?? short)
    }

    private struct Fitted: FittedModel {
        let short: Int
        let long: Int

        func forecast(_ window: HistoryWindow, horizon: Int) -> [Double] {
            let values = Array(window.logs.suffix(HistorySpan.adaptive(long)))
            let first = window.count - values.count
            let rest = LevelRest(
                values, isObserved: window.isComplete ? nil : { window.isObserved(first + $0) }, short: short,
                long: long, followsSlope: false)
            let profile = SeasonalProfile(
                rest, decay: ProfileLevel.seasonDecay, shrinkage: SeasonalProfile.weeklyShrinkage)
            let rests = profile.rest(of: values)
            let decay = Foundation.pow(ProfileLevel.hourDecay, 24 / Double(short))
            var weight = 1.0
            var total = 0.0
            var sum = 0.0
            for index in rests.indices.reversed() {
                if window.isComplete || window.isObserved(first + index) {
                    total += weight
                    sum += weight * rests[index]
                }
                weight *= decay
            }
            let level = total > 0 ? sum / total : 0
            return (0..<horizon).map { window.logScale.invert(level + profile.value(atStep: $0)) }
        }
    }
}
