import Planning
import Tables
import Units

/// The tables that a run writes: each with its columns, what they count and what they mean, in one place.
public enum RunTables {
    /// What runs where, and when.
    public static let plan = TableSchema<AllocationRow>(
        "plan.csv", of: "run, plan", "The nodes of a tier in one zone in one step.",
        [
            .text("tier", in: .name, "The tier.", \.tier),
            .text("zone", in: .name, "The zone.", \.zone),
            .time("ds", "The start of the step.", \.start),
            .integer("nodes", in: "nodes", "Nodes that run; those that still warm up are counted.", \.nodes),
            .integer("serving_nodes", in: "nodes", "Nodes that serve.", \.servingNodes),
            .text("shape", in: .name, "The shape of the nodes.", \.shape),
            .number(
                "utilisation_q50", in: .share,
                "Work over capacity on the busiest node with every serving node up, median.",
                \.utilisationQ50),
            .number("utilisation_q99", in: .share, "The same, 99 % quantile.", \.utilisationQ99),
            .number(
                "p_slo_broken", in: .probability,
                "The probability of breaking the tier's objective in this step while what is to be survived is lost.",
                \.probabilityBroken),
            .number(
                "p_slo_broken_all_up", in: .probability, "The same with every serving node up.",
                \.probabilityBrokenAllUp),
            .text("binding_resource", in: .word, "What runs out first.", \.bindingResource.description),
            .text(
                "binding_constraint", in: .word, "What sets the number of nodes.",
                \.bindingConstraint.description),
            .money("cost_usd", "What the zone's nodes cost over the step.", \.cost),
        ])

    /// Where each symbol is served.
    public static let placement = TableSchema<PlacementRow>(
        "placement.csv", of: "run, plan", "A symbol and the shard that serves it.",
        [
            .text("tier", in: .name, "The sharded tier.", \.tier),
            .text("shard", in: .name, "The shard.", \.shard),
            .text("zone", in: .name, "The zone of the shard's serving node.", \.zone),
            .text("standby_zones", in: .name, "The zones of its standbys, separated by blanks.") {
                $0.standbyZones.joined(separator: " ")
            },
            .text("symbol", in: .name, "The symbol's full name.") { $0.symbol.description },
            .number("load", in: "s of work per second", "The load that is planned for.", \.load),
            .number(
                "messages_per_second", in: .perSecond, "The same in messages that cost the tier work.",
                \.messagesPerSecond),
            .number("share_of_shard", in: .share, "The symbol's part of its shard's load.", \.shareOfShard),
            .number(
                "share_of_capacity", in: .share,
                "The symbol's part of what its shard holds; above 1 it cannot be served.", \.shareOfCapacity),
        ])

    /// What each queue has to do, and what it holds.
    public static let capacity = TableSchema<CapacityRow>(
        "capacity.csv", of: "run, plan", "One queue in one step.",
        [
            .text("tier", in: .name, "The tier.", \.tier),
            .text("shard", in: .name, "The shard; empty for a tier that is one queue.", \.shard),
            .time("ds", "The start of the step.", \.start),
            .number("work_q50", in: "s of work per second", "The expected work, median.", \.workQ50),
            .number("work_q99", in: "s of work per second", "The same, 99 % quantile.", \.workQ99),
            .number(
                "held_after_loss", in: "s of work per second",
                "The most work at which the objective is kept while what is to be survived is lost.",
                \.heldAfterLoss),
            .number(
                "held_all_up", in: "s of work per second", "The same with everything up.", \.heldAllUp),
        ])

    /// What a trade costs each queue.
    public static let work = TableSchema<WorkRow>(
        "work.csv", of: "run, plan", "One queue and one symbol that it serves.",
        [
            .text("tier", in: .name, "The tier.", \.tier),
            .text("shard", in: .name, "The shard; empty for a tier that is one queue.", \.shard),
            .text("unique_id", in: .name, "The symbol's full name.") { $0.symbol.description },
            .number(
                "work_us_per_trade", in: .microseconds,
                "The work that one trade brings, with the messages that come with it."
            ) { $0.secondsPerTrade * 1e6 },
        ])

    /// What the nodes cost.
    public static let cost = TableSchema<CostRow>(
        "cost.csv", of: "run, plan", "A tier's nodes of one shape, paid in one way.",
        [
            .text("tier", in: .name, "The tier.", \.tier),
            .text("shape", in: .name, "The shape.", \.shape),
            .text(
                "purchase", in: .word,
                "reserved, on_demand, or today: what today's nodes would cost, which is not part of the plan."
            ) { $0.purchase.rawValue },
            .number("node_hours", in: "h", "Hours of nodes over the planned span.", \.nodeHours),
            .money("cost_usd", "What they cost.", \.cost),
        ])

    /// What each further promise costs in nodes.
    public static let ladder = TableSchema<LadderRow>(
        "ladder.csv", of: "run, plan", "What one tier needs if no more is asked of it than this.",
        [
            .text("tier", in: .name, "The tier.", \.tier),
            .text(
                "rung", in: .word,
                "What is asked, each on top of the one before: median_peak, q99_peak and allowed_peak are the work of "
                    + "the busiest step on the median path, on all but 1 % and on all but the allowed share of paths; "
                    + "objective adds latency under bursts, losses the nodes or the zone that may be lost, schedule "
                    + "nodes that warm up or stay for their minimum time."
            ) { $0.rung.rawValue },
            .number("busy_servers", in: "servers", "The load that is asked for.", \.servers),
            .integer(
                "nodes", in: "nodes", "Nodes of the chosen shape; empty where no number of them does.",
                \.nodes),
        ])

    /// Rules of supervisors and what the plan has.
    public static let compliance = TableSchema<ComplianceRow>(
        "compliance.csv", of: "run, plan", "A rule and whether the plan meets it; verify with counsel.",
        [
            .text("rule", in: .name, "A short name.", \.rule.name),
            .text("jurisdiction", in: .name, "Where it is law.", \.rule.jurisdiction),
            .text("requirement", in: .prose, "What it asks for.", \.rule.requirement),
            .number("planned", in: "as unit says", "What the plan has.", \.planned),
            .number("required", in: "as unit says", "What is asked for.", \.required),
            .text("unit", in: .word, "The unit of both figures.", \.rule.unit),
            .text("met", in: .word, "yes, no or not_evaluable.") { $0.isMet.rawValue },
            .text("source", in: .prose, "The text it is taken from.", \.rule.source),
            .text("note", in: .prose, "What stands behind the figures.", \.note),
        ])

    /// When planned work is safest.
    public static let maintenance = TableSchema<MaintenanceRow>(
        "maintenance.csv", of: "run, plan", "A window for planned work.",
        [
            .integer("rank", in: "place", "The window's place by risk, from 1.", \.rank),
            .time("start", "Its start.", \.start),
            .time("end", "Its end.", \.end),
            .number(
                "load_share", in: .factor, "The load in it over the mean load of the planned span.",
                \.loadShare),
            .number(
                "p_broken_node_out", in: .probability,
                "The probability that some tier breaks with one node of every tier out.",
                \.probabilityBrokenNodeOut),
            .number(
                "p_broken_zone_out", in: .probability, "The same with the largest zone out.",
                \.probabilityBrokenZoneOut),
            .number(
                "worst_load_over_held_q99", in: .factor,
                "Load over what is held in the worst tier and step with the largest zone out, 99 % quantile.",
                \.worstLoadOverHeldQ99),
            .text("tightest_tier", in: .name, "That tier.", \.tightestTier),
        ])

    /// How likely each tier is to break.
    public static let risk = TableSchema<RiskRow>(
        "risk.csv", of: "run, plan", "A tier's risk over the planned span.",
        [
            .text("tier", in: .name, "The tier; all for any of them.", \.tier),
            .time("worst_ds", "The step most likely to break; empty where none does.", \.worstStart),
            .number(
                "p_worst_step", in: .probability, "The probability of a break in that step.",
                \.worstProbability),
            .estimate(
                "p_any_step", in: .probability,
                "The probability of a break in some step while what is to be survived is lost.",
                \.probabilityAnyStep),
            .number(
                "p_any_step_tail", in: .probability,
                "The same by a tail that is fitted to the paths; given where no path breaks.",
                \.tailProbabilityAnyStep),
            .number("p_any_step_all_up", in: .probability, "The same with every serving node up.") {
                $0.probabilityAnyStepAllUp.value
            },
            .text("binding_resource", in: .word, "What breaks first.") {
                $0.bindingResource?.description ?? ""
            },
        ])

    /// What was rejected.
    public static let excuses = TableSchema<ExcuseRow>(
        "excuses.csv", of: "run, plan", "An option that was not taken.",
        [
            .text("tier", in: .name, "The tier.", \.tier),
            .text("option", in: .name, "The option, as c7i.4xlarge.", \.rejection.option),
            .text("reason", in: .prose, "Why not, with figures.", \.rejection.reason),
            .money(
                "cost_usd", "What it would have cost over the span; empty where it cannot hold the load.",
                \.cost),
        ])
}
