import Foundation

/// Demand that is zero most of the time: the chance of any, by phase of the short season, times the mean size
/// (after Teunter, Syntetos and Babai 2011, who smooth both, the chance at every step).
public struct IntermittentDemand: SingleSeriesModel {
    public let name = "intermittent"
    public let handicap = Double.reserveHandicap

    /// The share of zeros from which a series is intermittent.
    static let leastZeros = 0.3

    public init() {}

    /// Needs no negative values, some demand, and zeros in at least 30 % of the steps.
    public func fit(_ window: HistoryWindow) throws(ModelFailure) -> any FittedModel {
        guard window.minimum >= 0 else { throw ModelFailure("negative values") }
        var zeros = 0
        for value in window.observed where value == 0 { zeros += 1 }
        guard zeros < window.observedCount else { throw ModelFailure("no demand at all") }
        guard Double(zeros) >= IntermittentDemand.leastZeros * Double(window.observedCount) else {
            throw ModelFailure("fewer than 30 % zeros")
        }
        return Fitted()
    }

    private struct Fitted: FittedModel {
        /// The memory of the chance and of the size, in demands or visits.
        static let memory = 20.0

        func forecast(_ window: HistoryWindow, horizon: Int) -> [Double] {
            let season = window.shortSeason ?? 1
            var chances = [Double](repeating: 0, count: season)
            var visits = chances
            var chance = 0.0
            var steps = 0.0
            var size = 0.0
            var demands = 0.0
            for (index, value) in window.observed.enumerated() where !value.isNaN {
                let phase = (season - (window.count - index) % season) % season
                let happened = value > 0 ? 1.0 : 0.0
                visits[phase] = min(visits[phase] + 1, Fitted.memory)
                chances[phase] += (happened - chances[phase]) / visits[phase]
                steps = min(steps + 1, Fitted.memory * Double(season))
                chance += (happened - chance) / steps
                if value > 0 {
                    demands = min(demands + 1, Fitted.memory)
                    size += (value - size) / demands
                }
            }
            // A phase's own chance is drawn to that of all by the weight of three visits.
            return (0..<horizon).map { step in
                let phase = step % season
                return size * (visits[phase] * chances[phase] + 3 * chance) / (visits[phase] + 3)
            }
        }
    }
}
