import Planning
import Tables
import Units

extension RunTables {
    /// The plan on futures that it was not made for.
    public static let regret = TableSchema<RegretRow>(
        "regret.csv", of: "run", "A future that the plan was not made for.",
        [
            .text("cause", in: .word, "What differs: demand, service_times or failures.") {
                $0.future.cause.rawValue
            },
            .text("future", in: .prose, "The future, such as demand x 1.2.", \.future.name),
            .number(
                "p_broken", in: .probability,
                "Chance that the plan breaks some objective there, during the failures to survive.",
                \.probabilityBroken),
            .text("first_tier", in: .name, "The tier most likely to break; empty if none is.", \.firstTier),
            .money("cost_usd", "Cost of the plan over the horizon.", \.cost),
            .money(
                "own_cost_usd",
                "Cost of the plan made for this future; empty if none holds, or two zones would be lost.",
                \.ownCost),
            .money(
                "regret_usd", "What the plan costs more than that, or 1.25 times what it costs less.",
                \.regret),
        ])

    /// How far each tier is from its limits.
    public static let margins = TableSchema<MarginRow>(
        "margins.csv", of: "run", "How far a tier of the plan is from its limits.",
        [
            .text("tier", in: .name, "The tier.", \.tier),
            .number(
                "load_factor_max", in: .factor,
                "Largest factor on demand at which the tier breaks with no more than the allowed chance, "
                    + "up to 16; empty if below 1/16.",
                \.loadFactor),
            .number("service_factor_max", in: .factor, "The same factor on service times.", \.serviceFactor),
            .integer("nodes", in: "nodes", "Largest number of nodes.", \.nodes),
            .integer(
                "spare_nodes", in: "nodes",
                "Spare nodes of the plan: the k of N+k; of a shard, its standbys.",
                \.spareNodes),
            .integer(
                "smallest_safe_spare_nodes", in: "nodes",
                "Smallest k with which more than k nodes are down at once with no more than the allowed chance, "
                    + "by the plan file's failures of a node and repair time.",
                \.smallestSafeSpares),
            .number(
                "p_more_down", in: .probability,
                "Chance that more nodes than the spare ones are down at once, at some time of the horizon.",
                \.probabilityMoreDown),
        ])

    /// The requirements by hour.
    public static let hourLadder = TableSchema<HourLadderRow>(
        "ladder_hours.csv", of: "run, plan", "The nodes of a tier in one step, for each requirement.",
        [
            .text("tier", in: .name, "The tier.", \.tier),
            .time("ds", "Start of the step.", \.start),
            .number("work_q50", in: "s of work per second", "Median forecast work of all queues.", \.workQ50),
            .number("work_q99", in: "s of work per second", "Its 99 % quantile.", \.workQ99),
            .integer(
                "nodes_q50", in: "nodes", "Nodes that do the median work; empty if more nodes do not help.",
                \.nodesQ50),
            .integer("nodes_q99", in: "nodes", "Nodes that do the work of 99 % of paths.", \.nodesQ99),
            .number(
                "work_to_hold", in: "s of work per second", "Work to hold within the objective.",
                \.requiredServers),
            .integer(
                "nodes_objective", in: "nodes",
                "Nodes that hold it within the objective; empty if no number does.", \.nodesObjective),
            .integer(
                "nodes_losses", in: "nodes", "Nodes that still do after the failures to survive.",
                \.nodesLosses),
            .integer(
                "nodes_hold", in: "nodes",
                "Nodes that also have to serve for the surges to hold; empty if there are none.", \.nodesHold),
            .integer(
                "nodes_running", in: "nodes", "Running nodes, with warm-up and minimum up time.",
                \.nodesRunning),
            .text(
                "binding_resource", in: .word, "The resource that runs out first in the tightest queue.",
                \.bindingResource.description),
            .text(
                "binding_constraint", in: .word, "What determines the number of nodes.",
                \.constraint.description),
        ])
}

extension RegretRow.Future {
    /// What it is called, as `demand x 1.2`.
    public var name: String {
        switch self {
        case .demand(let factor): "demand x \(NumberText.figure(factor))"
        case .serviceTimes(let factor): "service times x \(NumberText.figure(factor))"
        case .nodeLost: "one more node of every tier lost"
        case .zoneLost: "one more zone lost"
        }
    }
}
