import Exchange
import Units

/// An exchange at one level of demand, to be disturbed.
public struct WhatIfInput: Sendable {
    /// The tiers; `nodes` and `shape` are those that run.
    public var topology: Topology
    /// What can be bought.
    public var catalogue: Catalogue
    /// The placement of each sharded tier.
    public var placements: [String: Placement]
    /// Zones over which nodes are spread in turn.
    public var zones: [String]
    public var symbols: [SymbolDemand]
    /// Trades a second of each symbol, before any disturbance.
    public var tradesPerSecond: [Double]

    public init(
        topology: Topology, catalogue: Catalogue, placements: [String: Placement], zones: [String],
        symbols: [SymbolDemand], tradesPerSecond: [Double]
    ) {
        self.topology = topology
        self.catalogue = catalogue
        self.placements = placements
        self.zones = zones
        self.symbols = symbols
        self.tradesPerSecond = tradesPerSecond
    }

    /// The exchange at one step of a demand, in mean over its paths.
    ///
    /// - Parameters:
    ///   - demand: The demand.
    ///   - step: The step; nil: the busiest.
    ///   - topology: The tiers.
    ///   - catalogue: What can be bought.
    ///   - placements: The placement of each sharded tier.
    ///   - zones: Zones over which nodes are spread.
    /// - Returns: The input.
    public static func busiest(
        of demand: DemandPaths, step: Int? = nil, topology: Topology, catalogue: Catalogue,
        placements: [String: Placement], zones: [String]
    ) -> WhatIfInput {
        WhatIfInput(
            topology: topology, catalogue: catalogue, placements: placements, zones: zones,
            symbols: demand.symbols,
            tradesPerSecond: meanTrades(of: demand, step: step ?? busiestStep(of: demand)))
    }

    /// The step with the most messages, in mean over the paths; the first of equals.
    public static func busiestStep(of demand: DemandPaths) -> Int {
        var best = (step: 0, messages: -1.0)
        for step in 0..<demand.stepCount {
            let total = zip(meanTrades(of: demand, step: step), demand.symbols).reduce(0) {
                $0 + $1.0 * $1.1.mix.perTrade.total
            }
            if total > best.messages { best = (step, total) }
        }
        return best.step
    }

    private static func meanTrades(of demand: DemandPaths, step: Int) -> [Double] {
        demand.symbols.indices.map { symbol in
            (0..<demand.pathCount).reduce(0) { $0 + demand.trades(path: $1, symbol: symbol, step: step) }
                / Double(demand.pathCount)
        }
    }
}

extension WhatIfInput {
    /// Which symbols a pattern names, by name or in full.
    func matches(_ pattern: String) -> [Bool] {
        let glob = Glob(pattern)
        return symbols.map { glob.matches($0.id.name) || glob.matches($0.id.description) }
    }
}
