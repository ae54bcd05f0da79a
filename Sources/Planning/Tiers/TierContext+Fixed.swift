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
            ($0.purchase.cost, $0.shape.name) < ($1.purchase.cost, $1.shape.name)
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
        for other in ranked.dropFirst() { excuses.append(excuse(other, against: chosen)) }
        let requirement = requirement(chosen, work: work, peak: peak, method: method)
        var outcome = outcome(chosen, work: work, requirement: requirement)
        outcome.excuses = excuses
        outcome.findings = findings
        outcome.plan.todaysProbabilityBroken = probabilityBroken(
            work, always(levels(today, left: rule.left(of: tier.nodes), of: tier.nodes)))
        outcome.plan.reasons = reasons(for: chosen, requirement: requirement, isHeld: !ranked.isEmpty)
        return outcome
    }

    /// Whether some allowed shape holds the load, as `planFixed` would find.
    func canHoldFixed(_ model: some CapacityModel) -> Bool {
        let work = load.work(of: load.everySymbol)
        return shapes.contains { needed(fixedCapacity(model, shape: $0), work: work) != nil }
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
        let nodes = tier.kind.nodesToRun(needed, rule)
        return Candidate(
            shape: shape, capacity: capacity, needed: needed, nodes: nodes,
            purchase: flatPurchase(of: shape, nodes: nodes))
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
            load: work, servers: always(Double(sharing) * servers(perNodeOf: chosen.shape)),
            allUp: always(levels(chosen.capacity, left: nodes, of: nodes)),
            afterLoss: always(levels(chosen.capacity, left: rule.left(of: nodes), of: nodes)),
            nodeOut: always(levels(chosen.capacity, left: nodes - 1, of: nodes)),
            zoneOut: always(levels(chosen.capacity, left: nodes - rule.largestZone(of: nodes), of: nodes)),
            bindingResource: tier.on(chosen.shape).binds(nil))
        let plan = TierPlan(
            tier: tier.name, kind: tier.kind, shape: chosen.shape.name, nodes: always(nodes),
            servingNodes: always(nodes), requiredNodes: always(nodes),
            reservedNodes: chosen.purchase.reserved, requiredServers: requirement.servers,
            heldServers: queue.afterLoss.held, shards: [], cost: chosen.purchase.cost,
            todaysCost: onDemandCost(of: todaysShape, nodes: tier.nodes), todaysProbabilityBroken: nil)
        return TierOutcome(
            plan: plan, queues: [queue], purchase: chosen.purchase, zoneNodes: byZone(always(nodes)),
            zoneServing: byZone(always(nodes)), zoneReserved: rule.spread(chosen.purchase.reserved),
            constraints: always(tier.kind.constraint(chosen.needed, rule)),
            method: requirement.method)
    }

    private func tooSmall(_ capacity: NodeCapacity, load: Double) -> Shortfall {
        let held = capacity.held(nodes: 1)
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
                cost: chosen.purchase.cost))
    }
}
