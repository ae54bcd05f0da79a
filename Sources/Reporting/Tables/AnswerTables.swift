import Tables
import Units
import WhatIf

/// A row of a sweep: a cell, or the exchange without the events.
public struct SweepRow: Sendable {
    let sweep: Sweep
    /// Nil: the baseline.
    let cell: Sweep.Cell?

    /// The rows of a sweep, the baseline first.
    static func all(_ sweep: Sweep) -> [SweepRow] {
        [SweepRow(sweep: sweep, cell: nil)] + sweep.cells.map { SweepRow(sweep: sweep, cell: $0) }
    }

    fileprivate func value(_ axis: Int) -> String? {
        cell.flatMap { $0.values.indices.contains(axis) ? $0.values[axis] : nil }
    }

    fileprivate func key(_ axis: Int) -> String? {
        sweep.axes.indices.contains(axis) ? sweep.axes[axis].key.description : nil
    }
}

/// A figure of two scenarios.
public struct ComparisonRow: Sendable {
    /// Its column in `verdict.csv`.
    let figure: String
    /// The same in words.
    let words: String
    let unit: String
    let first: Estimate?
    let second: Estimate?
}

extension RunTables {
    /// The survival map.
    public static let sweep = TableSchema<SweepRow>(
        "sweep.csv", of: "whatif --sweep",
        "A scenario at one value of each swept key; the first row is the exchange without the events.",
        [
            .text("scenario", in: .name, "Name of the scenario.") { $0.sweep.scenario },
            .text("key_1", in: .name, "The first swept key.") { $0.key(0) },
            .text("value_1", in: .word, "Its value; empty in the baseline row.") { $0.value(0) },
            .text("key_2", in: .name, "The second swept key; empty if there is one only.") { $0.key(1) },
            .text("value_2", in: .word, "Its value.") { $0.value(1) },
            .flag("held", "Whether every objective was met in 95 % of the histories.") {
                $0.cell?.verdict.held ?? $0.sweep.baseline.held
            },
            .estimate("share_broken", in: .share, "Share of histories in which some objective broke.") {
                $0.cell?.verdict.shareBroken ?? $0.sweep.baseline.shareBroken
            },
            .text("first_tier", in: .name, "The tier that breaks first; empty if none does.") {
                guard let cell = $0.cell else { return $0.sweep.baseline.firstTier }
                return cell.verdict.firstTier
            },
            .text("binding_resource", in: .word, "The resource that runs out there.") {
                $0.cell?.verdict.bindingResource?.description
            },
            .estimate(
                "seconds_to_saturation", in: .seconds,
                "Time from the first disturbance until the first objective breaks."
            ) { $0.cell?.verdict.secondsToSaturation },
            .number(
                "expected_minutes_over_slo", in: "min",
                "Minutes over some objective, averaged over all histories."
            ) {
                $0.cell?.verdict.expectedMinutesOverObjective
                    ?? $0.sweep.baseline.expectedMinutesOverObjective
            },
            .estimate("peak_backlog", in: "messages", "Largest number of messages waiting in one queue.") {
                $0.cell?.verdict.peakBacklog
            },
            .estimate(
                "drain_seconds", in: .seconds,
                "Time from the peak backlog until no queue is late; empty if that is not reached."
            ) { $0.cell?.verdict.drainSeconds },
            .estimate("rto_seconds", in: .seconds, "Recovery time; empty if it does not recover.") {
                $0.cell?.verdict.service.restoredSeconds
            },
            .estimate("rpo_records", in: "records", "Acknowledged writes that are lost.") {
                $0.cell?.verdict.rpoRecords
            },
            .estimate("share_orders_failed", in: .share, "Share of orders that were late or rejected.") {
                $0.cell?.verdict.service.shareOfOrders
            },
        ])

    /// What of a scenario matters most.
    public static let tornado = TableSchema<(scenario: String, bar: Tornado.Bar)>(
        "tornado.csv", of: "whatif --tornado",
        "A key of a scenario at half and at twice its value, the most important first.",
        [
            .text("scenario", in: .name, "Name of the scenario.") { $0.scenario },
            .text("key", in: .name, "The key.") { $0.bar.key },
            .text("value", in: .word, "Its value in the scenario.") { $0.bar.value },
            .text("low", in: .word, "Half of it, or the least that the key takes.") {
                $0.bar.low.values.first
            },
            .text("high", in: .word, "Twice it, or the most that the key takes.") {
                $0.bar.high.values.first
            },
            .number("minutes_low", in: "min", "Expected minutes over some objective at the low value.") {
                $0.bar.low.verdict.expectedMinutesOverObjective
            },
            .number("minutes_high", in: "min", "The same at the high value.") {
                $0.bar.high.verdict.expectedMinutesOverObjective
            },
            .number("swing", in: "min", "By how much the two differ.") { $0.bar.swingMinutes },
            .number("share_broken_low", in: .share, "Share of histories that break at the low value.") {
                $0.bar.low.verdict.shareBroken.value
            },
            .number("share_broken_high", in: .share, "The same at the high value.") {
                $0.bar.high.verdict.shareBroken.value
            },
        ])

    /// Two scenarios side by side.
    public static let compare = TableSchema<ComparisonRow>(
        "compare.csv", of: "whatif --compare", "A figure of two scenarios on the same histories.",
        [
            .text("figure", in: .name, "The figure, as its column in verdict.csv.") { $0.figure },
            .text("meaning", in: .prose, "The same in words.") { $0.words },
            .text("unit", in: .word, "Its unit.") { $0.unit },
            .estimate("first", in: "as unit", "Its value in the first scenario; empty if there is none.") {
                $0.first
            },
            .estimate("second", in: "as unit", "Its value in the second scenario.") { $0.second },
            .number("difference", in: "as unit", "The second less the first.") { row in
                guard let first = row.first, let second = row.second else { return nil }
                return second.value - first.value
            },
        ])

    /// How far keys may go.
    public static let limits = TableSchema<Limit>(
        "limits.csv", of: "whatif --find",
        "The limit of a key, beyond which the scenario breaks an objective.",
        [
            .text("scenario", in: .name, "Name of the scenario.") { $0.scenario },
            .text("key", in: .name, "The key.") { $0.key.description },
            .text("holds", in: .word, "The value nearest to the limit that holds; empty if none does.") {
                $0.holds
            },
            .text("breaks", in: .word, "The value beyond it that breaks; empty if none does.") { $0.breaks },
            .number(
                "tolerance", in: .plain,
                "The largest distance between the two: a share of the value, or 1 for a count."
            ) { $0.tolerance },
            .number(
                "messages_per_second", in: .perSecond,
                "Messages that enter at the height, at the value that holds."
            ) { $0.messagesPerSecond },
            .text("first_tier", in: .name, "The tier that breaks first beyond the limit.") { $0.firstTier },
            .integer("trials", in: "values", "Number of values that were simulated.") { $0.trials },
        ])
}
