import Exchange
import Replay
import Units

extension Planner {
    /// The plan on futures that it was not made for, by cause: other demand, slower service, more failures.
    ///
    /// The plan is what `plan` made of the same input. Throws `PlanningError` where the input makes a plan impossible.
    public func regret(
        of plan: Plan, demand: DemandPaths, topology: Topology, catalogue: Catalogue,
        capacity: some CapacityModel
    ) throws -> [RegretRow] {
        try RegretSearch(
            plan: plan, demand: demand, topology: topology, catalogue: catalogue, planner: self,
            model: capacity
        ).rows()
    }

    /// How far each tier of a plan is from its limits: factors on demand and on service times, and spare nodes.
    ///
    /// The plan is what `plan` made of the same input. Throws `PlanningError` where the input makes a plan impossible.
    public func margins(
        of plan: Plan, demand: DemandPaths, topology: Topology, catalogue: Catalogue,
        capacity: some CapacityModel
    ) throws -> [MarginRow] {
        try MarginSearch(
            plan: plan, demand: demand, topology: topology, catalogue: catalogue, planner: self,
            model: capacity
        ).rows()
    }

    /// What a plan of this input costs; nil where some tier cannot be held.
    func cost(
        demand: DemandPaths, topology: Topology, catalogue: Catalogue, capacity: some CapacityModel
    ) throws -> Money? {
        let outcomes = try trial(
            demand: demand, topology: topology, catalogue: catalogue, capacity: capacity
        ).outcomes
        let isHeld = !outcomes.contains { $0.findings.contains { $0.severity == .infeasible } }
        return isHeld ? outcomes.reduce(.zero) { $0 + $1.plan.cost } : nil
    }
}
