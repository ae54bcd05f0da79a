import Exchange
import Numerics
import Replay
import Units

extension Planner {
    /// Tiers within an error budget; those that have no part in it keep the chance of a break.
    func budgetTrial(
        _ contexts: [TierContext], _ budget: ErrorBudget, _ capacity: some CapacityModel
    ) -> JointShare.Trial {
        let counted = contexts.indices.filter { budget.counts(contexts[$0].tier.name) }
        let others = contexts.indices.filter { !counted.contains($0) }
        let options = Parallel.map(counted.count, threads: options.threads) { place in
            contexts[counted[place]].budgetOptions(capacity, budget)
        }
        let search = BudgetSearch(budget, options)
        let allowed = contexts.first.flatMap { budget.allowed(inHours: Planner.hours(of: $0.demand)) }
        let found = allowed.map(search.cheapest) ?? search.cheapestSum()
        var trial = JointShare.Trial(
            allowed: self.options.probabilityBrokenAllowed, contexts: contexts, outcomes: [])
        var planned: [Int: (outcome: TierOutcome, recipe: TierOption.Recipe)] = [:]
        for (place, option) in zip(counted, found.options) {
            var outcome = contexts[place].planned(option.recipe, capacity)
            outcome.findings.removeAll(where: \.isOfChance)
            planned[place] = (outcome, option.recipe)
        }
        if !others.isEmpty, let paths = contexts.first?.demand.pathCount {
            let kept = chanceTrial(others.map { contexts[$0] }, paths: paths, capacity)
            trial.allowed = kept.allowed
            for (index, place) in others.enumerated() {
                planned[place] = (kept.outcomes[index], kept.recipes[index])
            }
        }
        for place in contexts.indices {
            guard let own = planned[place] else { continue }
            trial.outcomes.append(own.outcome)
            trial.recipes.append(own.recipe)
        }
        trial.contexts = contexts.map { $0.allowing(trial.allowed) }
        trial.frontier = frontier(search, found)
        let expected = found.misses.counted(by: budget)
        if let allowed, expected > allowed {
            trial.findings = [
                PlanFinding(fact: .budgetExceeded(budget, expected: expected, allowed: allowed))
            ]
        }
        return trial
    }

    /// What the hulls have, and the chosen nodes among them.
    private func frontier(_ search: BudgetSearch, _ found: BudgetSearch.Found) -> [BudgetFrontierRow] {
        let own = BudgetFrontierRow(cost: found.cost, misses: found.misses, isChosen: true)
        let others = search.frontier.map {
            BudgetFrontierRow(cost: $0.cost, misses: $0.misses, isChosen: false)
        }.filter { $0.cost != own.cost || $0.misses != own.misses }
        return (others + [own]).sorted { ($0.cost, $0.isChosen ? 1 : 0) < ($1.cost, $1.isChosen ? 1 : 0) }
    }

    /// What the budget of a plan comes to, with the nodes that surges ask for.
    func planBudget(_ trial: JointShare.Trial, _ budget: ErrorBudget, demand: DemandPaths) -> PlanBudget {
        var rows = zip(trial.contexts, trial.outcomes).map { context, outcome in
            BudgetRow(
                tier: context.tier.name, counts: budget.counts(context.tier.name),
                misses: context.misses(of: outcome, budget), cost: outcome.plan.cost)
        }
        let counted = rows.filter(\.counts)
        rows.append(
            BudgetRow(
                tier: nil, counts: true, misses: counted.reduce(PlanMisses()) { $0 + $1.misses },
                cost: counted.reduce(.zero) { $0 + $1.cost }))
        return PlanBudget(
            budget: budget, spanHours: Planner.hours(of: demand), rows: rows, frontier: trial.frontier)
    }

    /// Hours of a demand's span.
    static func hours(of demand: DemandPaths) -> Double {
        Double(demand.stepSeconds) * Double(demand.stepCount) / 3600
    }
}
