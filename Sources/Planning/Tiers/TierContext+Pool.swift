import Exchange
import Glibc
import Replay
import Units

extension TierContext {
    /// A pool on one shape.
    private struct Candidate {
        var shape: Shape
        var capacity: NodeCapacity
        /// The load that the nodes hold in each step.
        var requirement: Requirement
        /// Nodes that hold each step's load that may not wait, spares aside.
        var needed: [Int]
        /// The load that is done in each step when all are up: less in the peak where work may wait, more after it.
        var done: [Double]
        /// The share of the load that may not wait.
        var critical: Double
        /// The same with spares and a zone to lose.
        var required: [Int]
        var lead: Int
        var purchase: PurchasePlan
        var prewarmed: [Int]
        var programme: PurchaseProgramme
        /// Nodes that have to serve before surges; 0 where there are none.
        var floor: [Int] = []
        var holdsSurges = true

        /// Whether its shape is the one that is reserved or, where none is, bought on demand.
        var isMostlyOfShape: Bool {
            let most = programme.shape(of: purchase.reserved > 0 ? .reserved : .onDemand)
            return most == nil || most == shape.name
        }
    }

    /// Sizes a pool: for each shape the cheapest schedule that keeps the promise, then the cheapest shape.
    func planPool(_ model: some CapacityModel) -> TierOutcome {
        let work = load.work(of: load.everySymbol)
        let profile = Requirement.profile(of: work, allowed: allowed)
        var candidates: [Candidate] = []
        var excuses: [ExcuseRow] = []
        for shape in shapes {
            if let shortfall = lackOfMemory(on: shape) {
                excuses.append(
                    ExcuseRow(tier: tier.name, rejection: .shapeTooSmall(shape: shape.name, shortfall)))
                continue
            }
            let capacity = capacity(model, symbols: load.everySymbol, shape: shape)
            let requirement = requirement(work, profile: profile, capacity: capacity)
            if let candidate = candidate(shape, capacity: capacity, requirement: requirement) {
                candidates.append(candidate)
            } else {
                let shortfall = shortfall(of: capacity, against: requirement.servers.max() ?? 0)
                excuses.append(
                    ExcuseRow(tier: tier.name, rejection: .shapeTooSmall(shape: shape.name, shortfall)))
            }
        }
        var ranked = candidates.sorted {
            ($0.holdsSurges ? 0 : 1, $0.purchase.cost, $0.isMostlyOfShape ? 0 : 1, $0.shape.name)
                < ($1.holdsSurges ? 0 : 1, $1.purchase.cost, $1.isMostlyOfShape ? 0 : 1, $1.shape.name)
        }
        guard let chosen = ranked.first else {
            return infeasiblePool(model, work: work, profile: profile, excuses: excuses)
        }
        // What is mixed with the chosen shape is no other choice.
        ranked.removeAll { other in
            other.shape != chosen.shape
                && chosen.programme.offers.contains { $0.shape == other.shape.name }
        }
        for other in ranked.dropFirst() { excuses.append(excuse(other, against: chosen)) }
        excuses += purchaseExcuses(of: chosen) + waitingExcuse(of: chosen)
        var outcome = outcome(chosen, work: work)
        outcome.excuses = excuses
        outcome.plan.todaysProbabilityBroken = todaysPool(model, work: work)
        outcome.plan.reasons = reasons(for: chosen, next: ranked.dropFirst().first)
        if !chosen.holdsSurges { outcome.findings.append(surgeNotHeld(surgeWork(of: load.everySymbol))) }
        return outcome
    }

    /// The profile as far up as few enough paths break on what holds just that, whole nodes or not.
    ///
    /// How far the loads at which hours break spread is that of the nodes, which are found anew with the scale.
    private func requirement(
        _ work: PathLoad, profile: [Double], capacity: NodeCapacity
    ) -> Requirement {
        let shares = work.largestShares(of: profile.map { $0 / options.headroomFactor })
        let method = Requirement.method(allowed: allowed, stresses: shares)
        var scale = Requirement.level(of: shares, allowed: allowed)
        guard scale > 0, scale.isFinite else {
            return Requirement(servers: profile.map { _ in 0 }, method: method)
        }
        var last: [Int] = []
        for _ in 0..<3 {
            let nodes = profile.map { capacity.nodes(holding: $0 * scale) ?? options.largestNodeCount }
            guard nodes != last else { break }
            last = nodes
            let levels = StepLevels(nodes, of: capacity)
            let held = levels.held
            guard held.allSatisfy({ $0 > 0 }) else { break }
            // Every step's load over its profile, times what its nodes hold.
            let logFactors = zip(held, profile).map { log($0) - log($1) }
            let margin = BreakShare.margin(allowed: allowed, stresses: shares) {
                levels.hazard(of: work, path: $0, logFactors: logFactors, logFactor: $1 + logHeadroom)
            }
            guard margin > 0, margin.isFinite else { break }
            scale = 1 / margin
        }
        return Requirement(servers: profile.map { $0 * scale }, method: method)
    }

    private func candidate(
        _ shape: Shape, capacity: NodeCapacity, requirement: Requirement, critical: Double? = nil
    ) -> Candidate? {
        func nodes(_ loads: [Double]) -> [Int]? {
            var nodes: [Int] = []
            for load in loads {
                guard let found = capacity.nodes(holding: load * (1 - Self.rounding)) else { return nil }
                nodes.append(found)
            }
            return nodes
        }
        let critical = critical ?? criticalShare
        let done = Deferral.done(
            requirement.servers, critical: critical,
            steps: wholeSteps(of: tier.criticality?.deferSeconds ?? 0))
        guard let needed = nodes(requirement.servers.map { $0 * critical }), let allUp = nodes(done) else {
            return nil
        }
        // What may wait is left alone by a loss: for it, and for all else together, what runs with all up is enough.
        let required = zip(needed, allUp).map { max(tier.kind.nodesToRun($0, rule), $1) }
        guard (required.max() ?? 0) <= options.largestNodeCount else { return nil }
        return candidate(
            shape, capacity: capacity, requirement: requirement, needed: needed, required: required,
            waiting: Waiting(done: done, critical: critical))
    }

    /// What is done by step where some of the load may wait, and the share that may not.
    private struct Waiting {
        var done: [Double]
        var critical = 1.0
    }

    /// The cheapest schedule of the nodes that are required, and of those that surges ask for beside them.
    private func candidate(
        _ shape: Shape, capacity: NodeCapacity, requirement: Requirement, needed: [Int], required: [Int],
        waiting: Waiting
    ) -> Candidate {
        let lead = steps(of: shape.warmUpSeconds + options.extraLeadSeconds)
        let prewarmed = NodeSchedule.warmed(needed: required, lead: lead)
        let left = NodeSchedule.warmed(needed: needed, lead: lead)
        let programme = programme(of: shape, needed: prewarmed, left: left)
        let purchase = programme.cheapest()
        var result = Candidate(
            shape: shape, capacity: capacity, requirement: requirement, needed: needed, done: waiting.done,
            critical: waiting.critical, required: required, lead: lead, purchase: purchase,
            prewarmed: prewarmed, programme: programme)
        let works = surgeWork(of: load.everySymbol)
        guard !works.isEmpty else { return result }
        guard let floor = surgeFloor(works, shape: shape, capacity) else {
            result.holdsSurges = false
            return result
        }
        result.floor = floor
        let serving = NodeSchedule.serving(running: purchase.nodes, lead: lead)
        guard zip(serving, floor).contains(where: { $0 < $1 }) else { return result }
        result.required = zip(required, floor).map { max($0, $1) }
        // Never fewer nodes than without surges, hour by hour.
        result.prewarmed = zip(
            purchase.nodes, NodeSchedule.warmed(needed: result.required, lead: lead)
        ).map { max($0, $1) }
        result.programme = self.programme(
            of: shape, needed: result.prewarmed,
            left: zip(left, NodeSchedule.warmed(needed: floor, lead: lead)).map { max($0, $1) })
        result.purchase = result.programme.cheapest()
        return result
    }

    /// The share of the load that may not wait.
    private var criticalShare: Double { tier.criticalShare(of: load.mix(of: load.everySymbol)) }

    /// A length of time in steps, rounded down: what may wait so long is done by then.
    private func wholeSteps(of seconds: Double) -> Int {
        Int(saturating: (seconds / Double(demand.stepSeconds) + 1e-9).rounded(.down))
    }

    private func outcome(_ chosen: Candidate, work: PathLoad) -> TierOutcome {
        let nodes = chosen.purchase.nodes
        let serving = NodeSchedule.serving(running: nodes, lead: chosen.lead)
        let capacity = chosen.capacity
        // Nodes break at a load by the part of it that they have to do then.
        let normal = zip(chosen.requirement.servers, chosen.done).map { $1 > 0 && $0 > 0 ? $0 / $1 : 1 }
        let lost = always(chosen.critical > 0 ? 1 / chosen.critical : Self.nothingCritical)
        let queue = TierOutcome.Queue(
            load: work, servers: serving.map { workDone(nodes: $0, on: chosen.shape) },
            allUp: StepLevels(serving, of: capacity).scaled(by: normal),
            afterLoss: StepLevels(serving.map(left), of: capacity).scaled(by: lost),
            nodeOut: StepLevels(serving.map(leftWithoutNode), of: capacity).scaled(by: lost),
            zoneOut: StepLevels(serving.map(leftWithoutZone), of: capacity).scaled(by: lost),
            bindingResource: binds(nodes: serving.max() ?? 1, on: chosen.shape))
        let plan = TierPlan(
            tier: tier.name, kind: tier.kind, shape: chosen.shape.name, nodes: nodes, servingNodes: serving,
            requiredNodes: chosen.required, reservedNodes: chosen.purchase.reserved,
            requiredServers: chosen.requirement.servers, heldServers: queue.afterLoss.held, shards: [],
            cost: chosen.purchase.cost, todaysCost: onDemandCost(of: todaysShape, nodes: tier.nodes),
            todaysProbabilityBroken: nil)
        let constraints = nodes.indices.map { step in
            if nodes[step] > chosen.prewarmed[step] {
                if nodes[step] <= chosen.purchase.reserved { return NodeConstraint.reserved }
                return chosen.programme.limitsChanges ? .changeRules : .minimumUpTime
            }
            if chosen.prewarmed[step] > chosen.required[step] { return .warmUp }
            let surviving = tier.kind.nodesToRun(chosen.needed[step], rule)
            if !chosen.floor.isEmpty, chosen.floor[step] > surviving { return .own("a surge to hold") }
            return chosen.required[step] > surviving
                ? .load : tier.kind.constraint(chosen.needed[step], rule)
        }
        return TierOutcome(
            plan: plan, queues: [queue], purchase: chosen.purchase,
            zoneNodes: byZone(nodes), zoneServing: byZone(serving),
            zoneReserved: spread(chosen.purchase.reserved), constraints: constraints,
            method: chosen.requirement.method, programme: chosen.programme)
    }

    private func infeasiblePool(
        _ model: some CapacityModel, work: PathLoad, profile: [Double], excuses: [ExcuseRow]
    ) -> TierOutcome {
        let effort = bestEffort(
            work,
            of: shapesWithMemory().map { ($0, capacity(model, symbols: load.everySymbol, shape: $0)) })
        let requirement = requirement(work, profile: profile, capacity: effort.capacity)
        let nodes = always(effort.nodes)
        var outcome = outcome(
            Candidate(
                shape: effort.shape, capacity: effort.capacity, requirement: requirement,
                needed: always(effort.needed), done: requirement.servers, critical: criticalShare,
                required: nodes, lead: 0,
                purchase: flatPurchase(of: effort.shape, nodes: effort.nodes, left: effort.nodes),
                prewarmed: nodes,
                programme: flatProgramme(of: effort.shape, nodes: effort.nodes, left: effort.nodes)),
            work: work)
        outcome.excuses = excuses
        outcome.plan.todaysProbabilityBroken = todaysPool(model, work: work)
        let shortfall =
            lackOfMemory(on: effort.shape)
            ?? shortfall(of: effort.capacity, against: requirement.servers.max() ?? 0)
        outcome.findings.append(noShapeHolds(shortfall, bestOf: effort.shape))
        outcome.plan.reasons = .poolShort(
            loadToHold(requirement), shape: effort.shape.name, nodes: effort.nodes)
        return outcome
    }

    /// Whether some allowed shape holds the load, as `planPool` would find.
    func canHoldPool(_ model: some CapacityModel) -> Bool {
        let work = load.work(of: load.everySymbol)
        let profile = Requirement.profile(of: work, allowed: allowed)
        return shapes.contains { shape in
            let capacity = capacity(model, symbols: load.everySymbol, shape: shape)
            let most = requirement(work, profile: profile, capacity: capacity).servers.max() ?? 0
            guard let needed = capacity.nodes(holding: most * criticalShare * (1 - Self.rounding)),
                let allUp = capacity.nodes(holding: most * (1 - Self.rounding))
            else { return false }
            return max(tier.kind.nodesToRun(needed, rule), allUp) <= options.largestNodeCount
        }
    }

    /// The factor on a load where all of it may wait.
    private static let nothingCritical = 1e6

    /// A hair of a load, which asks for no further node.
    private static let rounding = 1e-12

    private func todaysPool(_ model: some CapacityModel, work: PathLoad) -> Estimate {
        let capacity = capacity(model, symbols: load.everySymbol, shape: todaysShape)
        let levels = capacity.levels(nodes: left(of: tier.nodes))
        let critical = max(criticalShare, 1 / Self.nothingCritical)
        return probabilityBroken(work, always(critical < 1 ? levels.scaled(by: 1 / critical) : levels))
    }

    /// Nodes by zone, `[zone][step]`.
    func byZone(_ nodes: [Int]) -> [[Int]] {
        let spread = nodes.map(spread)
        return zoneNames.indices.map { zone in spread.map { $0[zone] } }
    }
}

extension TierContext {
    private func excuse(_ other: Candidate, against chosen: Candidate) -> ExcuseRow {
        let extra = other.purchase.cost - chosen.purchase.cost
        return ExcuseRow(
            tier: tier.name,
            rejection: .dearerPool(
                shape: other.shape.name, extra: extra, chosen: chosen.shape.name,
                nodesMax: other.purchase.nodes.max() ?? 0, reserved: other.purchase.reserved),
            cost: other.purchase.cost)
    }

    private func purchaseExcuses(of chosen: Candidate) -> [ExcuseRow] {
        let purchase = chosen.purchase
        let most = chosen.required.max() ?? 0
        let name = chosen.shape.name
        var rows: [ExcuseRow] = []
        func add(_ cost: Money, _ rejection: (_ extra: Money) -> ExcuseRow.Rejection) {
            guard cost > purchase.cost else { return }
            rows.append(ExcuseRow(tier: tier.name, rejection: rejection(cost - purchase.cost), cost: cost))
        }
        let flat = PurchasePlan(
            reserved: most, needed: always(most), minimumUp: 1, prices: purchase.prices)
        add(flat.cost) {
            .reservedThroughout(shape: name, nodes: most, extra: $0, reserved: purchase.reserved)
        }
        let onDemand = chosen.programme.plan(always: 0)
        add(onDemand.cost) { .onDemandThroughout(shape: name, extra: $0, reserved: purchase.reserved) }
        return rows
    }

    /// What it would cost to hold all work through losses, where some of it may wait; nothing where that is not dearer.
    private func waitingExcuse(of chosen: Candidate) -> [ExcuseRow] {
        guard chosen.critical < 1,
            let whole = candidate(
                chosen.shape, capacity: chosen.capacity, requirement: chosen.requirement, critical: 1),
            whole.purchase.cost > chosen.purchase.cost
        else { return [] }
        return [
            ExcuseRow(
                tier: tier.name,
                rejection: .nothingWaits(
                    shape: chosen.shape.name, nodes: whole.required.max() ?? 0,
                    extra: whole.purchase.cost - chosen.purchase.cost, waiting: 1 - chosen.critical),
                cost: whole.purchase.cost)
        ]
    }

    private func reasons(for chosen: Candidate, next: Candidate?) -> TierReasons {
        if let staffing = tier.staffing { return .staff(staffReasons(chosen, staffing)) }
        let needed = chosen.needed.max() ?? 1
        return .pool(
            TierReasons.Pool(
                load: loadToHold(chosen.requirement),
                nodes: nodes(
                    needed, running: chosen.required.max() ?? 0, of: chosen.shape, chosen.capacity),
                objective: tier.objective, survival: rule, lead: chosen.lead,
                warmUpSeconds: chosen.shape.warmUpSeconds, reserved: chosen.purchase.reserved,
                onDemandMax: (chosen.purchase.nodes.max() ?? 0) - chosen.purchase.reserved,
                cost: chosen.purchase.cost,
                next: next.map { TierReasons.Next(shape: $0.shape.name, cost: $0.purchase.cost) },
                connections: connections(chosen, needed: needed),
                waiting: chosen.critical < 1
                    ? TierReasons.Waiting(
                        share: 1 - chosen.critical, deferSeconds: tier.criticality?.deferSeconds ?? 0,
                        peakDone: chosen.done.max() ?? 0) : nil))
    }

    /// What clients' connections come to in the worst step, on the nodes that hold it.
    private func connections(_ chosen: Candidate, needed: Int) -> TierReasons.Connections? {
        let mix = load.mix(of: load.everySymbol)
        guard let sessions = tier.sessions, sessions.connectionsPerRate > 0,
            let mean = tier.mixedService(of: mix)?.meanSeconds,
            let limit = tier.tightestLimit(nodes: needed, on: chosen.shape, mix: mix)
        else { return nil }
        let held = limit.messagesPerSecond * sessions.connectionsPerRate
        return TierReasons.Connections(
            peak: (chosen.requirement.servers.max() ?? 0) / mean * sessions.connectionsPerRate,
            heldPerNode: held / Double(max(1, needed)), resource: limit.resource,
            isBinding: binds(nodes: needed, on: chosen.shape) == limit.resource)
    }

    private func staffReasons(_ chosen: Candidate, _ staffing: Staffing) -> TierReasons.Staff {
        let mean = tier.mixedService(of: load.mix(of: load.everySymbol))?.meanSeconds ?? 1
        let rate = (chosen.requirement.servers.max() ?? 0) / mean
        let people = chosen.needed.max() ?? 1
        let state = ErlangA(
            servers: staffing.answering(of: people), ratePerSecond: rate, meanSeconds: mean,
            patienceSeconds: staffing.patienceSeconds)
        return TierReasons.Staff(
            contactsPerHour: rate * 3600, handlingSeconds: mean, people: people,
            answering: staffing.answering(of: people),
            shareAnswered: state.shareAnswered(within: tier.objective.latencySeconds),
            shareAbandoning: state.shareAbandoning, objective: tier.objective,
            patienceSeconds: staffing.patienceSeconds, permanent: chosen.purchase.reserved,
            onCallMax: (chosen.purchase.nodes.max() ?? 0) - chosen.purchase.reserved,
            cost: chosen.purchase.cost)
    }
}

/// Pools within an error budget.
extension TierContext {
    /// For each shape the nodes by step at the least sum of nodes and misses, at many prices of what goes wrong.
    func poolOptions(_ model: some CapacityModel, _ budget: ErrorBudget) -> [TierOption] {
        let work = load.work(of: load.everySymbol)
        let (meter, allWork) = (meter(budget), MissMeter.allWork(work))
        return shapes.filter { lackOfMemory(on: $0) == nil }.flatMap { shape -> [TierOption] in
            let capacity = capacity(model, symbols: load.everySymbol, shape: shape)
            var known: [Int: [PlanMisses]] = [:]
            func row(_ nodes: Int) -> [PlanMisses] {
                let left = rule.left(of: nodes)
                if let old = known[left] { return old }
                let levels = capacity.levels(nodes: left)
                let found = (0..<stepCount).map {
                    meter.misses(work, step: $0, levels: levels, allWork: allWork)
                }
                known[left] = found
                return found
            }
            let (counts, misses) = missTable(budget, row)
            let isFree =
                steps(of: options.minimumUpSeconds) <= 1
                && steps(of: shape.warmUpSeconds + options.extraLeadSeconds) == 0
            let prices = PurchasePlan.StepPrices(of: shape, stepSeconds: demand.stepSeconds)
            let missPrices = missPrices(
                budget, worstOfStep: misses.first?.max() ?? 0, nodeStep: min(prices.reserved, prices.onDemand)
            )
            var seen: Set<[Int]> = []
            return (isFree ? [1.0] : [1, 2]).flatMap { factor -> [TierOption] in
                let tradeoff = NodeTradeoff(
                    counts: counts, misses: misses, prices: prices, onDemandFactor: factor)
                let solutions = tradeoff.solutions(prices: missPrices, depth: TierContext.halvings)
                return solutions.filter { seen.insert($0.nodes).inserted }.map { solution in
                    let candidate = candidate(shape, capacity: capacity, nodes: solution.nodes)
                    let serving = NodeSchedule.serving(
                        running: candidate.purchase.nodes, lead: candidate.lead)
                    return TierOption(
                        recipe: .pool(shape: shape.name, nodes: solution.nodes),
                        cost: candidate.purchase.cost,
                        misses: serving.enumerated().reduce(PlanMisses()) {
                            $0 + row($1.element)[$1.offset]
                        })
                }
            }
        }
    }

    /// A pool of nodes by step, spares included.
    func poolOutcome(_ model: some CapacityModel, shape name: String, nodes: [Int]) -> TierOutcome {
        let shape = shapes.first { $0.name == name } ?? todaysShape
        let work = load.work(of: load.everySymbol)
        let capacity = capacity(model, symbols: load.everySymbol, shape: shape)
        let chosen = candidate(shape, capacity: capacity, nodes: nodes)
        var outcome = outcome(chosen, work: work)
        outcome.excuses = purchaseExcuses(of: chosen)
        outcome.plan.todaysProbabilityBroken = todaysPool(model, work: work)
        outcome.plan.reasons = reasons(for: chosen, next: nil)
        if !chosen.holdsSurges { outcome.findings.append(surgeNotHeld(surgeWork(of: load.everySymbol))) }
        return outcome
    }

    private func candidate(_ shape: Shape, capacity: NodeCapacity, nodes: [Int]) -> Candidate {
        let needed = nodes.map { max(1, rule.left(of: $0)) }
        return candidate(
            shape, capacity: capacity,
            requirement: Requirement(servers: needed.map(capacity.held(nodes:)), method: .budget),
            needed: needed, required: nodes, waiting: Waiting(done: needed.map(capacity.held(nodes:))))
    }
}
