import Exchange
import Numerics
import Units

/// How likely the plan is to break, tier by tier and jointly.
struct Risk {
    let outcomes: [TierOutcome]
    let demand: DemandPaths

    /// The rows of `risk.csv`: each tier, then all together.
    func rows() -> [RiskRow] {
        let planned = outcomes.map { broken($0, .planned) }
        let allUp = outcomes.map { broken($0, .none) }
        var rows = outcomes.indices.map { index in
            row(
                name: outcomes[index].plan.tier, planned: planned[index], allUp: allUp[index],
                shares: largestShares(outcomes[index]), resource: tightestResource(outcomes[index]))
        }
        let steps = demand.stepCount
        let paths = demand.pathCount
        let shares = outcomes.map(largestShares)
        let joint = (0..<paths).map { path in shares.reduce(0) { max($0, $1[path]) } }
        let first = outcomes.indices.max { (median(shares[$0]), $1) < (median(shares[$1]), $0) }
        rows.append(
            row(
                name: "all", planned: BreakHazards(any: planned, pathCount: paths, stepCount: steps),
                allUp: BreakHazards(any: allUp, pathCount: paths, stepCount: steps), shares: joint,
                resource: first.flatMap { place in
                    tightestResource(outcomes[place]).map { .inTier(outcomes[place].plan.tier, $0) }
                }))
        return rows
    }

    private func row(
        name: String, planned: BreakHazards, allUp: BreakHazards, shares: [Double], resource: BindingResource?
    ) -> RiskRow {
        let chances = (0..<demand.stepCount).map(planned.chance(step:))
        let most = chances.max() ?? 0
        let anyStep = planned.anyStep
        // Less than this no one can tell from never.
        let isTold = most >= Risk.leastChance
        return RiskRow(
            tier: name, worstStart: isTold ? chances.firstIndex(of: most).map(demand.time(ofStep:)) : nil,
            worstProbability: isTold ? most : 0, probabilityAnyStep: anyStep,
            tailProbabilityAnyStep: anyStep.value * Double(demand.pathCount) > 0.5
                ? nil : TailFit(shares)?.extrapolatedProbability(above: 1),
            probabilityAnyStepAllUp: allUp.anyStep, bindingResource: resource)
    }

    private static let leastChance = 1e-9

    private func broken(_ outcome: TierOutcome, _ loss: BreakHazards.Loss) -> BreakHazards {
        BreakHazards(outcome, loss: loss, pathCount: demand.pathCount, stepCount: demand.stepCount)
    }

    /// For each path the largest load over what is held when what is to be survived has happened.
    private func largestShares(_ outcome: TierOutcome) -> [Double] {
        var worst = [Double](repeating: 0, count: demand.pathCount)
        for queue in outcome.queues {
            for (path, share) in queue.load.largestShares(of: queue.afterLoss.held).enumerated() {
                worst[path] = max(worst[path], share)
            }
        }
        return worst
    }

    private func tightestResource(_ outcome: TierOutcome) -> BindingResource? {
        let levels = outcome.queues.map {
            Summary.quantile($0.load.largestShares(of: $0.afterLoss.held), PathLoad.highLevel)
        }
        let tightest = levels.indices.max { (levels[$0], $1) < (levels[$1], $0) }
        return tightest.map { outcome.queues[$0].bindingResource }
    }

    private func median(_ shares: [Double]) -> Double { Summary.median(shares) }
}
