import Exchange
import Glibc
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
    /// Nodes of the tier that run today, and whether their capacities add up in this queue.
    var nodes: Int
    var nodesAddUp: Bool
    /// What latency within a second depends on, beside the servers.
    var latency: LatencyTable.Key
    /// What runs out.
    var resource: BindingResource
    /// The groups of symbols that it keeps apart; empty where it keeps all as one.
    var groups: [Int]
    /// What surrounds it.
    var rules: QueueRules
    /// By which law it saturates.
    var law: TierKind.Law
    /// Connections that clients hold open, undisturbed.
    var connections = 0.0
    /// Of people who answer, the share of those who wait that hangs up in a second.
    var hangsUp = 0.0
    /// Of people who answer, contacts on top in each second in which another tier breaks its objective, by class.
    var contactsWhileBroken = SIMD4<Double>.zero
    /// What of its work may wait; nil where nothing may.
    var deferral: DeferralRule?
    /// Seconds of the window in which a supplier counts requests; 1 for all else.
    var windowSeconds = 1

    /// The queues: one for each tier, one for each shard of a sharded one.
    ///
    /// Services are mixed, and arrivals bunch below half a second, as in the undisturbed demand, so that an event changes
    /// neither: the same load is never served sooner because something else happens too. The law by which C² falls with
    /// the level would take off up to k^−0.7 at k times the demand; leaving it is the safe side.
    static func all(
        _ input: WhatIfInput, flow: FlowGraph, peakTrades: [Double], known: LatencyTables
    ) -> [QueueSpec] {
        input.topology.tiers.indices.flatMap {
            ofTier($0, input, flow: flow, peakTrades: peakTrades, known: known)
        }
    }

    /// The queues of one tier.
    static func ofTier(
        _ index: Int, _ input: WhatIfInput, flow: FlowGraph, peakTrades: [Double], known: LatencyTables
    ) -> [QueueSpec] {
        let tier = input.topology.on(input.catalogue).tiers[index]
        guard tier.kind.isSharded, let placement = input.placements[tier.name] else {
            let groups = flow.keepsGroups[index] ? Array(0..<flow.groupCount) : []
            return [
                QueueSpec(
                    tier, index, nil, Array(input.symbols.indices), groups, input, flow: flow,
                    peakTrades: peakTrades, known: known)
            ]
        }
        return (0..<placement.shardCount).map { shard in
            let symbols = placement.symbols(ofShard: shard)
            let groups = Set(symbols.map { flow.groupOfSymbol[$0] }).sorted()
            return QueueSpec(
                tier, index, shard, symbols, groups, input, flow: flow, peakTrades: peakTrades, known: known)
        }
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
        law = tier.kind.law
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
            let perTrade = demand.mix.perTrade.perSecond * flow.visits[index].perSecond
            let own = perTrade * input.tradesPerSecond[symbol]
            rates = rates + ClassRates(perSecond: own)
            streams.append((own.replacing(with: 0, where: costs .<= 0).sum(), demand.bursts))
            works.append((demand.id.name, (perTrade * peakTrades[symbol] * costs).sum()))
        }
        // The catalogue has every shape of the topology: `Conditions` refuses others.
        let shape = input.catalogue.shape(named: tier.shape)
        servers = tier.staffing?.answering(of: tier.nodes) ?? shape.map(tier.servers(today:)) ?? 1
        capacity = shape.map { tier.workDone(nodes: tier.nodes, on: $0, mix: rates) } ?? 0
        nodes = tier.nodes
        nodesAddUp = tier.kind.addsUp
        let mixed = tier.mixedService(of: rates)
        latency = LatencyTable.Key(
            servers: max(1, servers), meanSeconds: mixed?.meanSeconds ?? QueueSpec.idleServiceSeconds,
            variation: mixed?.coefficientOfVariation ?? 1, bursts: known.fitted(streams).model.fast,
            rules: tier.rules)
        let worked = rates.perSecond.replacing(with: 0, where: costs .<= 0)
        connections = (tier.sessions?.connectionsPerRate ?? 0) * worked.sum()
        let heaviest = heaviestSymbol(works)
        resource =
            shape.map { tier.binds(heaviest, nodes: tier.nodes, on: $0, mix: rates) } ?? tier.binds(heaviest)
        windowSeconds =
            tier.quota?.price(named: tier.shape)?.window.seconds ?? 1
        deferral = tier.criticality.flatMap { DeferralRule($0, work: costs) }
        if let staffing = tier.staffing { staff(staffing) }
    }

    /// What is peculiar to people who answer.
    private mutating func staff(_ staffing: Staffing) {
        latency.staff = LatencyTable.Staff(patienceSeconds: staffing.patienceSeconds)
        latency.bursts = []
        hangsUp = staffing.patienceSeconds.map { -expm1(-1 / $0) } ?? 0
        // Of whatever class contacts are.
        if let place = (0..<4).first(where: { work[$0] > 0 }) {
            contactsWhileBroken[place] = staffing.contactsPerAffectedMinute / 60
        }
    }
}

extension QueueSpec {
    /// How long a message takes that comes when there is room for it alone; nil without a bound.
    var waitOfFullQueue: Double? {
        rules.limitPerServer.map { Double($0) * latency.meanSeconds / rules.speed }
    }
}
