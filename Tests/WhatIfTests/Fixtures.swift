import Exchange
import Units
import WhatIf

/// Small exchanges whose outcome is known.
enum Fixtures {
    static let catalogue = Catalogue(
        source: "test",
        shapes: [
            Shape(
                name: "one", cores: 1, memoryGiB: 1, networkGbps: 1, onDemandPerHour: Money(dollars: 1),
                reservedPerHour: Money(dollars: 0.5), warmUpSeconds: 60),
            Shape(
                name: "four", cores: 4, memoryGiB: 1, networkGbps: 1, onDemandPerHour: Money(dollars: 3),
                reservedPerHour: Money(dollars: 2), warmUpSeconds: 60),
        ])

    static func tier(
        _ name: String = "pool", kind: TierKind = .pool, nodes: Int = 2, meanSeconds: Double = 1e-3,
        latencySeconds: Double = 0.1, variation: Double = 0
    ) -> Tier {
        Tier(
            name: name, kind: kind,
            service: [.order: ServiceTime(meanSeconds: meanSeconds, coefficientOfVariation: variation)],
            objective: Objective(quantile: 0.99, latencySeconds: latencySeconds), nodes: nodes, shape: "one",
            allowedShapes: ["one", "four"])
    }

    /// Tiers one after the other, `rates` orders a second of as many symbols.
    static func input(_ tiers: [Tier], rates: [Double], shards: Int = 1, zones: [String] = ["a", "b"])
        -> WhatIfInput
    {
        let symbols = rates.indices.map { index in
            SymbolDemand(
                id: SeriesID(kind: "trades", venue: "test", name: "S\(index)"),
                mix: MessageMix(ordersPerTrade: 1, cancelsPerTrade: 0, queriesPerTrade: 0),
                bursts: BurstProfile(measuredRatePerSecond: 1, points: [], origin: "Poisson"))
        }
        let edges = zip(tiers, tiers.dropFirst()).map {
            Topology.Edge(from: $0.name, to: $1.name, carries: [.order: 1])
        }
        var placements: [String: Placement] = [:]
        for tier in tiers where tier.kind == .shard {
            placements[tier.name] = Placement(
                shardCount: shards, shardOfSymbol: rates.indices.map { $0 % shards })
        }
        return WhatIfInput(
            topology: Topology(tiers: tiers, sources: [.order: tiers[0].name], edges: edges),
            catalogue: catalogue, placements: placements, zones: zones, symbols: symbols,
            tradesPerSecond: rates)
    }

    /// No bursts, no search, nobody gives up.
    static var plain: WhatIfOptions {
        WhatIfOptions(
            replications: 2, hasBursts: false, seeksChange: false, timeoutSeconds: 86_400,
            settleSeconds: 1800)
    }

    static func scenario(_ events: String...) throws -> Scenario {
        Scenario(name: "test", events: try events.map { try Disturbance(text: $0) })
    }
}
