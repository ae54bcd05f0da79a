import Exchange
import Replay
import Units

extension Conditions {
    /// The queues of an exchange: one for each tier, one for each shard of a sharded one.
    static func queues(_ input: WhatIfInput) throws(WhatIfError) -> [QueueSpec] {
        let topology = input.topology
        let visits = topology.visits()
        var queues: [QueueSpec] = []
        for (index, tier) in topology.tiers.enumerated() {
            guard let shape = input.catalogue.shape(named: tier.shape) else {
                throw .input(
                    "the tier '\(tier.name)' runs on the shape '\(tier.shape)', which the catalogue lacks")
            }
            guard tier.kind == .shard else {
                queues.append(
                    queue(tier, index, shape, nil, input.symbols.indices.map { $0 }, visits[index], input))
                continue
            }
            guard let placement = input.placements[tier.name],
                placement.shardOfSymbol.count == input.symbols.count
            else { throw .input("the sharded tier '\(tier.name)' needs a placement of its symbols") }
            for shard in 0..<placement.shardCount {
                queues.append(
                    queue(tier, index, shape, shard, placement.symbols(ofShard: shard), visits[index], input))
            }
        }
        return queues
    }

    private static func queue(
        _ tier: Tier, _ index: Int, _ shape: Shape, _ shard: Int?, _ symbols: [Int], _ visits: ClassRates,
        _ input: WhatIfInput
    ) -> QueueSpec {
        var rates = ClassRates.zero
        var streams: [(ratePerSecond: Double, profile: BurstProfile)] = []
        var heaviest: (name: String, trades: Double)?
        for symbol in symbols {
            let demand = input.symbols[symbol]
            let trades = input.tradesPerSecond[symbol]
            let own = ClassRates(perSecond: demand.mix.perTrade.perSecond * visits.perSecond * trades)
            rates = rates + own
            streams.append((own.total, demand.bursts))
            if heaviest.map({ trades > $0.trades }) ?? true { heaviest = (demand.id.name, trades) }
        }
        let bursts = BurstModel(fitting: .combined(streams))
        var work = SIMD4<Double>.zero
        for demandClass in DemandClass.allCases {
            work[demandClass.position] = tier.service[demandClass]?.meanSeconds ?? 0
        }
        let mixed = tier.mixedService(of: rates)
        let perNode = Double(tier.servers(perNodeOf: shape))
        let isShared = tier.kind == .pool || tier.kind == .link
        let imbalance = tier.kind == .pool ? 1 + max(0, tier.imbalance) : 1
        let resource =
            switch tier.kind {
            case .pool: "cores"
            case .link: "bandwidth"
            case .store: "primary's cores"
            case .shard: heaviest.map { "single writer \($0.name)" } ?? "no symbol placed here"
            }
        return QueueSpec(
            tier: index, name: tier.name, shard: shard, shardName: shard.map { "\(tier.name)-\($0)" },
            objective: tier.objective, work: work,
            capacity: (isShared ? Double(tier.nodes) * perNode : perNode) / imbalance,
            latency: latency(tier, mixed, servers: isShared ? Double(tier.nodes) * perNode : perNode, bursts),
            resource: resource)
    }

    private static func latency(
        _ tier: Tier, _ mixed: ServiceTime?, servers: Double, _ bursts: BurstModel
    ) -> LatencyTable.Key {
        // Imbalance makes the busiest node's share larger, as if all were a little slower.
        let imbalance = tier.kind == .pool ? 1 + max(0, tier.imbalance) : 1
        let variation = mixed?.coefficientOfVariation ?? 1
        let fast = bursts.components.filter { $0.timeScaleSeconds < fastestSlowScale }
        return LatencyTable.Key(
            servers: max(1, Int(servers)), meanSeconds: (mixed?.meanSeconds ?? 1e-6) * imbalance,
            serviceVariance: variation * variation,
            bursts: fast.map { SIMD2($0.timeScaleSeconds, $0.variance) })
    }

    /// Factors of the rate from this scale on move the load from second to second; faster ones belong to the latency
    /// within a second.
    static let fastestSlowScale = 0.5
}
