import Planning
import Units

extension Exports {
    /// Which symbol is served by which shard, for the router of orders: by tier the shards with their zones and symbols,
    /// and the moves from today's shards. Empty where no tier is sharded.
    func symbolPlacement() -> [String: Any] {
        var tiers: [String: Any] = [:]
        for (tier, rows) in Dictionary(grouping: plan.placement, by: \.tier) {
            var shards: [String: Any] = [:]
            for (shard, rows) in Dictionary(grouping: rows, by: \.shard) {
                guard let first = rows.first else { continue }
                shards[shard] = [
                    "zone": first.zone, "standby_zones": first.standbyZones,
                    "symbols": rows.map(\.symbol.description),
                ]
            }
            let moves = rows.compactMap { row in
                row.movesFrom.map { ["symbol": row.symbol.description, "from": $0, "to": row.shard] }
            }
            tiers[tier] = ["shards": shards, "moves": moves] as [String: Any]
        }
        return [
            "valid_from": start.description, "valid_until": end.description, "holds": plan.isFeasible,
            "tiers": tiers,
        ]
    }
}
