import Exchange
import Forecasting
import Planning
import Replay
import Units

/// How the load of each tier goes on over the commitment of reserved nodes, by the weekly totals of its own messages.
struct CarriedDemand {
    /// The history of each symbol of the demand, in the same order.
    let histories: [RegularSeries]
    let demand: DemandPaths
    let topology: Topology

    private static let (secondsPerDay, secondsPerWeek): (Int64, Int64) = (86_400, 604_800)
    /// Weeks that factors are told for: those of a year after the planned one. After them the damped trend hardly moves.
    private static let weeksAhead = 51
    /// Weeks that a symbol has to have, where others have them: one that was listed since would pass for growth.
    private static let weeksOfHistory = 52

    /// The trends by tier; none for a span of less than a day, which does not stand for the weeks to come.
    func trends() -> [String: CarriedTrend] {
        guard demand.stepSeconds * Int64(demand.stepCount) >= CarriedDemand.secondsPerDay else { return [:] }
        let visits = topology.visits()
        var trends: [String: CarriedTrend] = [:]
        for (index, tier) in topology.tiers.enumerated() {
            let perTrade = TierDemand.messagesPerTrade(of: demand, tier: tier, visits: visits[index]).map(
                \.total)
            let trend = WeeklyTrend(weeklyTotals: weeklyTotals(perTrade))
            trends[tier.name] = CarriedTrend(
                factors: (1...CarriedDemand.weeksAhead).map(trend.factor(weeksAhead:)))
        }
        return trends
    }

    /// A tier's messages by week, weeks counted back from the end, the oldest first.
    private func weeklyTotals(_ perTrade: [Double]) -> [Double] {
        let perWeek = Int(CarriedDemand.secondsPerWeek / demand.stepSeconds)
        guard perWeek > 0 else { return [] }
        let used = histories.indices.filter {
            histories[$0].stepSeconds == demand.stepSeconds && perTrade[$0] > 0
        }
        let lengths = used.map { histories[$0].values.count / perWeek }
        let weeks = min(CarriedDemand.weeksOfHistory, lengths.max() ?? 0)
        var totals = [Double](repeating: 0, count: weeks)
        for (symbol, length) in zip(used, lengths) where length >= weeks {
            let values = histories[symbol].values.suffix(weeks * perWeek)
            for (place, value) in values.enumerated() where value.isFinite {
                totals[place / perWeek] += value * perTrade[symbol]
            }
        }
        return totals
    }
}
