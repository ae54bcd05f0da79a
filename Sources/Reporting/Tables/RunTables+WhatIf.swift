import Tables
import Units
import WhatIf

extension RunTables {
    /// How scenarios end.
    public static let verdict = TableSchema<Verdict>(
        "verdict.csv", of: "run, whatif", "A scenario.",
        [
            .text("scenario", in: .name, "Its name.", \.scenario),
            .flag("held", "Whether every objective was kept.", \.held),
            .text("first_tier", in: .name, "The tier that breaks first; empty where none does.", \.firstTier),
            .text("binding_resource", in: .word, "What runs out there.", \.bindingResource?.description),
            .estimate(
                "seconds_to_saturation", in: .seconds,
                "From the first disturbance until the first objective breaks.", \.secondsToSaturation),
            .estimate(
                "peak_backlog", in: "messages", "The most messages that wait in one queue.", \.peakBacklog),
            .estimate(
                "p99_us_max", in: .microseconds, "The largest 99 % quantile of a second in any queue."
            ) { $0.p99MaxSeconds.scaled(by: 1e6) },
            .estimate(
                "minutes_over_slo", in: "min", "Minutes whose rolling five minutes break some objective.",
                \.minutesOverObjective),
            .estimate(
                "share_rejected", in: .share, "Messages given up, of the queue that gives up most.",
                \.shareRejected),
            .estimate(
                "drain_seconds", in: .seconds,
                "From the largest backlog until no queue is late any more; empty where that is not seen.",
                \.drainSeconds),
            .estimate(
                "rpo_records", in: "records",
                "Writes that were acknowledged and are lost, because a standby was behind.", \.rpoRecords),
            .estimate(
                "share_notional_affected", in: .share,
                "Trading, by symbols' trades, that met a broken objective or was given up.",
                \.shareNotionalAffected),
            .text(
                "cheapest_change", in: .prose,
                "The cheapest change that would have held, or why there is none; empty where the scenario held.",
                \.cheapestChange),
            .money(
                "cheapest_change_cost_usd", "What it costs for a month of 730 hours on demand.",
                \.cheapestChangeCost),
        ])

    /// Scenarios second by second.
    public static let timeline = TableSchema<(scenario: String, row: TimelineRow)>(
        "timeline.csv", of: "whatif", "One queue in one second of a scenario, in mean over replications.",
        [
            .text("scenario", in: .name, "The scenario.") { $0.scenario },
            .integer("second", in: .seconds, "The second, from the scenario's start.") { $0.row.second },
            .text("tier", in: .name, "The tier.") { $0.row.tier },
            .text("shard", in: .name, "The shard; empty where there is none.") { $0.row.shard },
            .number(
                "utilisation", in: .share, "Work that arrives over what the queue can do."
            ) { $0.row.utilisation },
            .number("backlog", in: "messages", "Messages that wait at the end of the second.") {
                $0.row.backlog
            },
            .number("p50_us", in: .microseconds, "Waiting and service together, median.") {
                $0.row.p50Seconds * 1e6
            },
            .number("p99_us", in: .microseconds, "The same, 99 % quantile.") { $0.row.p99Seconds * 1e6 },
            .number("p999_us", in: .microseconds, "The same, 99.9 % quantile.") {
                $0.row.p999Seconds * 1e6
            },
            .number("share_rejected", in: .share, "Messages of the second that were given up.") {
                $0.row.shareRejected
            },
            .number("retries_per_second", in: .perSecond, "Messages that came again.") {
                $0.row.retriesPerSecond
            },
        ])
}
