import Exchange
import Replay
import TestSupport
import Units

/// Small exchanges and demands that tests share.
enum Scenarios {
    static let poisson = BurstProfile(measuredRatePerSecond: 1, points: [], origin: "Poisson")

    /// Bursts as mild as can be told from none, and stronger ones with the same windows.
    static func bursts(strength: Double) -> BurstProfile {
        BurstProfile(
            measuredRatePerSecond: 100,
            points: [(0.001, 1.2), (0.01, 0.8), (0.1, 0.4), (1, 0.15)].map { window, variance in
                BurstProfile.Point(
                    windowSeconds: window, indexOfDispersion: 1 + 100 * window * variance * strength)
            }, origin: "test")
    }

    static let catalogue = Catalogue(
        source: "test",
        shapes: [
            Shape(
                name: "small", cores: 2, memoryGiB: 4, networkGbps: 1, onDemandPerHour: Money(dollars: 1),
                reservedPerHour: Money(dollars: 1), warmUpSeconds: 60)
        ])

    /// One tier that orders enter.
    static func single(_ tier: Tier) -> Topology {
        Topology(tiers: [tier], sources: [.order: tier.name], edges: [])
    }

    static func tier(
        kind: TierKind, meanSeconds: Double, variation: Double = 1, latencySeconds: Double, nodes: Int = 1,
        imbalance: Double = 0
    ) -> Tier {
        Tier(
            name: "tier", kind: kind,
            service: [.order: ServiceTime(meanSeconds: meanSeconds, coefficientOfVariation: variation)],
            objective: Objective(quantile: 0.99, latencySeconds: latencySeconds), nodes: nodes,
            shape: "small", imbalance: imbalance)
    }

    /// One order a trade for each symbol; levels by path, symbol and step.
    static func demand(
        symbols: Int = 1, paths: Int = 1, steps: Int = 1, bursts: BurstProfile = poisson,
        mix: MessageMix = MessageMix(ordersPerTrade: 1, cancelsPerTrade: 0, queriesPerTrade: 0),
        level: (_ path: Int, _ symbol: Int, _ step: Int) -> Double
    ) -> DemandPaths {
        var values: [Double] = []
        for path in 0..<paths {
            for symbol in 0..<symbols {
                for step in 0..<steps { values.append(level(path, symbol, step)) }
            }
        }
        return DemandPaths(
            symbols: (0..<symbols).map {
                SymbolDemand(id: SeriesID("trades/test/S\($0)"), mix: mix, bursts: bursts)
            }, start: Timestamp(seconds: 1_700_000_000), stepSeconds: 3600, stepCount: steps,
            pathCount: paths, tradesPerSecond: values)
    }

    static func onShards(_ shards: [Int]) -> [String: Placement] {
        let placement = Placement(shardCount: (shards.max() ?? 0) + 1, shardOfSymbol: shards)
        return ["tier": placement, "matching": placement]
    }
}

extension ReplayResult {
    /// The saturation point of a tier, shard and kind.
    func point(
        _ kind: SaturationPoint.Kind, _ scope: ReplayScope = .tier("tier"), shard: String? = nil
    ) -> SaturationPoint? {
        saturation.first { $0.kind == kind && $0.scope == scope && (shard == nil || $0.shard == shard) }
    }
}
