import Exchange
import Replay

/// What the demand brings to one tier.
struct TierLoad: Sendable {
    let demand: DemandPaths
    let tier: Tier
    /// For one trade of each symbol, the messages that cost the tier work, by class.
    let messagesPerTrade: [ClassRates]
    /// For one trade of each symbol, seconds of work.
    let workPerTrade: [Double]
    /// Each symbol's trades a second, in mean over paths and steps.
    let meanTrades: [Double]

    init(demand: DemandPaths, tier: Tier, visits: ClassRates, meanTrades: [Double]) {
        self.demand = demand
        self.tier = tier
        self.meanTrades = meanTrades
        messagesPerTrade = demand.symbols.map { symbol in
            var messages = ClassRates(perSecond: symbol.mix.perTrade.perSecond * visits.perSecond)
            for demandClass in DemandClass.allCases
            where !((tier.service[demandClass]?.meanSeconds ?? 0) > 0) {
                messages[demandClass] = 0
            }
            return messages
        }
        workPerTrade = messagesPerTrade.map(tier.work(of:))
    }

    /// Each symbol's trades a second, in mean over paths and steps.
    static func meanTrades(of demand: DemandPaths) -> [Double] {
        let steps = demand.stepCount
        var sums = [Double](repeating: 0, count: demand.symbols.count)
        for path in 0..<demand.pathCount {
            for symbol in demand.symbols.indices {
                let from = (path * demand.symbols.count + symbol) * steps
                sums[symbol] += demand.tradesPerSecond[from..<(from + steps)].reduce(0, +)
            }
        }
        return sums.map { $0 / Double(demand.pathCount * steps) }
    }

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
    func mix(of symbols: some Collection<Int>) -> ClassRates {
        symbols.reduce(.zero) { $0 + messagesPerTrade[$1] * meanTrades[$1] }
    }

    /// How the messages of some symbols together bunch.
    func bursts(of symbols: some Collection<Int>) -> BurstProfile {
        BurstProfile.combined(
            symbols.map { (meanTrades[$0] * messagesPerTrade[$0].total, demand.symbols[$0].bursts) })
    }

    /// All symbols.
    var everySymbol: Range<Int> { demand.symbols.indices }
}
