import Exchange
import Planning
import WhatIf

extension WeeklyRun {
    /// Tries the plan file's scenarios on the plan, at the busiest hour that the forecast expects.
    func scenarios(on plan: Plan, built: DemandBuilder.Result) throws -> [WhatIfResult] {
        let scenarios = try self.plan.loadedScenarios()
        guard !scenarios.isEmpty else { return [] }
        let input = WhatIfInput.planned(plan, demand: built.demand, plan: self.plan)
        let options = self.plan.whatIfOptions(threads: threads)
        return try scenarios.map { try simulate($0, on: input, options: options) }
    }
}

extension WhatIfInput {
    /// The exchange as a plan has it in a step of its demand, the busiest by default.
    public static func planned(
        _ result: Plan, demand: DemandPaths, plan: PlanFile, step chosen: Int? = nil
    ) -> WhatIfInput {
        var input = WhatIfInput.busiest(
            of: demand, step: chosen, topology: plan.topology, catalogue: plan.catalogue,
            placements: result.placements,
            zones: result.options.zones)
        let step = chosen ?? demand.medianPeak(of: plan.topology.sent).step
        for index in input.topology.tiers.indices {
            guard let tier = result.tiers.first(where: { $0.tier == input.topology.tiers[index].name }) else {
                continue
            }
            input.topology.tiers[index].shape = tier.shape
            // Symbols are where the plan has them.
            input.topology.tiers[index].todaysShards = [:]
            input.topology.tiers[index].movesMax = nil
            input.topology.tiers[index].nodes =
                tier.kind.isSharded
                ? max(1, tier.shards.count)
                : tier.servingNodes.indices.contains(step) ? tier.servingNodes[step] : tier.peakNodes
        }
        input.name(result.options.regions)
        input.tell(plan: plan.name, nodes: .planned, of: demand, step: chosen)
        return input
    }

    /// The exchange as it is today, in a step of its demand, the busiest by default.
    public static func today(demand: DemandPaths, plan: PlanFile, step: Int? = nil) -> WhatIfInput {
        var input = WhatIfInput.busiest(
            of: demand, step: step, topology: plan.topology, catalogue: plan.catalogue,
            placements: todaysPlacements(demand: demand, topology: plan.topology), zones: plan.options.zones)
        input.name(plan.options.regions)
        input.tell(plan: plan.name, nodes: .today, of: demand, step: step)
        return input
    }

    /// Takes over the regions of a plan.
    private mutating func name(_ planned: [PlanOptions.Region]) {
        regions = planned.map { Region(name: $0.name, zones: $0.zones) }
    }
}
