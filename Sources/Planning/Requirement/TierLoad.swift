import Exchange
import Replay

/// What the demand brings to one tier, by path and step.
struct TierLoad: Sendable {
    let demand: DemandPaths
    var tier: Tier
    private let tierDemand: TierDemand

    init(demand: DemandPaths, tier: Tier, visits: ClassRates, means: DemandMeans) {
        self.demand = demand
        self.tier = tier
        tierDemand = TierDemand(demand: demand, tier: tier, visits: visits, means: means)
    }

    /// For one trade of each symbol, the messages that cost the tier work, by class.
    var messagesPerTrade: [ClassRates] { tierDemand.messagesPerTrade }
    /// For one trade of each symbol, seconds of work.
    var workPerTrade: [Double] { tierDemand.workPerTrade }
    /// Each symbol's trades a second, in mean over paths and steps.
    var meanTrades: [Double] { tierDemand.meanTrades }

    /// The work of some symbols together.
    func work(of symbols: some Collection<Int>) -> PathLoad {
        let steps = demand.stepCount
        var work = [Double](repeating: 0, count: demand.pathCount * steps)
        for path in 0..<demand.pathCount {
            for symbol in symbols where workPerTrade[symbol] > 0 {
                let seconds = workPerTrade[symbol]
                let from = (path * demand.symbols.count + symbol) * steps
                for step in 0..<steps {
                    work[path * steps + step] += demand.tradesPerSecond[from + step] * seconds
                }
            }
        }
        return PathLoad(pathCount: demand.pathCount, stepCount: steps, work: work)
    }

    /// The mean rates, by class, of the messages of some symbols that cost work.
    func mix(of symbols: some Collection<Int>) -> ClassRates { tierDemand.mix(of: symbols) }

    /// How the messages of some symbols together bunch.
    func bursts(of symbols: some Collection<Int>) -> BurstProfile {
        tierDemand.bursts(of: symbols)
    }

    /// All symbols.
    var everySymbol: Range<Int> { demand.symbols.indices }
}
