import Exchange
import Replay
import Units

extension Planner {
    /// How each surge is held, and what the plan costs more for it than without any.
    func holdRows(
        _ trial: JointShare.Trial, demand: DemandPaths, _ capacity: some CapacityModel
    ) -> [HoldRow] {
        let hours = Planner.hours(of: demand)
        func monthly(_ cost: Money) -> Money { Money(dollars: cost.dollars * ErrorBudget.monthHours / hours) }
        return options.surges.flatMap { surge -> [HoldRow] in
            let alone =
                options.surges.count == 1
                ? trial.outcomes
                : surging(trial.contexts.map { $0.facing([surge]) }, trial.recipes, capacity)
            var rows = trial.contexts.indices.map { place -> HoldRow in
                let extra = alone[place].plan.cost - trial.without[place].plan.cost
                return trial.contexts[place].holdRow(
                    surge, trial.outcomes[place], alone: alone[place], without: trial.without[place],
                    model: capacity, ofMonth: monthly(extra))
            }
            let extra = rows.reduce(Money.zero) { $0 + $1.extraCost }
            let ways = rows.map(\.way)
            let way = [HoldRow.Way.notHeld, .floor, .trigger].first(where: ways.contains) ?? .planned
            rows.append(
                HoldRow(event: surge.event, way: way, extraCost: extra, extraCostOfMonth: monthly(extra)))
            return rows
        }
    }
}

extension TierContext {
    /// How the tier holds a surge, as it was planned with all of them, with this one alone, and without any.
    fileprivate func holdRow(
        _ surge: HeldSurge, _ outcome: TierOutcome, alone: TierOutcome, without: TierOutcome,
        model: some CapacityModel, ofMonth: Money
    ) -> HoldRow {
        var row = HoldRow(
            event: surge.event, tier: tier.name, way: .planned,
            extraCost: alone.plan.cost - without.plan.cost, extraCostOfMonth: ofMonth)
        let more = zip(alone.plan.nodes, without.plan.nodes).reduce(0) { $0 + $1.0 - $1.1 }
        row.nodeHoursMore = Double(more) * Double(demand.stepSeconds) / 3600
        if alone.plan.shape != without.plan.shape { row.shapeWithout = without.plan.shape }
        guard let work = surgeWork(of: load.everySymbol).first(where: { $0.surge == surge }) else {
            return row
        }
        let worst = work.height.indices.max { (work.height[$0], $1) < (work.height[$1], $0) } ?? 0
        row.worstStart = demand.time(ofStep: worst)
        row.workAtHeight = work.height[worst]
        row.nodesBefore = outcome.plan.servingNodes[worst]
        row.nodesWithout = without.plan.servingNodes[worst]
        if outcome.findings.contains(where: \.isOfSurge) {
            row.way = .notHeld
            return row
        }
        let grown = zip(alone.plan.nodes, without.plan.nodes).contains { $0 > $1 }
        row.way = grown || alone.plan.shape != without.plan.shape ? .floor : .planned
        guard tier.kind.followsDay, let shape = shapes.first(where: { $0.name == outcome.plan.shape }) else {
            row.nodesAtHeight = outcome.plan.servingNodes[worst]
            return row
        }
        let capacity = capacity(model, symbols: load.everySymbol, shape: shape)
        let lag = scalingLag(of: shape)
        let ordinary = load.work(of: load.everySymbol).quantiles(PathLoad.highLevel)
        guard let found = answer(to: work, step: worst, ordinary: ordinary[worst], lag: lag, capacity) else {
            return row
        }
        row.nodesAtHeight = found.atHeight
        if let trigger = found.triggerWork, found.atHeight > outcome.plan.servingNodes[worst] {
            (row.way, row.triggerWork, row.lagSeconds) = (.trigger, trigger, lag)
        } else if row.way == .floor {
            row.lagSeconds = lag
        }
        return row
    }
}
