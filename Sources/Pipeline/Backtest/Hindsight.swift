import Exchange
import Planning
import Replay
import Units

/// Plans for loads that are known: what would have been cheapest.
///
/// Such a plan has one path, which may break as likely as not, since bursts are not known ahead.
struct Hindsight {
    /// The symbols with their messages and bursts, and the span.
    let demand: DemandPaths
    let plan: PlanFile
    let capacity: SimulatedCapacity
    let threads: Int

    /// The chance of a break that a plan for known loads may have. Chosen, not measured: as likely as not.
    private static let allowed = 0.5

    /// What a plan for some loads costs, and what holds it against others.
    ///
    /// - Parameter trades: Trades a second, `[symbol][step]`.
    /// - Returns: The cost of all tiers over the span, and the judge.
    /// - Throws: `PlanningError` where the plan file makes a plan impossible.
    func planned(_ trades: [[Double]]) throws -> (cost: Money, judge: PlanJudge) {
        let known = DemandPaths(
            symbols: demand.symbols, start: demand.start, stepSeconds: demand.stepSeconds,
            stepCount: demand.stepCount, pathCount: 1, tradesPerSecond: trades.flatMap { $0 })
        return try Hindsight.planner(
            plan, demand: known, allowed: Hindsight.allowed, threads: threads
        ).judgedCost(
            demand: known, topology: plan.topology, catalogue: plan.catalogue, capacity: capacity)
    }

    /// A planner of the plan file's for a demand that allows a chance of a break, or keeps the plan's budget.
    static func planner(
        _ plan: PlanFile, demand: DemandPaths, allowed: Double, keepsBudget: Bool = false, threads: Int
    ) throws -> Planner {
        var options = try plan.optionsHolding(demand)
        options.threads = threads
        options.probabilityBrokenAllowed = allowed
        if !keepsBudget { options.budget = nil }
        // Neither what would help nor what happens in a failover is scored.
        options.seeksRelaxation = false
        options.failoverSeconds = 0
        return Planner(options: options)
    }
}
