import Tables
import Units
import WhatIf

extension RunTables {
    /// How scenarios end; figures are medians of the histories that broke, of all where none did.
    public static let verdict = TableSchema<Verdict>(
        "verdict.csv", of: "run, whatif", "A scenario.",
        [
            .text("scenario", in: .name, "Name of the scenario.", \.scenario),
            .flag("held", "Whether every objective was met in 95 % of the histories.", \.held),
            .text(
                "first_tier", in: .name, "The tier that the events break first; empty if they break none.",
                \.firstTier),
            .text(
                "binding_resource", in: .word, "The resource that runs out in that tier.",
                \.bindingResource?.description),
            .estimate(
                "seconds_to_saturation", in: .seconds,
                "Time from the first disturbance until the first objective breaks: median of the histories "
                    + "that the events break.", \.secondsToSaturation),
            .estimate(
                "peak_backlog", in: "messages",
                "Largest number of messages waiting in one queue. This and the figures that follow are "
                    + "medians, with the central 95 %, of the histories that broke (of all if none did).",
                \.peakBacklog),
            .estimate(
                "p99_us_max", in: .microseconds,
                "Largest 99 % latency of any queue in any second, at most the clients' patience."
            ) { $0.p99MaxSeconds.scaled(by: 1e6) },
            .estimate(
                "minutes_over_slo", in: "min",
                "Minutes in which some objective is broken, judged over rolling five minutes.",
                \.minutesOverObjective),
            .estimate(
                "share_rejected", in: .share,
                "Share of trades whose messages were rejected, of those from the first disturbance until it "
                    + "is over and no queue is late or rejects.",
                \.shareRejected),
            .estimate(
                "drain_seconds", in: .seconds,
                "Time from the peak backlog until no queue is late; empty if that is not reached.",
                \.drainSeconds),
            .estimate(
                "rpo_records", in: "records",
                "Acknowledged writes that are lost because a standby lagged.", \.rpoRecords),
            .estimate(
                "share_notional_affected", in: .share,
                "Share of the same trades whose messages were late or rejected.",
                \.shareNotionalAffected),
            .text(
                "cheapest_change", in: .prose,
                "Cheapest change that would have held, or why there is none; empty if the scenario held.",
                \.cheapestChange),
            .money(
                "cheapest_change_cost_usd",
                "What it adds to the on-demand cost of what runs today, per month of 730 hours; negative if it is cheaper.",
                \.cheapestChangeCost),
            .estimate(
                "share_broken", in: .share, "Share of all histories in which some objective broke.",
                \.shareBroken),
            .number(
                "expected_minutes_over_slo", in: "min",
                "Minutes over some objective, averaged over all histories.",
                \.expectedMinutesOverObjective),
            .text(
                "peak_backlog_tier", in: .name, "Tier of the peak backlog; empty if nothing waits.",
                \.peakBacklogTier),
            .text("p99_max_tier", in: .name, "Tier of the largest latency.", \.p99MaxTier),
            .estimate(
                "baseline_share_broken", in: .share,
                "Share of the same histories in which some objective breaks without the events.",
                \.baseline.shareBroken),
            .text(
                "baseline_tier", in: .name,
                "The tier that breaks first without the events; empty if none does.",
                \.baseline.firstTier),
            .number(
                "baseline_expected_minutes_over_slo", in: "min",
                "Minutes over some objective without the events, averaged over all histories.",
                \.baseline.expectedMinutesOverObjective),
            .number(
                "share_first", in: .share,
                "Share of all histories in which the first tier is the first that the events break.",
                \.shareFirst),
            .flag(
                "recovers", "Whether the backlog clears by itself in 95 % of these histories.", \.recovers),
            .number(
                "shed_to", in: .share,
                "Share of the demand to admit, once the events are over, for the backlog to clear; 0 if no "
                    + "share does, empty if it clears by itself.", \.shedTo),
            .estimate(
                "rto_seconds", in: .seconds,
                "Recovery time: from the first disturbance until the last second in which some queue was late "
                    + "or rejected; empty if that does not end.", \.service.restoredSeconds),
            .estimate(
                "share_requests_failed", in: .share,
                "Share of all messages that were late or rejected in some queue on their way.",
                \.service.shareOfRequests),
            .estimate(
                "share_orders_failed", in: .share, "Share of orders, likewise.", \.service.shareOfOrders),
            .estimate("orders_failed", in: "orders", "Their number.", \.service.ordersFailed),
            .estimate(
                "minutes_degraded", in: "min",
                "Minutes in which 1 % of orders failed or more, for the status page.",
                \.service.degradedMinutes),
            .estimate(
                "minutes_outage", in: "min", "Minutes in which half of the orders failed or more.",
                \.service.outageMinutes),
            .estimate(
                "post_seconds", in: .seconds,
                "Time from the first disturbance until the first degraded minute is over; empty if half of the "
                    + "histories have none.", \.service.postSeconds),
            .text("plan", in: .name, "Name of the plan file.", \.tried?.plan),
            .text(
                "nodes", in: .word, "Whose nodes run: 'today' or 'planned'.", \.tried?.nodes.rawValue),
            .time("ds", "The hour of the forecast that was disturbed.", \.tried?.hour),
            .number(
                "messages_per_second", in: .perSecond, "Messages entering in that hour without the events.",
                \.tried?.messagesPerSecond),
        ])

    /// Scenarios second by second.
    public static let timeline = TableSchema<(scenario: String, row: TimelineRow)>(
        "timeline.csv", of: "whatif", "One queue in one second of a scenario, averaged over replications.",
        [
            .text("scenario", in: .name, "The scenario.") { $0.scenario },
            .integer("second", in: .seconds, "Seconds since the start of the scenario.") { $0.row.second },
            .text("tier", in: .name, "The tier.") { $0.row.tier },
            .text("shard", in: .name, "The shard; empty if there is none.") { $0.row.shard },
            .number(
                "utilisation", in: .share, "Arriving work over the queue's capacity."
            ) { $0.row.utilisation },
            .number("backlog", in: "messages", "Messages waiting at the end of the second.") {
                $0.row.backlog
            },
            .number("p50_us", in: .microseconds, "Median latency (waiting plus service).") {
                $0.row.p50Seconds * 1e6
            },
            .number("p99_us", in: .microseconds, "99 % quantile of the latency.") { $0.row.p99Seconds * 1e6 },
            .number("p999_us", in: .microseconds, "99.9 % quantile of the latency.") {
                $0.row.p999Seconds * 1e6
            },
            .number("share_rejected", in: .share, "Share of the second's messages that were rejected.") {
                $0.row.shareRejected
            },
            .number("retries_per_second", in: .perSecond, "Rate of retried messages.") {
                $0.row.retriesPerSecond
            },
        ])
}
