import Exchange
import Units

extension TierContext {
    /// The rows of `ladder_hours.csv` of this tier.
    func hourLadderRows(_ outcome: TierOutcome, without: TierOutcome?) -> [HourLadderRow] {
        let plan = outcome.plan
        let calm = comparable(outcome, without).plan
        let median = total(outcome) { $0.quantiles(0.5) }
        let high = total(outcome) { $0.quantiles(PathLoad.highLevel) }
        let whole = nodes(of: calm.reasons)
        let isHeld = without != nil && nodes(of: plan.reasons).surviving != nil
        let resources = resources(outcome)
        return (0..<stepCount).map { step in
            // Where nodes follow the day, those that are left of what a step asks for are those that hold it.
            let holding =
                tier.kind.followsDay && whole.holding != nil
                ? max(1, rule.left(of: calm.requiredNodes[step])) : whole.holding
            let surviving = whole.surviving == nil ? nil : calm.requiredNodes[step]
            return HourLadderRow(
                tier: tier.name, start: demand.time(ofStep: step), workQ50: median[step], workQ99: high[step],
                nodesQ50: nodes(doing: median[step], shape: plan.shape),
                nodesQ99: nodes(doing: high[step], shape: plan.shape),
                requiredServers: plan.requiredServers[step], nodesObjective: holding, nodesLosses: surviving,
                nodesHold: isHeld ? plan.requiredNodes[step] : nil,
                nodesRunning: plan.nodes[step], bindingResource: resources[step],
                constraint: outcome.constraints[step])
        }
    }

    /// Sums over queues of a figure of each step.
    private func total(_ outcome: TierOutcome, _ figure: (PathLoad) -> [Double]) -> [Double] {
        outcome.queues.map { figure($0.load) }.reduce(always(0)) { sums, queue in
            zip(sums, queue).map { $0 + $1 }
        }
    }

    /// For each step what runs out in the queue that is the closest to what it holds.
    private func resources(_ outcome: TierOutcome) -> [BindingResource] {
        let shares = outcome.queues.map { queue in
            zip(queue.load.quantiles(PathLoad.highLevel), queue.afterLoss.held).map { share($0, of: $1) }
        }
        return (0..<stepCount).map { step in
            let tightest = shares.indices.max { (shares[$0][step], $1) < (shares[$1][step], $0) }
            return tightest.map { outcome.queues[$0].bindingResource } ?? .noSymbol
        }
    }
}
