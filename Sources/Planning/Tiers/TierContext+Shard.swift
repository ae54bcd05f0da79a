import Exchange
import Numerics
import Replay
import Units

extension TierContext {
    /// Places symbols on the fewest shards that hold them, each with its standbys in other zones.
    func planShards(_ model: some CapacityModel) -> TierOutcome {
        let search = ShardSearch(self, model: model)
        let (fewest, failed) = search.fewest()
        let near = moves(search).map { $0.nearest(to: fewest) }
        let found = near?.trial ?? fewest
        let requiredShare = search.requiredShare(found)
        // A writer uses one core of any shape, so that the cheapest with enough memory serves.
        let most = found.shards.map(\.symbols.count).max() ?? 0
        let roomy = shapes.filter { lackOfMemory(on: $0, symbols: most) == nil }
        let shape = roomy.first ?? todaysShape
        let purchase = flatPurchase(
            of: shape, nodes: tier.kind.nodesToRun(found.shards.count, rule), left: found.shards.count)
        let zones = shardZones(count: found.shards.count)
        var outcome = outcome(found, shape: shape, purchase: purchase, zones: zones)
        outcome.placementRows = placementRows(
            found, zones: zones, loads: search.symbolLoads, moved: near?.moved ?? [])
        outcome.placement = placement(found)
        outcome.excuses = shapeExcuses(
            chosen: shape, nodes: tier.kind.nodesToRun(found.shards.count, rule), shards: found.shards.count,
            symbols: most)
        if let failed {
            outcome.excuses.append(
                excuse(failed, requiredShare: search.requiredShare(failed), besides: search.oversized.count))
        }
        outcome.findings = findings(search, found: found, requiredShare: requiredShare)
        if !search.surgesOutgrow.isEmpty || !search.holdsSurges(found) {
            outcome.findings.append(surgeNotHeld(surgeWork(of: load.everySymbol)))
        }
        if roomy.isEmpty, let shortfall = lackOfMemory(on: shape, symbols: most) {
            outcome.findings.append(noShapeHolds(shortfall, bestOf: shape))
        }
        if let needed = near?.needed, let limit = tier.movesMax {
            outcome.findings.append(
                PlanFinding(tier: tier.name, fact: .movesPassLimit(needed: needed, limit: limit)))
        }
        let today = todaysTrial(search)
        outcome.plan.todaysCost = onDemandCost(of: todaysShape, nodes: max(0, tier.nodes) * copies)
        outcome.plan.todaysProbabilityBroken = BreakShare.interval(today.hazards)
        outcome.plan.reasons = reasons(
            found, isHeld: search.isHeld(found) && search.oversized.isEmpty, shape: shape,
            purchase: purchase, moved: near?.moved)
        return outcome
    }

    /// Today's shard of each symbol, all of them placed; nil where nobody says.
    private func todaysShards(_ search: ShardSearch) -> [Int]? {
        tier.todaysShards.isEmpty
            ? nil
            : Planning.todaysShards(
                of: tier, demand: demand, loads: search.symbolLoads, shards: max(1, tier.nodes))
    }

    private func moves(_ search: ShardSearch) -> ShardMoves? {
        todaysShards(search).map { today in
            ShardMoves(
                search: search, today: today, todaysCount: max(1, tier.nodes),
                isKnown: demand.symbols.indices.map { todaysShard($0) != nil }, limit: tier.movesMax)
        }
    }

    /// The symbols on today's shards: as they are where that is known, else as evenly as can be.
    private func todaysTrial(_ search: ShardSearch) -> ShardSearch.Trial {
        guard let today = todaysShards(search) else { return search.trial(onShards: tier.nodes) }
        var groups = [[Int]](repeating: [], count: max(1, tier.nodes))
        for (symbol, shard) in today.enumerated() { groups[shard].append(symbol) }
        return search.trial(of: groups)
    }

    /// Whether some placement holds the symbols' loads, as `planShards` would find.
    func canHoldShards(_ model: some CapacityModel) -> Bool {
        let search = ShardSearch(self, model: model)
        guard search.oversized.isEmpty else { return false }
        let found = search.fewest().found
        guard moves(search)?.nearest(to: found).needed == nil else { return false }
        return findings(search, found: found, requiredShare: search.requiredShare(found)).isEmpty
    }

    /// The zones of each shard's nodes, the serving one first.
    private func shardZones(count: Int) -> [[Int]] {
        (0..<count).map(rule.zonesOfCopies)
    }

    /// Today's shard of a symbol; nil where nobody says.
    private func todaysShard(_ symbol: Int) -> Int? {
        let id = demand.symbols[symbol].id
        return tier.todaysShards[id.name] ?? tier.todaysShards[id.description]
    }

    private func shardName(_ index: Int) -> String { "\(tier.name)-\(index)" }

    private func bindingResource(_ shard: ShardSearch.Shard) -> BindingResource {
        tier.binds(
            heaviestSymbol(
                shard.symbols.sorted().lazy.map {
                    (demand.symbols[$0].id.name, load.meanTrades[$0] * load.workPerTrade[$0])
                }))
    }

    private func outcome(
        _ found: ShardSearch.Trial, shape: Shape, purchase: PurchasePlan, zones: [[Int]]
    ) -> TierOutcome {
        let canTakeOver = copies > 1
        let queues = found.shards.map { shard in
            let levels = shard.levels
            return TierOutcome.Queue(
                load: shard.load, servers: always(1), allUp: always(levels), afterLoss: always(levels),
                nodeOut: always(canTakeOver ? levels : .none),
                zoneOut: always(canTakeOver && options.zones.count > 1 ? levels : .none),
                bindingResource: bindingResource(shard))
        }
        let shards = found.shards.enumerated().map { index, shard in
            shardPlan(shard, index: index, zones: zones[index])
        }
        let nodes = tier.kind.nodesToRun(found.shards.count, rule)
        let byZone = options.zones.indices.map { zone in
            always(zones.reduce(0) { $0 + $1.count { $0 == zone } })
        }
        let plan = TierPlan(
            tier: tier.name, kind: tier.kind, shape: shape.name, nodes: always(nodes),
            servingNodes: always(nodes), requiredNodes: always(nodes), reservedNodes: purchase.reserved,
            requiredServers: always(shards.reduce(0) { $0 + $1.requiredServers }),
            heldServers: always(found.shards.reduce(0) { $0 + $1.held }), shards: shards,
            cost: purchase.cost, todaysCost: .zero, todaysProbabilityBroken: nil)
        return TierOutcome(
            plan: plan, queues: queues, purchase: purchase, zoneNodes: byZone, zoneServing: byZone,
            zoneReserved: reserved(purchase, of: byZone.map { $0.first ?? 0 }),
            constraints: always(tier.kind.constraint(found.shards.count, rule)),
            method: found.method,
            programme: flatProgramme(of: shape, nodes: nodes, left: found.shards.count))
    }

    private func shardPlan(_ shard: ShardSearch.Shard, index: Int, zones: [Int]) -> ShardPlan {
        let mean = shard.capacity.meanSeconds
        return ShardPlan(
            index: index, name: shardName(index), zone: options.zones[zones[0]],
            standbyZones: zones.dropFirst().map { options.zones[$0] }, symbols: shard.symbols,
            requiredServers: required(shard),
            capacityServers: shard.capacityServers,
            capacityPerSecond: shard.capacityServers.scaled(by: mean > 0 ? 1 / mean : 0),
            probabilityBroken: probabilityBroken(shard.load, always(shard.levels)),
            bindingResource: bindingResource(shard))
    }

    /// The load that a shard has to hold by itself: what it holds, with what it has to spare taken off.
    private func required(_ shard: ShardSearch.Shard) -> Double {
        let margin = margin(shard.load, always(shard.levels))
        return margin > 0 && margin.isFinite
            ? shard.held / margin
            : Requirement.level(of: shard.load.peaks, allowed: allowed) * options.headroomFactor
    }

    private func placement(_ found: ShardSearch.Trial) -> Placement {
        var shardOfSymbol = [Int](repeating: 0, count: demand.symbols.count)
        for (index, shard) in found.shards.enumerated() {
            for symbol in shard.symbols { shardOfSymbol[symbol] = index }
        }
        return Placement(shardCount: found.shards.count, shardOfSymbol: shardOfSymbol)
    }

    private func placementRows(
        _ found: ShardSearch.Trial, zones: [[Int]], loads: [Double], moved: [Int]
    ) -> [PlacementRow] {
        found.shards.enumerated().flatMap { index, shard in
            let total = shard.symbols.reduce(0) { $0 + loads[$1] }
            return shard.symbols.map { symbol in
                let perTrade = load.workPerTrade[symbol]
                let messages = load.messagesPerTrade[symbol].total
                return PlacementRow(
                    tier: tier.name, shard: shardName(index), zone: options.zones[zones[index][0]],
                    standbyZones: zones[index].dropFirst().map { options.zones[$0] },
                    symbol: demand.symbols[symbol].id, load: loads[symbol],
                    messagesPerSecond: perTrade > 0 ? loads[symbol] / perTrade * messages : 0,
                    shareOfShard: total > 0 ? loads[symbol] / total : 0,
                    shareOfCapacity: share(loads[symbol], of: shard.held),
                    movesFrom: moved.contains(symbol) ? todaysShard(symbol).map(shardName) : nil)
            }
        }
    }
}

extension TierContext {
    private func shapeExcuses(chosen: Shape, nodes: Int, shards: Int, symbols: Int) -> [ExcuseRow] {
        let cost = flatPurchase(of: chosen, nodes: nodes, left: shards).cost
        return shapes.filter { $0 != chosen }.map { shape in
            if let shortfall = lackOfMemory(on: shape, symbols: symbols) {
                return ExcuseRow(
                    tier: tier.name, rejection: .shapeTooSmall(shape: shape.name, shortfall))
            }
            let other = flatPurchase(of: shape, nodes: nodes, left: shards).cost
            return ExcuseRow(
                tier: tier.name,
                rejection: .dearerWriter(shape: shape.name, extra: other - cost, chosen: chosen.name),
                cost: other)
        }
    }

    private func excuse(
        _ failed: ShardSearch.Trial, requiredShare: Double, besides oversized: Int
    ) -> ExcuseRow {
        ExcuseRow(
            tier: tier.name,
            rejection: .fewerShards(
                shards: failed.shards.count + oversized, requiredShare: requiredShare))
    }

    /// The share of its capacity from which a shard is told to be overloaded. Chosen, not measured.
    private static let overloadedShare = 1.001

    fileprivate func findings(
        _ search: ShardSearch, found: ShardSearch.Trial, requiredShare: Double
    ) -> [PlanFinding] {
        var facts: [PlanFinding.Fact] = []
        let listed = 10
        for (index, symbol) in search.oversized.prefix(listed).enumerated() {
            facts.append(oversized(found.shards[index], symbol: symbol, load: search.symbolLoads[symbol]))
        }
        if search.oversized.count > listed {
            facts.append(.moreSymbolsOutgrowShards(search.oversized.count - listed))
        }
        if requiredShare > TierContext.overloadedShare, search.oversized.count < demand.symbols.count {
            facts.append(.shardOverloaded(requiredShare: requiredShare, probabilityAllowed: allowed))
        }
        if found.shards.count * copies > options.largestNodeCount {
            facts.append(
                .shardsPassLimit(
                    shards: found.shards.count, copies: copies, limit: options.largestNodeCount))
        }
        return facts.map { PlanFinding(tier: tier.name, fact: $0) }
    }

    private func oversized(_ shard: ShardSearch.Shard, symbol: Int, load: Double) -> PlanFinding.Fact {
        let name = demand.symbols[symbol].id.name
        guard shard.held > 0 else { return .symbolBreaksIdle(symbol: name, tier.objective) }
        return .symbolOutgrowsShard(
            symbol: name, load: load, held: shard.held, meanSeconds: shard.capacity.meanSeconds,
            tier.objective)
    }

    private func reasons(
        _ found: ShardSearch.Trial, isHeld: Bool, shape: Shape, purchase: PurchasePlan, moved: [Int]?
    ) -> TierReasons {
        let tightest = found.shards.map { (shard: $0, required: required($0)) }.max {
            share($0.required, of: $0.shard.held) < share($1.required, of: $1.shard.held)
        }
        return .shards(
            TierReasons.Shards(
                count: found.shards.count, isHeld: isHeld,
                tightest: tightest.flatMap { shard, load in
                    shard.symbols.first.map {
                        TierReasons.Shards.Tightest(
                            symbol: demand.symbols[$0].id.name, others: shard.symbols.count - 1, load: load,
                            held: shard.held)
                    }
                },
                copies: copies, objective: tier.objective, survival: rule, shape: shape.name,
                cost: purchase.cost,
                moves: moved.map { moved in
                    TierReasons.Moves(
                        symbols: moved.map { demand.symbols[$0].id.name }, known: tier.todaysShards.count,
                        limit: tier.movesMax)
                }))
    }
}
