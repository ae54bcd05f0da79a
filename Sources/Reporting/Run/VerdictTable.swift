import Tables
import Units
import WhatIf

/// Verdicts and timelines of what-if runs as tables, as lines, and as a part of a page.
public enum VerdictTable {
    /// `verdict.csv`, `timeline.csv` and `minutes.csv` of what-if runs.
    public static func tables(_ results: [WhatIfResult]) -> [(name: String, table: DataTable)] {
        [
            RunTables.verdict.file(results.map(\.verdict)),
            RunTables.timeline.file(
                results.lazy.flatMap { result in result.timeline.lazy.map { (result.scenario.name, $0) } }),
            RunTables.minutes.file(
                results.lazy.flatMap { result in result.minutes.lazy.map { (result.scenario.name, $0) } }),
        ]
    }

    /// The columns of a short table for readers.
    static let header = [
        "scenario", "held", "histories broken", "breaks first", "after", "minutes over the objective",
        "backlog cleared after", "cheapest change", "added cost",
    ]

    /// A row of the short table.
    static func row(_ verdict: Verdict) -> [String] {
        [
            verdict.scenario, verdict.held ? "yes" : "no", NumberText.percent(verdict.shareBroken.value),
            firstBroken(verdict),
            verdict.secondsToSaturation.map { NumberText.time(seconds: $0.value) } ?? "–",
            NumberText.figure(verdict.minutesOverObjective.value),
            verdict.drainSeconds.map { NumberText.time(seconds: $0.value) } ?? "not cleared",
            verdict.cheapestChange ?? "none needed",
            verdict.cheapestChangePrice ?? "–",
        ]
    }

    /// What breaks first, with what runs out.
    private static func firstBroken(_ verdict: Verdict) -> String {
        if let tier = verdict.firstTier { return "\(tier) (\(verdict.bindingResource?.description ?? "?"))" }
        guard !verdict.baseline.held, let tier = verdict.baseline.firstTier else { return "none" }
        return "none (\(tier) is broken before)"
    }

    /// What the scenarios were tried on and what that does without them, in a line; nil where it is not told.
    static func tried(_ results: [WhatIfResult]) -> String? {
        tried(results.first?.verdict.tried, results.map(\.verdict.baseline))
    }

    /// The same of an exchange and what it does without each scenario's events.
    static func tried(_ tried: TriedExchange?, _ baselines: [Verdict.Baseline]) -> String? {
        guard let tried,
            let calm = baselines.max(by: { $0.shareBroken.value < $1.shareBroken.value })
        else { return nil }
        let nodes = tried.nodes == .today ? "today's nodes" : "planned nodes"
        let hour = tried.hour.description + (tried.isPeakHour ? " (peak hour)" : "")
        return "\(tried.plan): \(nodes), \(hour), \(NumberText.short(tried.messagesPerSecond)) messages/s; "
            + baseline(calm)
    }

    /// What an exchange does while nothing happens.
    private static func baseline(_ calm: Verdict.Baseline) -> String {
        guard let tier = calm.firstTier else { return "holds without events" }
        let share = "\(NumberText.percent(calm.shareBroken.value)) of histories"
        return calm.held
            ? "without events \(tier) breaks in \(share)"
            : "already broken without events: \(tier), in \(share)"
    }

    /// Lines for a terminal: what was tried, and each verdict.
    public static func lines(_ results: [WhatIfResult]) -> [String] {
        (tried(results).map { [$0] } ?? []) + results.flatMap { lines($0.verdict) }
    }

    /// Lines for a terminal.
    static func lines(_ verdict: Verdict) -> [String] {
        let share = NumberText.percent(verdict.shareBroken.value)
        var lines = [
            "\(verdict.scenario): \(verdict.held ? "held" : "does not hold"), \(share) of histories break"
        ]
        if !verdict.baseline.held, let tier = verdict.baseline.firstTier {
            let before = NumberText.percent(verdict.baseline.shareBroken.value)
            lines.append("  broken before       \(tier), in \(before) of histories without the events")
        }
        if let tier = verdict.firstTier {
            let time = NumberText.estimate(verdict.secondsToSaturation)
            lines.append(
                "  breaks first        \(tier), \(verdict.bindingResource?.description ?? ""), after \(time) "
                    + "s" + (verdict.shareFirst.map { ", in \(NumberText.percent($0)) of histories" } ?? ""))
        }
        func place(_ tier: String?) -> String { tier.map { ", \($0)" } ?? "" }
        lines.append(
            "  peak backlog        \(NumberText.estimate(verdict.peakBacklog)) messages"
                + place(verdict.peakBacklogTier))
        lines.append(
            "  largest p99         \(NumberText.estimate(verdict.p99MaxSeconds)) s"
                + place(verdict.p99MaxTier))
        lines.append("  over the objective  \(NumberText.estimate(verdict.minutesOverObjective)) min")
        let drain = verdict.drainSeconds.map { "\(NumberText.estimate($0)) s after its peak" }
        lines.append("  backlog cleared     \(drain ?? "not within the simulation")")
        lines += serviceLines(verdict)
        if let change = verdict.cheapestChange {
            let cost = verdict.cheapestChangePrice.map { ", \($0)" } ?? ""
            lines.append("  cheapest change     \(change)\(cost)")
        }
        return lines
    }

    /// What clients see, and whether it ends by itself.
    private static func serviceLines(_ verdict: Verdict) -> [String] {
        var lines: [String] = []
        if !verdict.recovers {
            let shed = verdict.shedTo.map { share in
                share > 0
                    ? "; shed to \(NumberText.percent(share)) of the demand to clear it"
                    : "; no share of the demand is low enough to clear it"
            }
            lines.append("  recovery            does not recover by itself\(shed ?? "")")
        }
        guard !verdict.held else { return lines }
        let service = verdict.service
        let restored = service.restoredSeconds.map { "\(NumberText.estimate($0)) s" } ?? "not reached"
        lines.append(
            "  RTO, RPO            \(restored); \(NumberText.estimate(verdict.rpoRecords)) records lost")
        lines.append(
            "  late or rejected    \(NumberText.percent(service.shareOfOrders.value)) of orders, "
                + "\(NumberText.percent(service.shareOfRequests.value)) of requests, "
                + "\(NumberText.percent(verdict.shareNotionalAffected.value)) of trades")
        let post = service.postSeconds.map { ", post after \(NumberText.time(seconds: $0.value))" } ?? ""
        lines.append(
            "  status page         \(NumberText.figure(service.degradedMinutes.value)) min degraded, of which "
                + "\(NumberText.figure(service.outageMinutes.value)) outage\(post)")
        lines.append(
            "  (late or rejected: over the objective of a tier, refused or given up, as a share "
                + "of what came from the first event until all is well)")
        return lines
    }

    /// How to read the figures.
    static let reading =
        "Times count from the first disturbance. A tier breaks when it misses its objective over a rolling five "
        + "minutes. Figures are medians of the histories that broke, with the central 95 % in brackets."

    /// Plots and the short table.
    static func section(_ results: [WhatIfResult]) -> Markup {
        let table = Page.table(header, numeric: [2, 4, 5, 6, 8], results.map { row($0.verdict) })
        let plots = results.map { plot($0).figure() }.joined()
        return """
            <p>\(tried(results).map { "Tried on \($0). " } ?? "")\(VerdictTable.reading)</p>
            \(table)\(plots)
            """
    }

    /// The 99 % latency of each queue, second by second.
    static func plot(_ result: WhatIfResult) -> Plot {
        var names: [String] = []
        for row in result.timeline.prefix(64) {
            let name = row.shard ?? row.tier
            if !names.contains(name) { names.append(name) }
        }
        var layers: [Plot.Layer] = []
        var all: (x: [Double], y: [Double]) = ([], [])
        for (index, name) in names.prefix(8).enumerated() {
            let rows = result.timeline.filter { ($0.shard ?? $0.tier) == name }
            // The worst of every few seconds, so that no peak is lost between the points drawn.
            let every = max(1, rows.count / 600)
            let starts = stride(from: 0, to: rows.count, by: every)
            let x = starts.map { Double(rows[$0].second) / 60 }
            let y = starts.map { start in
                rows[start..<min(start + every, rows.count)].map(\.p99Seconds).max() ?? .nan
            }
            all.x += x
            all.y += y
            layers.append(.line(name: name, colour: index, x: x, y: y))
        }
        let text = result.scenario.description
        return Plot(
            title: "\(result.scenario.name): 99 % latency\(text.isEmpty ? "" : ". \(text)")",
            x: Axis("minutes", holding: all.x),
            y: Axis("p99", scale: .logarithmic, holding: all.y, format: { NumberText.timeMark(seconds: $0) }),
            layers: layers, height: 240)
    }

    /// A page of what-if runs alone.
    public static func page(_ results: [WhatIfResult], title: String) -> [UInt8] {
        var page = Page(title: title)
        page.add("whatif", "Scenarios", section(results))
        let held = results.count { $0.verdict.held }
        let tone = held == results.count ? "good" : "bad"
        return Array(
            page.html(lead: "<p class=\"verdict \(tone)\">\(held) of \(results.count) scenarios held.</p>")
                .utf8)
    }
}
