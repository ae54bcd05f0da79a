/// Repeats the last season.
public struct SeasonalNaive: SingleSeriesModel {
    /// The season in steps.
    public let season: Int
    public var name: String { "seasonal_naive_\(season)" }

    /// The model of one season, at least one step.
    public init(season: Int) {
        precondition(season > 0, "a season is positive")
        self.season = season
    }

    /// Needs one season.
    public func fit(_ window: HistoryWindow) throws(ModelFailure) -> any FittedModel {
        guard window.count >= season else { throw .tooShort(window, needs: season) }
        return Fitted(season: season)
    }

    private struct Fitted: FittedModel {
        let season: Int

        /// Each phase takes its last observed value; a phase that was never observed, the filled one.
        func forecast(_ window: HistoryWindow, horizon: Int) -> [Double] {
            let count = window.count
            return (0..<horizon).map { step in
                let place = count - season + step % season
                guard place >= 0 else { return window.filled[count - 1] }
                for index in stride(from: place, through: 0, by: -season) where window.isObserved(index) {
                    return window.observed[index]
                }
                return window.filled[place]
            }
        }
    }
}
