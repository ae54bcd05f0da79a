import Exchange
import Replay

/// Every sharded tier's symbols on the shards that run today: where the tier says so, and the others, of all where it says
/// nothing, as evenly as can be by their mean work.
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
        let loads = demand.symbols.indices.map { means.trades[$0] * load.workPerTrade[$0] }
        let shards = min(100_000, max(1, tier.nodes))
        if !tier.todaysShards.isEmpty {
            placements[tier.name] = Placement(
                shardCount: shards,
                shardOfSymbol: todaysShards(of: tier, demand: demand, loads: loads, shards: shards))
            continue
        }
        let placed = placeValidOnShards(
            loads: demand.symbols.indices.map { (demand.symbols[$0].id.description, loads[$0]) },
            capacity: 1, shards: shards, searchLimit: searchLimit)
        placements[tier.name] = Placement(
            shardCount: placed.shardCount, shardOfSymbol: placed.shardOfSymbol)
    }
    return placements
}

/// The shard of each symbol: today's where it is known, by the symbol's name or its full name; the others, the heaviest first,
/// go to the shard with the least load.
func todaysShards(of tier: Tier, demand: DemandPaths, loads: [Double], shards: Int) -> [Int] {
    var sums = [Double](repeating: 0, count: shards)
    var placed = demand.symbols.map { symbol in
        tier.todaysShards[symbol.id.name] ?? tier.todaysShards[symbol.id.description] ?? -1
    }
    for (symbol, shard) in placed.enumerated() where shard >= 0 { sums[shard] += loads[symbol] }
    let others = placed.indices.filter { placed[$0] < 0 }.sorted {
        (loads[$1], demand.symbols[$0].id) < (loads[$0], demand.symbols[$1].id)
    }
    for symbol in others {
        let shard = sums.indices.min { (sums[$0], $0) < (sums[$1], $1) } ?? 0
        placed[symbol] = shard
        sums[shard] += loads[symbol]
    }
    return placed
}
