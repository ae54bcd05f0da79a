import Exchange
import Replay

/// Places every sharded tier's symbols on the shards that run today, as evenly as can be by their mean work.
///
/// For a replay of today's exchange, whose true placement no log tells.
///
/// - Parameters:
///   - demand: The symbols and their loads.
///   - topology: The tiers; one without nodes counts as one shard.
///   - searchLimit: The search for an even placement stops after this many steps.
/// - Returns: A placement over the demand's symbols for each sharded tier, by its name.
public func todaysPlacements(
    demand: DemandPaths, topology: Topology, searchLimit: Int = 20_000
) -> [String: Placement] {
    let visits = topology.visits()
    let means = DemandMeans(demand)
    var placements: [String: Placement] = [:]
    for (index, tier) in topology.tiers.enumerated() where tier.kind.isSharded {
        let load = TierLoad(demand: demand, tier: tier, visits: visits[index], means: means)
        let loads = demand.symbols.indices.map {
            (symbol: demand.symbols[$0].id.description, load: means.trades[$0] * load.workPerTrade[$0])
        }
        let placed = placeValidOnShards(
            loads: loads, capacity: 1, shards: min(100_000, max(1, tier.nodes)), searchLimit: searchLimit)
        placements[tier.name] = Placement(
            shardCount: placed.shardCount, shardOfSymbol: placed.shardOfSymbol)
    }
    return placements
}
