import Exchange
import Numerics
import Units

extension TierContext {
    /// The rows of `plan.csv` of this tier, by zone, then step.
    func allocationRows(_ outcome: TierOutcome) -> [AllocationRow] {
        let steps = stepFigures(outcome)
        let prices = outcome.purchase.prices
        let spots = zoneSpot(outcome)
        let shapes = nodesByShape(outcome, spots: spots)
        return zoneNames.indices.flatMap { zone in
            (0..<stepCount).map { step in
                let nodes = outcome.zoneNodes[zone][step]
                let reserved = outcome.zoneReserved[zone]
                let spot = spots[zone][step]
                return AllocationRow(
                    tier: tier.name, zone: zoneNames[zone], start: demand.time(ofStep: step),
                    nodes: nodes, servingNodes: outcome.zoneServing[zone][step], shape: outcome.plan.shape,
                    utilisationQ50: steps[step].utilisationQ50, utilisationQ99: steps[step].utilisationQ99,
                    probabilityBroken: steps[step].broken, probabilityBrokenAllUp: steps[step].brokenAllUp,
                    bindingResource: steps[step].resource, bindingConstraint: outcome.constraints[step],
                    cost: prices.reserved * reserved + prices.onDemand * (nodes - reserved - spot)
                        + (prices.spot ?? .zero) * spot, nodesByShape: shapes[zone][step])
            }
        }
    }

    /// The rows of `cost.csv` of this tier.
    func costRows(_ outcome: TierOutcome) -> [CostRow] {
        let hours = Double(demand.stepSeconds) / 3600
        let purchase = outcome.purchase
        var rows: [CostRow] = []
        func add(
            _ kind: Purchase, _ shape: String, _ steps: Int, _ cost: Money, committed: Money? = nil
        ) {
            guard steps > 0 else { return }
            rows.append(
                CostRow(
                    tier: tier.name, shape: shape, purchase: kind, nodeHours: Double(steps) * hours,
                    cost: cost, comparableCost: committed ?? cost, spanHours: Double(stepCount) * hours))
        }
        let shape = outcome.plan.shape
        func sold(_ kind: Purchase) -> String { outcome.programme.shape(of: kind) ?? shape }
        add(
            .reserved, sold(.reserved), purchase.reservedSteps,
            purchase.prices.reserved * purchase.reservedSteps)
        add(
            .onDemand, sold(.onDemand), purchase.onDemandSteps,
            purchase.prices.onDemand * purchase.onDemandSteps)
        let today = tier.kind.withStandbys(max(0, tier.nodes), copies: copies)
        add(.spot, sold(.spot), purchase.spotSteps, purchase.spotCost)
        add(
            .today, todaysShape.name, today * stepCount, outcome.plan.todaysCost,
            committed: todaysCommittedCost)
        return rows
    }

    /// Why today's nodes are not kept; nothing where they are.
    func todaysExcuse(_ outcome: TierOutcome) -> [ExcuseRow] {
        let plan = outcome.plan
        let nodes = tier.kind.withStandbys(tier.nodes, copies: copies)
        guard plan.shape != todaysShape.name || plan.nodes.contains(where: { $0 != nodes }) else { return [] }
        return [
            ExcuseRow(
                tier: tier.name,
                rejection: .todays(
                    nodes: nodes, shape: todaysShape.name, extra: plan.todaysCost - plan.cost,
                    probabilityBroken: plan.todaysProbabilityBroken?.value ?? 0, paths: demand.pathCount),
                cost: plan.todaysCost)
        ]
    }

    private struct StepFigures {
        var utilisationQ50 = 0.0
        var utilisationQ99 = 0.0
        var broken = 0.0
        var brokenAllUp = 0.0
        var resource = BindingResource.noSymbol
    }

    private func stepFigures(_ outcome: TierOutcome) -> [StepFigures] {
        let (broken, brokenAllUp) = (hazards(outcome, .planned), hazards(outcome, .none))
        return (0..<stepCount).map { step in
            var found = StepFigures(resource: outcome.queues.first?.bindingResource ?? .noSymbol)
            var largest = -1.0
            for queue in outcome.queues {
                let sorted = queue.load.sorted(step: step)
                let q99 = share(quantile(sorted, PathLoad.highLevel), of: queue.servers[step])
                found.utilisationQ50 = max(
                    found.utilisationQ50, share(quantile(sorted, 0.5), of: queue.servers[step]))
                if q99 > largest {
                    largest = q99
                    found.utilisationQ99 = q99
                    found.resource = queue.bindingResource
                }
            }
            found.broken = broken.chance(step: step)
            found.brokenAllUp = brokenAllUp.chance(step: step)
            return found
        }
    }

    private func hazards(_ outcome: TierOutcome, _ loss: BreakHazards.Loss) -> BreakHazards {
        BreakHazards(outcome, loss: loss, pathCount: demand.pathCount, stepCount: stepCount)
    }

    private func quantile(_ sorted: [Double], _ level: Double) -> Double {
        Summary.quantile(sorted: sorted, level)
    }
}
