import Planning
import Tables
import Units

/// The tables that a run writes: each with its columns, what they count and what they mean, in one place.
public enum RunTables {
    /// What runs where, and when.
    public static let plan = TableSchema<AllocationRow>(
        "plan.csv", of: "run, plan", "The nodes of a tier in one zone during one step.",
        [
            .text("tier", in: .name, "The tier.", \.tier),
            .text("zone", in: .name, "The zone; empty for a tier outside of zones.", \.zone),
            .time("ds", "Start of the step.", \.start),
            .integer("nodes", in: "nodes", "Running nodes, including those still warming up.", \.nodes),
            .integer("serving_nodes", in: "nodes", "Nodes that serve traffic.", \.servingNodes),
            .text("shape", in: .name, "Node shape.", \.shape),
            .number(
                "utilisation_q50", in: .share,
                "Median load of the busiest node (work over capacity), all nodes up.",
                \.utilisationQ50),
            .number("utilisation_q99", in: .share, "99 % quantile of that load.", \.utilisationQ99),
            .number(
                "p_slo_broken", in: .probability,
                "Chance of breaking the tier's objective in this step during the failures to survive.",
                \.probabilityBroken),
            .number(
                "p_slo_broken_all_up", in: .probability, "The same chance with all nodes up.",
                \.probabilityBrokenAllUp),
            .text(
                "binding_resource", in: .word, "The resource that runs out first.",
                \.bindingResource.description),
            .text(
                "binding_constraint", in: .word, "What determines the number of nodes.",
                \.bindingConstraint.description),
            .money("cost_usd", "Cost of the zone's nodes over the step.", \.cost),
            .text(
                "nodes_by_shape", in: .prose,
                "Nodes of each shape, such as 3 c7i.large, 1 c7a.large, where mix_shapes mixes them; else empty."
            ) { row in row.nodesByShape.map { "\($0.nodes) \($0.shape)" }.joined(separator: ", ") },
        ])

    /// Where each symbol is served.
    public static let placement = TableSchema<PlacementRow>(
        "placement.csv", of: "run, plan", "A symbol and the shard that serves it.",
        [
            .text("tier", in: .name, "The sharded tier.", \.tier),
            .text("shard", in: .name, "The shard.", \.shard),
            .text("zone", in: .name, "Zone of the shard's serving node.", \.zone),
            .text("standby_zones", in: .name, "Zones of its standbys, separated by blanks.") {
                $0.standbyZones.joined(separator: " ")
            },
            .text("symbol", in: .name, "Full name of the symbol.") { $0.symbol.description },
            .number("load", in: "s of work per second", "Load that the plan allows for.", \.load),
            .number(
                "messages_per_second", in: .perSecond,
                "The same load in messages that cause work on the tier.",
                \.messagesPerSecond),
            .number("share_of_shard", in: .share, "The symbol's share of its shard's load.", \.shareOfShard),
            .number(
                "share_of_capacity", in: .share,
                "The symbol's share of its shard's capacity; above 1 it cannot be served.", \.shareOfCapacity),
            .text(
                "moves_from", in: .name,
                "Today's shard of a symbol that moves; empty if it stays or today's placement is unknown.",
                \.movesFrom),
        ])

    /// What each queue has to do, and what it holds.
    public static let capacity = TableSchema<CapacityRow>(
        "capacity.csv", of: "run, plan", "One queue during one step.",
        [
            .text("tier", in: .name, "The tier.", \.tier),
            .text("shard", in: .name, "The shard; empty if the tier is a single queue.", \.shard),
            .time("ds", "Start of the step.", \.start),
            .number("work_q50", in: "s of work per second", "Median forecast work.", \.workQ50),
            .number("work_q99", in: "s of work per second", "99 % quantile of the forecast work.", \.workQ99),
            .number(
                "held_after_loss", in: "s of work per second",
                "Most work within the objective during the failures to survive.",
                \.heldAfterLoss),
            .number(
                "held_all_up", in: "s of work per second",
                "Most work within the objective with all nodes up.", \.heldAllUp),
            .integer(
                "levels", in: "number",
                "The rows of break_levels.csv that apply to the queue in this step.", \.levels),
        ])

    /// What breaks each queue.
    public static let breakLevels = TableSchema<BreakLevelRow>(
        "break_levels.csv", of: "run, plan",
        "One random hour on the nodes of a queue that are left during the failures to survive.",
        [
            .text("tier", in: .name, "The tier.", \.tier),
            .text("shard", in: .name, "The shard; empty if the tier is a single queue.", \.shard),
            .integer(
                "levels", in: "number", "Number of these nodes, as in capacity.csv, counted from 0.", \.levels
            ),
            .integer("hour", in: "hours", "The hour, in ascending order of work, counted from 1.", \.hour),
            .number(
                "work", in: "s of work per second",
                "Work from which on the hour breaks the objective; held_after_loss is the median of all hours.",
                \.work),
        ])

    /// What a trade costs each queue.
    public static let work = TableSchema<WorkRow>(
        "work.csv", of: "run, plan", "One queue and one symbol that it serves.",
        [
            .text("tier", in: .name, "The tier.", \.tier),
            .text("shard", in: .name, "The shard; empty if the tier is a single queue.", \.shard),
            .text("unique_id", in: .name, "Full name of the symbol.") { $0.symbol.description },
            .number(
                "work_us_per_trade", in: .microseconds,
                "Work caused by one trade and its accompanying messages."
            ) { $0.secondsPerTrade * 1e6 },
        ])

    /// What the nodes cost.
    public static let cost = TableSchema<CostRow>(
        "cost.csv", of: "run, plan", "The nodes of a tier with one shape and one purchase option.",
        [
            .text("tier", in: .name, "The tier.", \.tier),
            .text("shape", in: .name, "The shape.", \.shape),
            .text(
                "purchase", in: .word,
                "reserved, on_demand, spot, or today: the cost of today's nodes, not part of the plan."
            ) { $0.purchase.rawValue },
            .number("node_hours", in: "h", "Node hours over the planning horizon.", \.nodeHours),
            .money("cost_usd", "Cost of these node hours.", \.cost),
            .money(
                "cost_usd_per_month", "Cost per month of 730 hours like those of the horizon.", \.monthlyCost),
            .money(
                "like_for_like_usd_per_month",
                "The same with today's nodes bought as the plan buys: with commitment where that is cheaper.",
                \.comparableMonthlyCost),
        ])

    /// What each further promise costs in nodes.
    public static let ladder = TableSchema<LadderRow>(
        "ladder.csv", of: "run, plan", "The nodes of a tier for one requirement.",
        [
            .text("tier", in: .name, "The tier.", \.tier),
            .text(
                "rung", in: .word,
                "The requirement: median_peak, q99_peak and allowed_peak do the work of the peak step on the median path, 99 % "
                    + "and all but the allowed share of paths; objective adds latency under bursts, losses the failures to "
                    + "survive, hold the surges of plan.hold (only with some), schedule warm-up and minimum up time."
            ) { $0.rung.rawValue },
            .number("busy_servers", in: "servers", "Load to hold.", \.servers),
            .integer(
                "nodes", in: "nodes", "Nodes of the chosen shape; empty if no number of nodes is enough.",
                \.nodes),
        ])

    /// Rules of supervisors and what the plan has.
    public static let compliance = TableSchema<ComplianceRow>(
        "compliance.csv", of: "run, plan", "A rule, and whether the plan meets it; verify with counsel.",
        [
            .text("rule", in: .name, "Short name of the rule.", \.rule.name),
            .text("jurisdiction", in: .name, "Jurisdiction of the rule.", \.rule.jurisdiction),
            .text("requirement", in: .prose, "What the rule requires.", \.rule.requirement),
            .number("planned", in: "as unit says", "Planned value.", \.planned),
            .number("required", in: "as unit says", "Required value.", \.required),
            .text("unit", in: .word, "Unit of both values.", \.rule.unit),
            .text("met", in: .word, "yes, no or not_evaluable.") { $0.isMet.rawValue },
            .text("source", in: .prose, "Legal text.", \.rule.source),
            .text("note", in: .prose, "How the values were derived.", \.note),
        ])

    /// When planned work is safest.
    public static let maintenance = TableSchema<MaintenanceRow>(
        "maintenance.csv", of: "run, plan", "A maintenance window.",
        [
            .integer("rank", in: "place", "Rank of the window by risk, counted from 1.", \.rank),
            .time("start", "Start of the window.", \.start),
            .time("end", "End of the window.", \.end),
            .number(
                "load_share", in: .factor, "Load in the window over the mean load of the planning horizon.",
                \.loadShare),
            .number(
                "p_broken_node_out", in: .probability,
                "Chance that some tier breaks with one node of every tier down.",
                \.probabilityBrokenNodeOut),
            .number(
                "p_broken_zone_out", in: .probability, "The same chance with the largest zone down.",
                \.probabilityBrokenZoneOut),
            .number(
                "worst_load_over_held_q99", in: .factor,
                "99 % quantile of load over capacity in the worst tier and step, largest zone down.",
                \.worstLoadOverHeldQ99),
            .text("tightest_tier", in: .name, "The tier with that worst load.", \.tightestTier),
            .list(MaintenanceRow.overruns.indices.map(overrun)),
        ])

    /// What comes of a window that takes several times as long.
    private static func overrun(_ place: Int) -> Column<MaintenanceRow> {
        let factor = MaintenanceRow.overruns[place]
        @Sendable func found(_ row: MaintenanceRow) -> MaintenanceRow.Overrun? {
            row.overruns.indices.contains(place) ? row.overruns[place] : nil
        }
        return .list([
            .number(
                "p_broken_overrun_\(factor)x", in: .probability,
                "Chance that some tier breaks until the work is over if it takes \(factor) times as long, one node of "
                    + "every tier down."
            ) { found($0)?.probabilityBroken },
            .number(
                "hours_broken_overrun_\(factor)x", in: "h",
                "Hours that some tier is expected to break until then."
            ) { found($0)?.hoursBroken },
            .money(
                "cost_overrun_\(factor)x_usd",
                "Cost of these hours; empty if the plan file has no cost of a minute."
            ) { found($0)?.cost },
        ])
    }

    /// How likely each tier is to break.
    public static let risk = TableSchema<RiskRow>(
        "risk.csv", of: "run, plan", "A tier's risk over the planning horizon.",
        [
            .text("tier", in: .name, "The tier, or 'all' for any tier.", \.tier),
            .time("worst_ds", "The step most likely to break; empty if no step breaks.", \.worstStart),
            .number(
                "p_worst_step", in: .probability, "Chance of breaking the objective in that step.",
                \.worstProbability),
            .estimate(
                "p_any_step", in: .probability,
                "Chance of breaking it in any step during the failures to survive.",
                \.probabilityAnyStep),
            .number(
                "p_any_step_tail", in: .probability,
                "The same chance from a fitted tail; given only if no path breaks.",
                \.tailProbabilityAnyStep),
            .number("p_any_step_all_up", in: .probability, "The same chance with all nodes up.") {
                $0.probabilityAnyStepAllUp.value
            },
            .text("binding_resource", in: .word, "The resource that runs out first.") {
                $0.bindingResource?.description ?? ""
            },
        ])

    /// What was rejected.
    public static let excuses = TableSchema<ExcuseRow>(
        "excuses.csv", of: "run, plan", "A rejected option.",
        [
            .text("tier", in: .name, "The tier.", \.tier),
            .text("option", in: .name, "The option, such as c7i.4xlarge.", \.rejection.option),
            .text("reason", in: .prose, "Why it was rejected, with figures.", \.rejection.reason),
            .money(
                "cost_usd", "Its cost over the planning horizon; empty if it cannot carry the load.",
                \.cost),
        ])
}
