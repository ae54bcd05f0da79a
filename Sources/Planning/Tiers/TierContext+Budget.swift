import Exchange
import Glibc
import Replay
import Units

/// Options of a tier for an error budget: what they cost, and what goes wrong while what is to be survived is lost.
extension TierContext {
    /// The same without surges to hold.
    var withoutSurges: TierContext {
        var result = self
        result.surgeDemand = nil
        return result
    }

    func meter(_ budget: ErrorBudget) -> MissMeter {
        MissMeter(
            budget, tier: tier.name, start: demand.start, stepSeconds: demand.stepSeconds,
            logFactor: logHeadroom)
    }

    /// What goes wrong with what was planned.
    func misses(of outcome: TierOutcome, _ budget: ErrorBudget) -> PlanMisses {
        meter(budget).misses(outcome.queues.map { ($0.load, $0.afterLoss) })
    }

    /// Chances of a break by which placements on shards are tried. Chosen, not measured.
    private static let chances = [0.5, 0.1, 0.02, 5e-3, 1e-3, 1e-4, 1e-5]

    /// The ways to run the tier that a budget chooses from; at least one.
    func budgetOptions(_ model: some CapacityModel, _ budget: ErrorBudget) -> [TierOption] {
        var found: [TierOption] = []
        if tier.kind.isSharded {
            for chance in TierContext.chances {
                found.append(option(.chance(chance), model, budget))
            }
        } else {
            found = tier.kind.followsDay ? poolOptions(model, budget) : fixedOptions(model, budget)
        }
        return found.isEmpty ? [option(.chance(allowed), model, budget)] : found
    }

    private func option(
        _ recipe: TierOption.Recipe, _ model: some CapacityModel, _ budget: ErrorBudget
    ) -> TierOption {
        let outcome = planned(recipe, model)
        return TierOption(recipe: recipe, cost: outcome.plan.cost, misses: misses(of: outcome, budget))
    }

    /// The tier as a recipe has it, with the surges that it has to hold.
    func planned(_ recipe: TierOption.Recipe, _ model: some CapacityModel) -> TierOutcome {
        switch recipe {
        case .pool(let shape, let nodes): return poolOutcome(model, shape: shape, nodes: nodes)
        case .fixed(let shape, let needed): return fixedOutcome(model, shape: shape, needed: needed)
        case .chance(let chance):
            let context = allowing(chance)
            let kind = tier.kind
            if kind.isSharded { return context.planShards(model) }
            return kind.followsDay ? context.planPool(model) : context.planFixed(model)
        }
    }

    /// Prices of what goes wrong for which nodes are looked for, in dollars a unit: from the one at which a node is not worth
    /// a step that breaks whole, up by factors of two; of misses that have prices, these times powers of two.
    func missPrices(_ budget: ErrorBudget, worstOfStep: Double, nodeStep: Money) -> [Double] {
        if case .dollarsPerMinute = budget { return (-8...8).map { exp2(Double($0)) } }
        let least = max(nodeStep.dollars, 1e-6) / max(worstOfStep, 1e-12)
        return (0...TierContext.doublings).map { least * exp2(Double($0)) }
    }

    /// Doublings of a price that are tried, and how often what lies between two of them is halved. Chosen, not measured.
    private static let doublings = 30
    static let halvings = 3

    /// Numbers of nodes that are tried with what goes wrong by step: every one up to 32, then in steps of a 32nd, until
    /// next to nothing goes wrong or more of them change nothing.
    func missTable(
        _ budget: ErrorBudget, _ row: (_ nodes: Int) -> [PlanMisses]
    ) -> (counts: [Int], misses: [[Double]]) {
        var (counts, misses, sums): ([Int], [[Double]], [Double]) = ([], [], [])
        var nodes = 1
        while nodes <= options.largestNodeCount, counts.count < TierContext.countsMax {
            let found = row(nodes).map { $0.counted(by: budget) }
            let sum = found.reduce(0, +)
            counts.append(nodes)
            misses.append(found)
            sums.append(sum)
            if sum <= TierContext.nothing * (sums.first ?? 0) { break }
            let before = counts.lastIndex { $0 <= nodes / 2 }
            if let before, nodes >= 16, sum < 0.5 * sums[0], sum > 0.99 * sums[before] { break }
            nodes += max(1, nodes / 32)
        }
        return (counts, misses)
    }

    /// Of what goes wrong on one node, what counts for nothing; and the most numbers of nodes that are tried. Chosen, not
    /// measured.
    private static let nothing = 1e-10
    private static let countsMax = 320
}
