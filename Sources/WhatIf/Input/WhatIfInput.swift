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
    /// Zones that are near to each other, and may be lost together; none: a region is everything that there is.
    public var regions: [Region] = []
    public var symbols: [SymbolDemand]
    /// Trades a second of each symbol, before any disturbance.
    public var tradesPerSecond: [Double]
    /// What it is, for readers of the result; nil: not told.
    public var tried: TriedExchange?

    /// Zones that are near to each other.
    public struct Region: Sendable, Equatable {
        public var name: String
        public var zones: [String]

        public init(name: String, zones: [String]) {
            (self.name, self.zones) = (name, zones)
        }
    }

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

    /// The exchange at one level of a demand: in its peak hour, which multiples are of, or in another step, in mean over
    /// paths.
    ///
    /// - Parameters:
    ///   - demand: The demand.
    ///   - step: The step; nil: the peak hour of the median path (`DemandPaths.medianPeak`).
    ///   - topology: The tiers.
    ///   - catalogue: What can be bought.
    ///   - placements: The placement of each sharded tier.
    ///   - zones: Zones over which nodes are spread.
    /// - Returns: The input.
    public static func busiest(
        of demand: DemandPaths, step: Int? = nil, topology: Topology, catalogue: Catalogue,
        placements: [String: Placement], zones: [String]
    ) -> WhatIfInput {
        let peak = demand.medianPeak(of: topology.sent)
        return WhatIfInput(
            topology: topology, catalogue: catalogue, placements: placements, zones: zones,
            symbols: demand.symbols,
            tradesPerSecond: step.map { meanTrades(of: demand, step: $0) }
                ?? demand.symbols.indices.map {
                    demand.trades(path: peak.path, symbol: $0, step: peak.step)
                })
    }

    /// Notes what it is, in a step of a demand; nil: the median path's busiest.
    ///
    /// - Parameters:
    ///   - plan: The plan file's name.
    ///   - nodes: Whose nodes run.
    ///   - demand: The demand of which it is a step.
    ///   - step: The step.
    public mutating func tell(
        plan: String, nodes: TriedExchange.Nodes, of demand: DemandPaths, step: Int?
    ) {
        let peak = demand.medianPeak(of: topology.sent).step
        tried = TriedExchange(
            plan: plan, nodes: nodes, hour: demand.time(ofStep: step ?? peak),
            isPeakHour: step == nil || step == peak,
            messagesPerSecond: zip(tradesPerSecond, symbols).reduce(0) {
                $0 + $1.0 * $1.1.mix.perTrade.total
            })
    }

    private static func meanTrades(of demand: DemandPaths, step: Int) -> [Double] {
        demand.symbols.indices.map { symbol in
            (0..<demand.pathCount).reduce(0) { $0 + demand.trades(path: $1, symbol: symbol, step: step) }
                / Double(demand.pathCount)
        }
    }
}

extension WhatIfInput {
    /// The placement groups that quorums name, in the order of the tiers.
    var placementGroups: [String] {
        var names: [String] = []
        for group in topology.tiers.flatMap({ $0.quorum?.groups ?? [] }) where !names.contains(group.name) {
            names.append(group.name)
        }
        return names
    }

    /// Which symbols a pattern names, by name or in full.
    func matches(_ pattern: String) -> [Bool] {
        let glob = Glob(pattern)
        return symbols.map { glob.matches($0.id.name) || glob.matches($0.id.description) }
    }
}
