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
            let capacity = fixedCapacity(model, shape: shape)
            if let needed = needed(capacity, work: work) {
                candidates.append(candidate(shape, capacity: capacity, needed: needed))
            } else {
                excuses.append(
                    ExcuseRow(
                        tier: tier.name, option: shape.name, reason: tooSmall(capacity, load: peak), cost: nil
                    ))
            }
        }
        let ranked = candidates.sorted {
            ($0.purchase.cost, $0.shape.name) < ($1.purchase.cost, $1.shape.name)
        }
        let today = fixedCapacity(model, shape: todaysShape)
        var findings: [PlanFinding] = []
        if ranked.isEmpty {
            findings.append(
                PlanFinding(
                    severity: .infeasible, tier: tier.name,
                    message: "no allowed shape holds the load: \(todaysShape.name) "
                        + tooSmall(today, load: peak),
                    remedy: today.held(nodes: 1) <= 0
                        ? "shorten the service time or promise a longer latency"
                        : tier.kind.words.remedy))
        }
        let chosen = ranked.first ?? candidate(todaysShape, capacity: today, needed: max(1, tier.nodes))
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
            load: work, servers: always(Double(sharing * tier.servers(perNodeOf: chosen.shape))),
            allUp: always(levels(chosen.capacity, left: nodes, of: nodes)),
            afterLoss: always(levels(chosen.capacity, left: rule.left(of: nodes), of: nodes)),
            nodeOut: always(levels(chosen.capacity, left: nodes - 1, of: nodes)),
            zoneOut: always(levels(chosen.capacity, left: nodes - rule.largestZone(of: nodes), of: nodes)),
            bindingResource: tier.kind.binds(nil))
        let plan = TierPlan(
            tier: tier.name, kind: tier.kind, shape: chosen.shape.name, nodes: always(nodes),
            servingNodes: always(nodes), requiredNodes: always(nodes),
            reservedNodes: chosen.purchase.reserved, requiredServers: requirement.servers,
            heldServers: queue.afterLoss.held, shards: [], cost: chosen.purchase.cost,
            todaysCost: onDemandCost(of: todaysShape, nodes: tier.nodes), todaysProbabilityBroken: nil,
            reasons: "")
        return TierOutcome(
            plan: plan, queues: [queue], purchase: chosen.purchase, zoneNodes: byZone(always(nodes)),
            zoneServing: byZone(always(nodes)), zoneReserved: rule.spread(chosen.purchase.reserved),
            constraints: always(tier.kind.constraint(chosen.needed, rule)),
            method: requirement.method)
    }

    private func tooSmall(_ capacity: NodeCapacity, load: Double) -> String {
        guard !tier.kind.addsUp, capacity.held(nodes: 1) > 0 else {
            return shortfall(of: capacity, against: load)
        }
        return "as the primary holds \(figure(capacity.held(nodes: 1))) busy servers; "
            + "\(figure(load)) have to be held, and replicas do not help"
    }

    private func excuse(_ other: Candidate, against chosen: Candidate) -> ExcuseRow {
        ExcuseRow(
            tier: tier.name, option: other.shape.name,
            reason: "costs \(dollars(other.purchase.cost - chosen.purchase.cost)) more than "
                + "\(chosen.shape.name), which holds the load too", cost: other.purchase.cost)
    }

    private func reasons(for chosen: Candidate, requirement: Requirement, isHeld: Bool) -> String {
        let held = chosen.capacity.held(nodes: chosen.needed)
        let servers = chosen.needed * tier.servers(perNodeOf: chosen.shape)
        var text = requirementText(requirement.servers, requirement.method)
        if !isHeld {
            text += " No allowed shape holds it; \(chosen.nodes) × \(chosen.shape.name) are left in place."
        } else if !tier.kind.addsUp {
            text +=
                " A \(chosen.shape.name) as primary holds \(figure(held)) of \(servers) servers with "
                + objectiveText
            text +=
                chosen.nodes == 1
                ? "; it has no replica." : "; \(chosen.nodes) nodes, so that \(survivalText) leaves one."
        } else {
            text +=
                " \(chosen.needed) × \(chosen.shape.name) hold \(figure(held)) with \(objectiveText); "
                + "\(runningText(chosen.nodes))."
        }
        return text + " All are bought for the whole span: \(dollars(chosen.purchase.cost))."
    }
}
