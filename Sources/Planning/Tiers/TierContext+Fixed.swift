import Exchange
import Replay
import Units

/// Tiers whose nodes stay the same over the span: links side by side, and a database with its replicas.
extension TierContext {
    private struct Candidate {
        var shape: Shape
        var capacity: NodeCapacity
        /// Nodes that share the load.
        var needed: Int
        /// Nodes with spares and replicas.
        var nodes: Int
        var purchase: PurchasePlan
        var holdsSurges = true
    }

    /// Sizes a tier for its highest load: where nodes share it, as many as hold it, with spares; where one serves, a shape
    /// that holds it alone, with its standbys. The cheapest shape that does is taken.
    func planFixed(_ model: some CapacityModel) -> TierOutcome {
        let work = load.work(of: load.everySymbol)
        let method = Requirement.method(allowed: allowed, stresses: work.peaks)
        let peak = Requirement.level(of: work.peaks, allowed: allowed) * options.headroomFactor
        var candidates: [Candidate] = []
        var excuses: [ExcuseRow] = []
        for shape in shapes {
            if let shortfall = lackOfMemory(on: shape) {
                excuses.append(
                    ExcuseRow(tier: tier.name, rejection: .shapeTooSmall(shape: shape.name, shortfall)))
                continue
            }
            let capacity = fixedCapacity(model, shape: shape)
            if let needed = needed(capacity, work: work) {
                candidates.append(candidate(shape, capacity: capacity, needed: needed))
            } else {
                excuses.append(
                    ExcuseRow(
                        tier: tier.name,
                        rejection: .shapeTooSmall(shape: shape.name, tooSmall(capacity, load: peak))))
            }
        }
        let ranked = candidates.sorted {
            ($0.holdsSurges ? 0 : 1, $0.purchase.cost, $0.shape.name)
                < ($1.holdsSurges ? 0 : 1, $1.purchase.cost, $1.shape.name)
        }
        let today = fixedCapacity(model, shape: todaysShape)
        var findings: [PlanFinding] = []
        let chosen: Candidate
        if let cheapest = ranked.first {
            chosen = cheapest
        } else {
            let effort = bestEffort(
                work, of: shapesWithMemory().map { ($0, fixedCapacity(model, shape: $0)) })
            chosen = candidate(effort.shape, capacity: effort.capacity, needed: effort.needed)
            let lack = lackOfMemory(on: effort.shape) ?? tooSmall(effort.capacity, load: peak)
            findings.append(noShapeHolds(lack, bestOf: effort.shape))
        }
        if !chosen.holdsSurges { findings.append(surgeNotHeld(surgeWork(of: load.everySymbol))) }
        for other in ranked.dropFirst() { excuses.append(excuse(other, against: chosen)) }
        let requirement = requirement(chosen, work: work, peak: peak, method: method)
        var outcome = outcome(chosen, work: work, requirement: requirement)
        outcome.excuses = excuses
        outcome.findings = findings + noMajority + diskFindings
        outcome.plan.todaysProbabilityBroken = probabilityBroken(
            work, always(levels(today, left: left(of: tier.nodes), of: tier.nodes)))
        let isHeld = !ranked.isEmpty && noMajority.isEmpty
        outcome.plan.reasons = reasons(for: chosen, requirement: requirement, isHeld: isHeld)
        if tier.kind.law == .quota {
            outcome.plan.reasons = .quota(quotaReasons(chosen.shape, requirement, work, isHeld: isHeld))
        }
        return outcome
    }

    /// Whether some allowed shape holds the load, as `planFixed` would find.
    func canHoldFixed(_ model: some CapacityModel) -> Bool {
        let work = load.work(of: load.everySymbol)
        let holds = shapes.contains { needed(fixedCapacity(model, shape: $0), work: work) != nil }
        return holds && noMajority.isEmpty
    }

    private func fixedCapacity(_ model: some CapacityModel, shape: Shape) -> NodeCapacity {
        capacity(model, symbols: load.everySymbol, shape: shape)
    }

    /// Nodes that have to share the load; nil where none of the allowed numbers does.
    private func needed(_ capacity: NodeCapacity, work: PathLoad) -> Int? {
        func suffice(_ nodes: Int) -> Bool { isHeld(work, always(capacity.levels(nodes: nodes))) }
        if !tier.kind.addsUp { return suffice(1) ? 1 : nil }
        guard let nodes = capacity.fewest(suffice) else { return nil }
        return tier.kind.nodesToRun(nodes, rule) <= options.largestNodeCount ? nodes : nil
    }

    /// The load that has to be held: what the nodes hold, with what they have to spare taken off.
    private func requirement(
        _ chosen: Candidate, work: PathLoad, peak: Double, method: Requirement.Method
    ) -> Requirement {
        let levels = chosen.capacity.levels(nodes: chosen.needed)
        let spare = margin(work, always(levels))
        let level = spare > 0 && spare.isFinite ? levels.held.value / spare : spare > 0 ? 0 : peak
        return Requirement(servers: always(level), method: method)
    }

    private func candidate(_ shape: Shape, capacity: NodeCapacity, needed: Int) -> Candidate {
        var nodes = tier.kind.nodesToRun(needed, rule)
        var holds = true
        if let surging = nodesHoldingSurges(capacity) {
            if tier.kind.addsUp { nodes = max(nodes, surging) }
        } else {
            holds = false
        }
        return Candidate(
            shape: shape, capacity: capacity, needed: needed, nodes: nodes,
            purchase: flatPurchase(of: shape, nodes: nodes, left: needed), holdsSurges: holds)
    }

    /// The fewest nodes, all up, that hold every surge at its height; nil where no allowed number does. Nodes that stay the
    /// same have to be there before it.
    private func nodesHoldingSurges(_ capacity: NodeCapacity) -> Int? {
        let works = surgeWork(of: load.everySymbol)
        guard !works.isEmpty else { return 1 }
        func suffice(_ nodes: Int) -> Bool { holdsSurges(capacity.levels(nodes: nodes), works) }
        guard tier.kind.addsUp else { return suffice(1) ? 1 : nil }
        return capacity.fewest(suffice)
    }

    /// What breaks so many of the nodes that are left.
    private func levels(_ capacity: NodeCapacity, left: Int, of nodes: Int) -> BreakLevels {
        capacity.levels(nodes: tier.kind.nodesServing(left, nodes))
    }

    private func outcome(
        _ chosen: Candidate, work: PathLoad, requirement: Requirement
    ) -> TierOutcome {
        let nodes = chosen.nodes
        let sharing = tier.kind.nodesServing(nodes, nodes)
        let queue = TierOutcome.Queue(
            load: work, servers: always(workDone(nodes: sharing, on: chosen.shape)),
            allUp: always(levels(chosen.capacity, left: nodes, of: nodes)),
            afterLoss: always(levels(chosen.capacity, left: left(of: nodes), of: nodes)),
            nodeOut: always(levels(chosen.capacity, left: leftWithoutNode(of: nodes), of: nodes)),
            zoneOut: always(levels(chosen.capacity, left: leftWithoutZone(of: nodes), of: nodes)),
            bindingResource: binds(nodes: sharing, on: chosen.shape))
        let plan = TierPlan(
            tier: tier.name, kind: tier.kind, shape: chosen.shape.name, nodes: always(nodes),
            servingNodes: always(nodes), requiredNodes: always(nodes),
            reservedNodes: chosen.purchase.reserved, requiredServers: requirement.servers,
            heldServers: queue.afterLoss.held, shards: [], cost: chosen.purchase.cost,
            todaysCost: onDemandCost(of: todaysShape, nodes: tier.nodes), todaysProbabilityBroken: nil)
        return TierOutcome(
            plan: plan, queues: [queue], purchase: chosen.purchase, zoneNodes: byZone(always(nodes)),
            zoneServing: byZone(always(nodes)), zoneReserved: spread(chosen.purchase.reserved),
            constraints: always(tier.kind.constraint(chosen.needed, rule)),
            method: requirement.method,
            programme: flatProgramme(of: chosen.shape, nodes: nodes, left: chosen.needed))
    }

    private func tooSmall(_ capacity: NodeCapacity, load: Double) -> Shortfall {
        let held = capacity.held(nodes: 1)
        if tier.kind.law == .quota, held > 0, capacity.meanSeconds > 0 {
            return .quotaTooSmall(
                heldPerSecond: held / capacity.meanSeconds, loadPerSecond: load / capacity.meanSeconds)
        }
        return tier.kind.addsUp || held <= 0
            ? shortfall(of: capacity, against: load) : .primaryTooSmall(held: held, load: load)
    }

    private func excuse(_ other: Candidate, against chosen: Candidate) -> ExcuseRow {
        ExcuseRow(
            tier: tier.name,
            rejection: .dearerNodes(
                shape: other.shape.name, extra: other.purchase.cost - chosen.purchase.cost,
                chosen: chosen.shape.name), cost: other.purchase.cost)
    }

    private func reasons(for chosen: Candidate, requirement: Requirement, isHeld: Bool) -> TierReasons {
        .fixed(
            TierReasons.Fixed(
                load: loadToHold(requirement),
                nodes: nodes(chosen.needed, running: chosen.nodes, of: chosen.shape, chosen.capacity),
                addsUp: tier.kind.addsUp, isHeld: isHeld, objective: tier.objective, survival: rule,
                cost: chosen.purchase.cost, quorum: quorumReasons(chosen.nodes), disk: diskReasons))
    }
}

/// Quorums.
extension TierContext {
    /// The losses that leave no majority, each a finding.
    private var noMajority: [PlanFinding] {
        guard tier.kind.needsMajority else { return [] }
        let members = tier.kind.nodesToRun(1, rule)
        return tier.lostMajorities(of: members, zones: options.zones, rule).map { loss, left in
            PlanFinding(
                tier: tier.name,
                fact: .noMajority(
                    members: members, left: left, zones: zonesUsed, groups: tier.quorum?.groups.count ?? 0,
                    loss))
        }
    }

    /// Zones in which members may lie.
    private var zonesUsed: Int {
        Set(tier.layout(of: options.zones.count, zones: options.zones).members.map(\.zone)).count
    }

    private func quorumReasons(_ members: Int) -> TierReasons.Members? {
        guard tier.kind.needsMajority else { return nil }
        let layout = tier.layout(of: members, zones: options.zones)
        return TierReasons.Members(
            count: members, majority: Quorum.majority(of: members),
            places: layout.members.map { member in
                let zone = options.zones[member.zone]
                return member.group.flatMap { tier.quorum?.groups[$0].name }.map { "\($0) in \(zone)" }
                    ?? zone
            },
            left: left(of: members))
    }
}

/// Suppliers' quotas.
extension TierContext {
    /// Why a quota is ordered, with what is expected to be refused over the span.
    private func quotaReasons(
        _ shape: Shape, _ requirement: Requirement, _ work: PathLoad, isHeld: Bool
    ) -> TierReasons.Quota {
        let mix = load.mix(of: load.everySymbol)
        let mean = max(tier.mixedService(of: mix)?.meanSeconds ?? 0, .leastNormalMagnitude)
        let quota = tier.quota ?? Quota(prices: [])
        let price =
            quota.price(named: shape.name)
            ?? Quota.Price(name: shape.name, requests: 0, perMonth: .zero)
        let hours = QuotaHours(price, bursts: load.bursts(of: load.everySymbol))
        var (came, refused) = (0.0, 0.0)
        for (step, seconds) in work.means.enumerated() where step < stepCount {
            let requests = seconds / mean
            came += requests
            refused += requests * hours.shareRefused(perSecond: requests)
        }
        let span = Double(demand.stepSeconds)
        return TierReasons.Quota(
            price: price, isHeld: isHeld, loadPerSecond: (requirement.servers.max() ?? 0) / mean,
            objective: tier.objective, shareRefused: came > 0 ? refused / came : 0,
            refusalCost: Money(dollars: refused * span * quota.dollarsPerRefused),
            cost: flatPurchase(of: shape, nodes: 1, left: 1).cost)
    }
}

/// Nodes that stay the same, within an error budget.
extension TierContext {
    /// For each shape the numbers of nodes, or the shape alone where one serves.
    func fixedOptions(_ model: some CapacityModel, _ budget: ErrorBudget) -> [TierOption] {
        let work = load.work(of: load.everySymbol)
        let (meter, allWork) = (meter(budget), MissMeter.allWork(work))
        return shapes.filter { lackOfMemory(on: $0) == nil }.flatMap { shape -> [TierOption] in
            let capacity = fixedCapacity(model, shape: shape)
            func row(_ needed: Int) -> [PlanMisses] {
                let nodes = tier.kind.nodesToRun(needed, rule)
                let levels = levels(capacity, left: rule.left(of: nodes), of: nodes)
                return (0..<stepCount).map {
                    meter.misses(work, step: $0, levels: levels, allWork: allWork)
                }
            }
            func option(_ needed: Int) -> TierOption {
                TierOption(
                    recipe: .fixed(shape: shape.name, needed: needed),
                    cost: candidate(shape, capacity: capacity, needed: needed).purchase.cost,
                    misses: row(needed).reduce(PlanMisses(), +))
            }
            guard tier.kind.addsUp else { return [option(1)] }
            return missTable(budget, row).counts.filter {
                tier.kind.nodesToRun($0, rule) <= options.largestNodeCount
            }.map(option)
        }
    }

    /// Nodes that share the load, with their spares.
    func fixedOutcome(_ model: some CapacityModel, shape name: String, needed: Int) -> TierOutcome {
        let shape = shapes.first { $0.name == name } ?? todaysShape
        let work = load.work(of: load.everySymbol)
        let capacity = fixedCapacity(model, shape: shape)
        let chosen = candidate(shape, capacity: capacity, needed: needed)
        let requirement = Requirement(
            servers: always(capacity.held(nodes: needed)), method: .budget)
        var outcome = outcome(chosen, work: work, requirement: requirement)
        let today = fixedCapacity(model, shape: todaysShape)
        outcome.plan.todaysProbabilityBroken = probabilityBroken(
            work, always(levels(today, left: rule.left(of: tier.nodes), of: tier.nodes)))
        outcome.plan.reasons = reasons(for: chosen, requirement: requirement, isHeld: true)
        if !chosen.holdsSurges { outcome.findings.append(surgeNotHeld(surgeWork(of: load.everySymbol))) }
        return outcome
    }
}
