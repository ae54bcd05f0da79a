import Planning
import Tables
import Units

extension RunTables {
    /// How surges are held.
    public static let hold = TableSchema<HoldRow>(
        "hold.csv", of: "run, plan", "A surge that the plan has to hold, and how a tier does.",
        [
            .text("event", in: .name, "The surge, as what-ifs write it.", \.event),
            .text("tier", in: .name, "The tier, or 'all' for the sum over tiers.") { $0.tier ?? "all" },
            .text(
                "way", in: .word,
                "as planned, floor (nodes run ahead), trigger (the rest is ordered at a load), or not held."
            ) { $0.way.rawValue },
            .time("worst_ds", "The step with the highest load of the surge.", \.worstStart),
            .number(
                "work", in: "s of work per second", "Load at the surge's height in that step.", \.workAtHeight
            ),
            .integer(
                "nodes_without", in: "nodes", "Nodes that would serve in that step without surges to hold.",
                \.nodesWithout),
            .integer(
                "nodes_before", in: "nodes",
                "Nodes that serve in that step before the surge, those that run ahead for it included.",
                \.nodesBefore),
            .integer(
                "nodes_needed", in: "nodes", "Nodes that hold the height, all of them up.", \.nodesAtHeight),
            .number(
                "trigger_work", in: "s of work per second",
                "Load in that step from which on the other nodes must be ordered.", \.triggerWork),
            .number(
                "lag_s", in: "s",
                "Time from that load until ordered nodes serve: autoscaler, warm-up and extra lead.",
                \.lagSeconds),
            .number(
                "node_hours_more", in: "h",
                "Node hours that holding it alone adds over the planning horizon, of all its steps.",
                \.nodeHoursMore),
            .text("shape_without", in: .name, "Shape without it, if that is another.", \.shapeWithout),
            .money("extra_cost_usd", "Cost of holding it, over the planning horizon.", \.extraCost),
            .money("extra_cost_month_usd", "The same in a month of 730 hours.", \.extraCostOfMonth),
        ])

    /// What the error budget comes to.
    public static let budget = TableSchema<BudgetRow>(
        "budget.csv", of: "run, plan",
        "What is expected to go wrong in a tier during the failures to survive; only with an error budget.",
        [
            .text("tier", in: .name, "The tier, or 'all' for the sum over the tiers that count.") {
                $0.tier ?? "all"
            },
            .flag("counts", "Whether the budget counts the tier.", \.counts),
            .number("minutes", in: "min", "Minutes over the objective.") { $0.misses.minutes },
            .number("late_share", in: .share, "Share of requests that take longer than the objective's time.")
            {
                $0.misses.shareLate
            },
            .number("misses_usd", in: "USD", "Price of those minutes.") { $0.misses.dollars },
            .money("cost_usd", "Cost of the nodes over the planning horizon.", \.cost),
        ])

    /// What other budgets cost.
    public static let budgetFrontier = TableSchema<BudgetFrontierRow>(
        "budget_frontier.csv", of: "run, plan",
        "Nodes of all tiers that the error budget counts, and what is expected to go wrong with them.",
        [
            .money("cost_usd", "Cost of the nodes over the planning horizon.", \.cost),
            .number("minutes", in: "min", "Minutes over the objective.") { $0.misses.minutes },
            .number("late_share", in: .share, "Share of late requests.") { $0.misses.shareLate },
            .number("misses_usd", in: "USD", "Price of those minutes.") { $0.misses.dollars },
            .flag("chosen", "Whether it is the plan, without surges to hold.", \.isChosen),
        ])

    /// How far over the objective hours are.
    public static let breakExtents = TableSchema<BreakExtentRow>(
        "break_extents.csv", of: "run, plan",
        "The hours of break_levels.csv at one load; only with an error budget.",
        [
            .text("tier", in: .name, "The tier.", \.tier),
            .text("shard", in: .name, "The shard; empty if the tier is a single queue.", \.shard),
            .integer("levels", in: "number", "The nodes, as in break_levels.csv.", \.levels),
            .number("load_over_held", in: .factor, "Load over the load that is held.", \.loadOverHeld),
            .number(
                "share_over", in: .share, "Share of a broken hour's time that is over the objective.",
                \.shareOver),
            .number("late_broken", in: .share, "Share of late requests in hours that break.", \.lateBroken),
            .number("late_held", in: .share, "Share of late requests in the other hours.", \.lateHeld),
        ])
}
