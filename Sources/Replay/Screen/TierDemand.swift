import Exchange

/// What the demand brings to one tier: the one place that says what a trade costs it, of what mix its messages are and how
/// they bunch. The replay and the plan both ask here, so that they judge the same queue.
public struct TierDemand: Sendable {
    /// For one trade of each symbol, the messages that cost the tier work, by class.
    public let messagesPerTrade: [ClassRates]
    /// For one trade of each symbol, seconds of work.
    public let workPerTrade: [Double]
    /// Each symbol's trades a second, in mean over paths and steps.
    public let meanTrades: [Double]
    private let bursts: [FittedBursts]

    /// The demand of a tier.
    ///
    /// - Parameters:
    ///   - demand: The paths.
    ///   - tier: The tier.
    ///   - visits: How often a message of each class comes to the tier.
    ///   - means: The means of the same demand.
    public init(demand: DemandPaths, tier: Tier, visits: ClassRates, means: DemandMeans) {
        (meanTrades, bursts) = (means.trades, means.bursts)
        messagesPerTrade = TierDemand.messagesPerTrade(of: demand, tier: tier, visits: visits)
        workPerTrade = messagesPerTrade.map(tier.work(of:))
    }

    /// For one trade of each symbol, the messages that cost a tier work, by class.
    public static func messagesPerTrade(
        of demand: DemandPaths, tier: Tier, visits: ClassRates
    ) -> [ClassRates] {
        demand.symbols.map { symbol in
            var messages = ClassRates(perSecond: symbol.mix.perTrade.perSecond * visits.perSecond)
            for demandClass in DemandClass.allCases
            where !((tier.service[demandClass]?.meanSeconds ?? 0) > 0) {
                messages[demandClass] = 0
            }
            return messages
        }
    }

    /// The mean rates, by class, of the messages of some symbols that cost work.
    public func mix(of symbols: some Collection<Int>) -> ClassRates {
        symbols.sorted().reduce(.zero) { $0 + messagesPerTrade[$1] * meanTrades[$1] }
    }

    /// How the messages of some symbols together bunch at their mean rates.
    public func bursts(of symbols: some Collection<Int>) -> BurstProfile {
        bursts(of: symbols.sorted().map { ($0, meanTrades[$0] * messagesPerTrade[$0].total) })
    }

    /// How messages bunch at given rates of symbols.
    func bursts(of rates: [(symbol: Int, perSecond: Double)]) -> BurstProfile {
        BurstProfile.combined(rates.map { ($0.perSecond, bursts[$0.symbol]) })
    }
}

/// What is worked out of a demand once, for all tiers.
public struct DemandMeans: Sendable {
    /// Each symbol's trades a second, in mean over paths and steps.
    public let trades: [Double]
    /// Each symbol's bursts with their model.
    let bursts: [FittedBursts]

    /// The means of a demand.
    public init(_ demand: DemandPaths) {
        let (symbols, steps) = (demand.symbols, demand.stepCount)
        var sums = [Double](repeating: 0, count: symbols.count)
        for path in 0..<demand.pathCount {
            for symbol in symbols.indices {
                let from = (path * symbols.count + symbol) * steps
                sums[symbol] += demand.tradesPerSecond[from..<(from + steps)].reduce(0, +)
            }
        }
        trades = sums.map { $0 / Double(demand.pathCount * steps) }
        bursts = FittedBursts.all(symbols.map(\.bursts))
    }
}
