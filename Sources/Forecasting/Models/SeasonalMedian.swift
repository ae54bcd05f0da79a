import Numerics

/// Repeats the median of the last three seasons, phase by phase: an odd week is outvoted by the two beside it.
public struct SeasonalMedian: SingleSeriesModel {
    /// The season in steps.
    public let season: Int
    public var name: String { "seasonal_median_\(season)" }

    /// Seasons that vote.
    static let voters = 3

    /// The model of one season, at least one step.
    public init(season: Int) {
        precondition(season > 0, "a season is positive")
        self.season = season
    }

    /// Needs three seasons.
    public func fit(_ window: HistoryWindow) throws(ModelFailure) -> any FittedModel {
        let needs = SeasonalMedian.voters * season
        guard window.count >= needs else { throw .tooShort(window, needs: needs) }
        return Fitted(season: season)
    }

    private struct Fitted: FittedModel {
        let season: Int

        /// Each phase takes the median of what it was observed to be; a phase without, the last filled value.
        func forecast(_ window: HistoryWindow, horizon: Int) -> [Double] {
            let count = window.count
            let phases = (0..<min(season, horizon)).map { phase -> Double in
                let places = (1...SeasonalMedian.voters).map { count - $0 * season + phase }
                let known = places.filter { $0 >= 0 && window.isObserved($0) }.map { window.observed[$0] }
                return known.isEmpty ? window.filled[max(0, places[0])] : Selection.median(known)
            }
            return (0..<horizon).map { phases[$0 % season] }
        }
    }
}
