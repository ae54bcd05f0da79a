import Exchange
import Replay
import Units

/// One queue of the exchange: a pool, links side by side, a primary or a shard.
struct QueueSpec: Sendable {
    var tier: Int
    var name: String
    /// Whether it is a shard, so that its delays are those of its own symbols alone.
    var isSharded: Bool
    var shard: Int?
    var shardName: String?
    var objective: Objective
    /// Seconds of work that a message of each class brings; 0 for those that cost nothing.
    var work: SIMD4<Double>
    /// Work that is done in a second, undisturbed.
    var capacity: Double
    /// Servers, undisturbed.
    var servers: Int
    /// What latency within a second depends on, beside the servers.
    var latency: LatencyTable.Key
    /// What runs out.
    var resource: BindingResource
    /// The groups of symbols that it keeps apart; empty where it keeps all as one.
    var groups: [Int]
    /// What surrounds it.
    var rules: QueueRules

    /// The queues: one for each tier, one for each shard of a sharded one.
    ///
    /// Bursts are those of the scenario's highest demand, since that is where queues break.
    static func all(
        _ input: WhatIfInput, flow: FlowGraph, peakTrades: [Double], known: LatencyTables
    ) -> [QueueSpec] {
        var queues: [QueueSpec] = []
        for (index, tier) in input.topology.on(input.catalogue).tiers.enumerated() {
            guard tier.kind.isSharded, let placement = input.placements[tier.name] else {
                let groups = flow.keepsGroups[index] ? Array(0..<flow.groupCount) : []
                let all = Array(input.symbols.indices)
                queues.append(
                    QueueSpec(
                        tier, index, nil, all, groups, input, flow: flow, peakTrades: peakTrades,
                        known: known))
                continue
            }
            for shard in 0..<placement.shardCount {
                let symbols = placement.symbols(ofShard: shard)
                let groups = Set(symbols.map { flow.groupOfSymbol[$0] }).sorted()
                queues.append(
                    QueueSpec(
                        tier, index, shard, symbols, groups, input, flow: flow, peakTrades: peakTrades,
                        known: known))
            }
        }
        return queues
    }

    /// The service time of a queue that nothing passes.
    private static let idleServiceSeconds = 1e-6

    private init(
        _ tier: Tier, _ index: Int, _ shard: Int?, _ symbols: [Int], _ groups: [Int], _ input: WhatIfInput,
        flow: FlowGraph, peakTrades: [Double], known: LatencyTables
    ) {
        self.tier = index
        name = tier.name
        isSharded = tier.kind.isSharded
        self.shard = shard
        shardName = shard.map { "\(tier.name)-\($0)" }
        objective = tier.objective
        self.groups = groups
        rules = tier.rules
        var costs = SIMD4<Double>.zero
        for (demandClass, time) in tier.service where flow.visits[index][demandClass] > 0 {
            costs[demandClass.position] = max(0, time.meanSeconds)
        }
        work = costs
        var rates = ClassRates.zero
        var streams: [(ratePerSecond: Double, profile: BurstProfile)] = []
        var works: [(name: String, work: Double)] = []
        for symbol in symbols {
            let demand = input.symbols[symbol]
            let own = demand.mix.perTrade.perSecond * flow.visits[index].perSecond * peakTrades[symbol]
            rates = rates + ClassRates(perSecond: own)
            streams.append((own.replacing(with: 0, where: costs .<= 0).sum(), demand.bursts))
            works.append((demand.id.name, (own * costs).sum()))
        }
        // The catalogue has every shape of the topology: `Conditions` refuses others.
        servers = input.catalogue.shape(named: tier.shape).map(tier.servers(today:)) ?? 1
        capacity = Double(servers) * tier.rules.speed / (1 + tier.balancerImbalance)
        let mixed = tier.mixedService(of: rates)
        latency = LatencyTable.Key(
            servers: max(1, servers), meanSeconds: mixed?.meanSeconds ?? QueueSpec.idleServiceSeconds,
            variation: mixed?.coefficientOfVariation ?? 1, bursts: known.fitted(streams).fast,
            rules: tier.rules)
        resource = tier.binds(heaviestSymbol(works))
    }
}

extension QueueSpec {
    /// How long a message takes that comes when there is room for it alone; nil without a bound.
    var waitOfFullQueue: Double? {
        rules.limitPerServer.map { Double($0) * latency.meanSeconds / rules.speed }
    }
}
