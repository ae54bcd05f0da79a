import Exchange
import Numerics
import Replay
import Units

/// Turns demand into an allocation: how many nodes of which shape each tier runs in each step, and which
/// shard serves which symbol.
///
/// Every tier may break with the same probability, the largest of some at which any of them breaks with no more than
/// is allowed, over steps and tiers jointly (`JointShare`). Each has to hold the load of its share (`Requirement`: jointly
/// over steps, path by path) with the spare nodes lost and, by itself, with the fullest zone lost. Pools follow
/// the day: nodes start early enough to be warm, stay on for the minimum time, and are bought reserved or on
/// demand by what costs least, on the shape that costs least. Shards, links and stores stay the same over the
/// span.
public struct Planner: Sendable {
    /// What to hold, and how to buy.
    public var options: PlanOptions

    public init(options: PlanOptions = PlanOptions()) {
        self.options = options
    }

    /// Plans the span of the demand.
    ///
    /// - Parameters:
    ///   - demand: Sample paths of what every symbol will ask for.
    ///   - topology: The tiers.
    ///   - catalogue: What can be bought.
    ///   - capacity: What groups of servers hold.
    /// - Returns: The plan; what cannot be held is among its findings.
    /// - Throws: `PlanningError` where the input makes a plan impossible.
    public func plan(
        demand: DemandPaths, topology: Topology, catalogue: Catalogue, capacity: some CapacityModel
    ) throws -> Plan {
        try judgedPlan(demand: demand, topology: topology, catalogue: catalogue, capacity: capacity).plan
    }

    /// The plan, with what holds it against other demand.
    public func judgedPlan(
        demand: DemandPaths, topology: Topology, catalogue: Catalogue, capacity: some CapacityModel
    ) throws -> (plan: Plan, judge: PlanJudge) {
        let trial = try trial(demand: demand, topology: topology, catalogue: catalogue, capacity: capacity)
        var plan = assemble(
            trial, demand: demand, shortfalls: shortfalls(trial, capacity), topology: topology,
            gaps: GapSearch(
                Array(zip(trial.contexts, trial.outcomes)), topology: topology, model: capacity
            ).gaps())
        if options.budget != nil {
            plan.breakExtents = zip(trial.contexts, trial.outcomes).flatMap { $0.breakExtentRows($1) }
        }
        plan.budget = options.budget.map { planBudget(trial, $0, demand: demand) }
        plan.holds = holdRows(trial, demand: demand, capacity)
        return (plan, judge(trial, demand))
    }

    /// What the plan costs, with what holds it against other demand: all that a comparison of many plans needs.
    public func judgedCost(
        demand: DemandPaths, topology: Topology, catalogue: Catalogue, capacity: some CapacityModel
    ) throws -> (cost: Money, judge: PlanJudge) {
        let trial = try trial(demand: demand, topology: topology, catalogue: catalogue, capacity: capacity)
        return (trial.outcomes.reduce(.zero) { $0 + $1.plan.cost }, judge(trial, demand))
    }

    private func judge(_ trial: JointShare.Trial, _ demand: DemandPaths) -> PlanJudge {
        PlanJudge(Array(zip(trial.contexts, trial.outcomes)), stepCount: demand.stepCount)
    }

    /// The tiers planned, without what follows from it.
    func trial(
        demand: DemandPaths, topology: Topology, catalogue: Catalogue, capacity: some CapacityModel
    ) throws -> JointShare.Trial {
        try validate(demand: demand, topology: topology, catalogue: catalogue)
        let contexts = try contexts(demand: demand, topology: topology, catalogue: catalogue)
        let calm = contexts.map(\.withoutSurges)
        var trial =
            options.budget.map { budgetTrial(calm, $0, capacity) }
            ?? chanceTrial(calm, paths: demand.pathCount, capacity)
        guard !options.surges.isEmpty else { return trial }
        // On top of the same, so that surges never take nodes from any tier.
        trial.contexts = zip(contexts, trial.contexts).map { $0.allowing($1.allowed) }
        trial.without = trial.outcomes
        trial.outcomes = surging(trial.contexts, trial.recipes, capacity)
        return trial
    }

    /// Tiers as they were planned, with the surges that they have to hold.
    func surging(
        _ contexts: [TierContext], _ recipes: [TierOption.Recipe], _ capacity: some CapacityModel
    ) -> [TierOutcome] {
        Parallel.map(contexts.count, threads: options.threads) { place in
            var outcome = contexts[place].planned(recipes[place], capacity)
            if options.budget?.counts(contexts[place].tier.name) ?? false {
                outcome.findings.removeAll(where: \.isOfChance)
            }
            return outcome
        }
    }

    /// Tiers that break with no more than the allowed chance together.
    func chanceTrial(
        _ contexts: [TierContext], paths: Int, _ capacity: some CapacityModel
    ) -> JointShare.Trial {
        let share = JointShare(
            allowed: options.probabilityBrokenAllowed, tiers: contexts.count, paths: paths)
        return share.best { allowed in
            let contexts = contexts.map { $0.allowing(allowed) }
            let outcomes = Parallel.map(contexts.count, threads: options.threads) { index in
                contexts[index].planned(.chance(allowed), capacity)
            }
            return JointShare.Trial(
                allowed: allowed, contexts: contexts, outcomes: outcomes,
                recipes: contexts.map { _ in .chance(allowed) })
        }
    }

    func contexts(
        demand: DemandPaths, topology: Topology, catalogue: Catalogue
    ) throws -> [TierContext] {
        let visits = topology.visits()
        let means = DemandMeans(demand)
        let base = options.surges.isEmpty ? nil : SurgeBase(demand, classes: topology.sent)
        return try topology.tiers.enumerated().map { index, tier in
            let names = tier.allowedShapes.isEmpty ? [tier.shape] : tier.allowedShapes
            let allowed = try Set(names).map { try shape($0, of: tier, in: catalogue) }
            let today = try shape(tier.shape, of: tier, in: catalogue)
            return TierContext(
                load: TierLoad(
                    demand: demand, tier: tier.on(today), visits: visits[index], means: means),
                shapes: allowed.sorted { ($0.onDemandPerHour, $0.name) < ($1.onDemandPerHour, $1.name) },
                todaysShape: today, options: options,
                rule: tier.kind.isOutside
                    ? Survival(zoneCount: options.zones.count, spareNodes: 0, survivesZoneLoss: false)
                    : options.survival,
                allowed: options.probabilityBrokenAllowed,
                surgeDemand: base.map {
                    SurgeDemand(
                        surges: options.surges, base: $0, visits: visits[index],
                        allowed: HeldSurge.probabilityBroken / Double(topology.tiers.count))
                })
        }
    }

    private func shape(_ name: String, of tier: Tier, in catalogue: Catalogue) throws -> Shape {
        guard let shape = catalogue.shape(named: name) else {
            throw PlanningError.unknownShape(
                tier: tier.name, shape: name, known: catalogue.shapes.map(\.name))
        }
        return shape
    }

    private func assemble(
        _ trial: JointShare.Trial, demand: DemandPaths, shortfalls: [PlanFinding], topology: Topology,
        gaps: [FailoverGap]
    ) -> Plan {
        let outcomes = trial.outcomes
        let pairs = Array(zip(trial.contexts, outcomes))
        let findings =
            outcomes.flatMap(\.findings) + trial.findings + generalFindings(outcomes, demand: demand)
            + shortfalls
        let placements = pairs.compactMap { context, outcome in
            outcome.placement.map { (context.tier.name, $0) }
        }
        var plan = Plan(
            options: options, promise: promise(trial, demand: demand, gaps: gaps),
            findings: PlanFinding.Severity.allCases.flatMap { severity in
                findings.filter { $0.severity == severity }
            },
            tiers: outcomes.map(\.plan), allocation: pairs.flatMap { $0.allocationRows($1) },
            placement: outcomes.flatMap(\.placementRows),
            placements: Dictionary(placements) { first, _ in first },
            cost: pairs.flatMap { $0.costRows($1) },
            excuses: pairs.flatMap { $1.excuses + $0.todaysExcuse($1) },
            risk: Risk(outcomes: outcomes, demand: demand).rows(),
            compliance: ComplianceRules(
                outcomes: outcomes, demand: demand, topology: topology, options: options
            ).rows(),
            maintenance: MaintenanceSearch(outcomes: outcomes, demand: demand, options: options).rows(),
            capacity: pairs.flatMap { $0.capacityRows($1) },
            breakLevels: pairs.flatMap { $0.breakLevelRows($1) },
            work: pairs.flatMap { $0.workRows($1) })
        for (place, (context, outcome)) in pairs.enumerated() {
            let without = trial.without.isEmpty ? nil : trial.without[place]
            plan.ladder += context.ladderRows(outcome, without: without)
            plan.hourLadder += context.hourLadderRows(outcome, without: without)
        }
        plan.programmes = outcomes.map(\.programme)
        return plan
    }

    /// For each tier that cannot be held, what is planned instead and with how little less it would be.
    private func shortfalls(_ trial: JointShare.Trial, _ capacity: some CapacityModel) -> [PlanFinding] {
        let count = trial.contexts.count
        let short = zip(trial.contexts, trial.outcomes).filter { $1.isShort }
        let searched = Parallel.map(short.count, threads: options.threads) { index in
            let (context, outcome) = short[index]
            var facts: [PlanFinding.Fact] = [.bestEffort(context.effort(of: outcome))]
            if options.seeksRelaxation {
                let even = context.allowing(options.probabilityBrokenAllowed / Double(count))
                facts.append(
                    .wouldHold(
                        RelaxationSearch(context: even, tierCount: count, model: capacity).relaxations()))
            }
            return facts.map { PlanFinding(tier: context.tier.name, fact: $0) }
        }
        return searched.flatMap { $0 }
    }

    private func generalFindings(_ outcomes: [TierOutcome], demand: DemandPaths) -> [PlanFinding] {
        var findings: [PlanFinding] = []
        if options.survivesZoneLoss, options.zones.count < 2 {
            findings.append(PlanFinding(fact: .zoneLossInOneZone))
        }
        if options.survivesRegionLoss, !options.survival.survivesRegionLoss {
            findings.append(PlanFinding(fact: .regionLossInOneRegion))
        }
        if demand.pathCount < 10, outcomes.contains(where: { $0.method == .largestPath }) {
            findings.append(
                PlanFinding(
                    fact: .tooFewPaths(
                        count: demand.pathCount, probabilityAllowed: options.probabilityBrokenAllowed)))
        }
        return findings
    }

    private func promise(
        _ trial: JointShare.Trial, demand: DemandPaths, gaps: [FailoverGap]
    ) -> PlanPromise {
        PlanPromise(
            probabilityAllowed: options.probabilityBrokenAllowed, eachTier: trial.allowed,
            tierCount: trial.outcomes.count, pathCount: demand.pathCount,
            usesTail: trial.outcomes.contains { $0.method == .tail },
            headroomFactor: options.headroomFactor, survival: options.survival, gaps: gaps)
    }
}
