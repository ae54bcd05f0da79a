import Foundation

/// Repeats the last value: persistence, the best that there is for the next few steps of a series that moves
/// slowly between them.
public struct LastValue: SingleSeriesModel {
    public let name = "last_value"

    public init() {}

    /// Needs a value.
    public func fit(_ window: HistoryWindow) throws(ModelFailure) -> any FittedModel { Fitted() }

    private struct Fitted: FittedModel {
        func forecast(_ window: HistoryWindow, horizon: Int) -> [Double] {
            [Double](repeating: window.filled[window.count - 1], count: horizon)
        }
    }
}

/// The last season, carried by how far the last value is from the one a season before it: a seasonal random
/// walk.
public struct SeasonalWalk: SingleSeriesModel {
    /// The season in steps.
    public let season: Int
    public var name: String { "seasonal_walk_\(season)" }

    /// The model of one season, at least one step.
    public init(season: Int) {
        precondition(season > 0, "a season is positive")
        self.season = season
    }

    /// Needs one season and a value more.
    public func fit(_ window: HistoryWindow) throws(ModelFailure) -> any FittedModel {
        guard window.count > season else { throw .tooShort(window, needs: season + 1) }
        return Fitted(season: season)
    }

    private struct Fitted: FittedModel {
        let season: Int

        func forecast(_ window: HistoryWindow, horizon: Int) -> [Double] {
            let values = window.filled
            let count = values.count
            let carried = values[count - 1] - values[count - 1 - season]
            return (0..<horizon).map { values[count - season + $0 % season] + carried }
        }
    }
}
