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
                name: "all", planned: BrokenPaths(any: planned, pathCount: paths, stepCount: steps),
                allUp: BrokenPaths(any: allUp, pathCount: paths, stepCount: steps), shares: joint,
                resource: first.flatMap { place in
                    tightestResource(outcomes[place]).map { .inTier(outcomes[place].plan.tier, $0) }
                }))
        return rows
    }

    private func row(
        name: String, planned: BrokenPaths, allUp: BrokenPaths, shares: [Double], resource: BindingResource?
    ) -> RiskRow {
        let counts = (0..<demand.stepCount).map(planned.count(step:))
        let most = counts.max() ?? 0
        return RiskRow(
            tier: name,
            worstStart: most > 0 ? counts.firstIndex(of: most).map(demand.time(ofStep:)) : nil,
            worstProbability: Double(most) / Double(demand.pathCount),
            probabilityAnyStep: Summary.shareInterval(hits: planned.count, of: demand.pathCount),
            tailProbabilityAnyStep: planned.count > 0
                ? nil : TailFit(shares)?.extrapolatedProbability(above: 1),
            probabilityAnyStepAllUp: Summary.shareInterval(hits: allUp.count, of: demand.pathCount),
            bindingResource: resource)
    }

    private func broken(_ outcome: TierOutcome, _ loss: BrokenPaths.Loss) -> BrokenPaths {
        BrokenPaths(outcome, loss: loss, pathCount: demand.pathCount, stepCount: demand.stepCount)
    }

    /// For each path the largest load over what is held when what is to be survived has happened.
    private func largestShares(_ outcome: TierOutcome) -> [Double] {
        var worst = [Double](repeating: 0, count: demand.pathCount)
        for queue in outcome.queues {
            for (path, share) in queue.load.largestShares(of: queue.heldPlanned).enumerated() {
                worst[path] = max(worst[path], share)
            }
        }
        return worst
    }

    private func tightestResource(_ outcome: TierOutcome) -> BindingResource? {
        let levels = outcome.queues.map {
            Summary.quantile($0.load.largestShares(of: $0.heldPlanned), 0.99)
        }
        let tightest = levels.indices.max { (levels[$0], $1) < (levels[$1], $0) }
        return tightest.map { outcome.queues[$0].bindingResource }
    }

    private func median(_ shares: [Double]) -> Double { Summary.median(shares) }
}
