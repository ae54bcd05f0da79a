import Tables
import Units
import WhatIf

/// Sweeps, searches and comparisons as files, as a part of a page and as lines for a terminal.
public struct Answers: Sendable {
    public var sweeps: [Sweep] = []
    public var tornados: [Tornado] = []
    public var limits: [Limit] = []
    public var comparison: Comparison?
    /// The exchange that they were tried on.
    public var tried: TriedExchange?

    public init(tried: TriedExchange?) { self.tried = tried }

    /// The files, by name.
    public func files() -> [(name: String, bytes: [UInt8])] {
        var files: [(name: String, bytes: [UInt8])] = []
        func add(_ table: (name: String, table: DataTable)) { files.append((table.name, table.table.bytes)) }
        if !sweeps.isEmpty { add(RunTables.sweep.file(sweeps.flatMap(SweepRow.all))) }
        if !tornados.isEmpty {
            add(
                RunTables.tornado.file(
                    tornados.flatMap { tornado in tornado.bars.map { (tornado.scenario, $0) } }))
        }
        if !limits.isEmpty { add(RunTables.limits.file(limits)) }
        if let comparison { add(RunTables.compare.file(comparison.rows)) }
        for (place, sweep) in sweeps.enumerated() {
            let name = sweeps.count == 1 ? "sweep.svg" : "sweep-\(place + 1).svg"
            files.append((name, Array(sweep.map().svg().utf8)))
        }
        for (place, tornado) in tornados.enumerated() {
            let name = tornados.count == 1 ? "tornado.svg" : "tornado-\(place + 1).svg"
            files.append((name, Array(tornado.plot().svg().utf8)))
        }
        return files
    }

    /// What is printed as a table where a format other than text is asked for; nil where there is nothing.
    public func table(format: DataTable.Format) -> DataTable? {
        if let comparison { return RunTables.compare.table(comparison.rows, format: format) }
        if !limits.isEmpty { return RunTables.limits.table(limits, format: format) }
        if !sweeps.isEmpty { return RunTables.sweep.table(sweeps.flatMap(SweepRow.all), format: format) }
        guard !tornados.isEmpty else { return nil }
        return RunTables.tornado.table(
            tornados.flatMap { tornado in tornado.bars.map { (tornado.scenario, $0) } }, format: format)
    }

    /// The page's part.
    func section() -> Markup {
        var parts: Markup = triedLine.map { line -> Markup in "<p>Tried on \(line).</p>" }.joined()
        for line in added { parts += "<p>\(line)</p>" }
        for sweep in sweeps { parts += sweep.map().figure() }
        for tornado in tornados { parts += tornado.plot().figure() }
        for limit in limits { parts += "<p>\(limit.sentence)</p>" }
        if let comparison {
            parts += Page.table(
                ["figure", comparison.first.scenario, comparison.second.scenario, "difference"],
                numeric: [1, 2, 3], comparison.rows.map(\.cells))
            parts += "<p>\(comparison.sentence)</p>"
        }
        return parts
    }

    /// A page of these answers.
    public func page(title: String) -> [UInt8] {
        var page = Page(title: title)
        page.add("answers", "Answers", section())
        return Array(page.html(lead: "").utf8)
    }

    /// What they were tried on, and what that does without the events, in a line.
    private var triedLine: [String] {
        let baselines =
            sweeps.map(\.baseline) + tornados.map(\.verdict.baseline) + limits.map(\.baseline)
            + (comparison.map { [$0.first.baseline] } ?? [])
        return VerdictTable.tried(tried, baselines).map { [$0] } ?? []
    }

    /// What was added to scenarios, each once.
    private var added: [String] {
        var lines: [String] = []
        for event in sweeps.flatMap(\.added) + limits.compactMap(\.added) {
            let line = "The scenario has no '\(event.prefix { $0 != ":" })', so this one was added: \(event)"
            if !lines.contains(line) { lines.append(line) }
        }
        return lines
    }

    /// Lines for a terminal: what was added, what was tried, and each answer.
    public func lines() -> [String] {
        added + triedLine + sweeps.flatMap(\.lines) + tornados.flatMap(\.lines) + limits.map(\.sentence)
            + (comparison.map(\.lines) ?? [])
    }
}

extension Sweep {
    /// The survival map: the share of histories that break.
    func map() -> HeatMap {
        let rows = axes.count > 1 ? axes[1].values : [""]
        let columns = axes.first?.values ?? []
        func cell(_ row: Int, _ column: Int) -> Cell { cells[column * rows.count + row] }
        let places = rows.indices.map { row in columns.indices.map { cell(row, $0) } }
        return HeatMap(
            title: "\(scenario): share of histories that break an objective, in percent",
            xLabel: axes.first?.key.description ?? "", yLabel: axes.count > 1 ? axes[1].key.description : "",
            columns: columns, rows: rows, shares: places.map { $0.map(\.verdict.shareBroken.value) },
            notes: places.map { $0.map(note) })
    }

    private func note(_ cell: Cell) -> String {
        let values = zip(axes, cell.values).map { "\($0.key) = \($1)" }.joined(separator: ", ")
        let tier = cell.verdict.firstTier.map { "; \($0) breaks first" } ?? ""
        let drain = cell.verdict.recovers ? "" : "; does not recover by itself"
        return "\(values): \(NumberText.percent(cell.verdict.shareBroken.value)) break\(tier)\(drain)"
    }
}

extension Tornado {
    /// Expected minutes over some objective at each key's low and high value, the most important on top.
    func plot() -> Plot {
        let shown = Array(bars.prefix(Tornado.barsShown))
        let heights = shown.indices.map { Double(shown.count - $0) }
        let low = shown.map(\.low.verdict.expectedMinutesOverObjective)
        let high = shown.map(\.high.verdict.expectedMinutesOverObjective)
        let names = shown.map(\.key)
        let count = shown.count
        func points(_ name: String, _ colour: Int, _ x: [Double], _ cells: [Sweep.Cell]) -> Plot.Layer {
            .points(
                name: name, colour: colour, x: x, y: heights,
                notes: zip(shown, cells).map {
                    "\($0.key) = \($1.values.first ?? ""): "
                        + "\(NumberText.figure($1.verdict.expectedMinutesOverObjective)) min"
                })
        }
        let bars = shown.indices.map { place -> Plot.Layer in
            .line(name: "", colour: 5, x: [low[place], high[place]], y: [heights[place], heights[place]])
        }
        return Plot(
            title: "\(scenario): each key at half and at twice its value",
            x: Axis("expected minutes over some objective", holding: low + high),
            y: Axis("", holding: [0, Double(count) + 0.5]) { mark in
                let place = count - Int(saturating: mark.rounded())
                return mark == mark.rounded() && names.indices.contains(place) ? names[place] : ""
            },
            layers: bars + [
                points("half", 0, low, shown.map(\.low)), points("twice", 1, high, shown.map(\.high)),
                .moment(name: "as it is", colour: 2, x: verdict.expectedMinutesOverObjective),
            ], height: 100 + 22 * Double(count))
    }

    private static let barsShown = 14

    /// The terminal's answer.
    var lines: [String] {
        ["\(scenario): minutes over some objective with one key at half and at twice its value"]
            + bars.prefix(Tornado.barsShown).map { bar in
                let low = NumberText.figure(bar.low.verdict.expectedMinutesOverObjective)
                let high = NumberText.figure(bar.high.verdict.expectedMinutesOverObjective)
                return "  \(bar.key) = \(bar.value): \(low) to \(high)"
            }
    }
}

extension Limit {
    /// What was found, in a sentence.
    var sentence: String {
        let rate = messagesPerSecond.map { ", \(NumberText.short($0)) messages/s at the height" } ?? ""
        switch (holds, breaks) {
        case (let holds?, let breaks?):
            let within = tolerance < 1 ? ", within \(NumberText.percent(tolerance))" : ""
            let tier = firstTier.map { " (\($0) first)" } ?? ""
            return "\(key): holds at \(holds)\(rate); breaks at \(breaks)\(tier)\(within)"
        case (let holds?, nil): return "\(key): holds at every value up to \(holds)\(rate)"
        case (nil, _):
            return "\(key): breaks at every value that was tried\(firstTier.map { " (\($0) first)" } ?? "")"
        }
    }
}

extension Comparison {
    /// The figures side by side, in the order in which a reader asks.
    var rows: [ComparisonRow] {
        func row(
            _ figure: String, _ words: String, _ unit: String, _ value: (Verdict) -> Estimate?
        ) -> ComparisonRow {
            ComparisonRow(
                figure: figure, words: words, unit: unit, first: value(first), second: value(second))
        }
        return [
            row("share_broken", "histories that break", "share", \.shareBroken),
            row("seconds_to_saturation", "first break after", "s", \.secondsToSaturation),
            row("expected_minutes_over_slo", "over an objective, all histories", "min") {
                Estimate(exactly: $0.expectedMinutesOverObjective)
            },
            row("minutes_over_slo", "over it, those that break", "min", \.minutesOverObjective),
            row("share_orders_failed", "orders late or rejected", "share", \.service.shareOfOrders),
            row("share_rejected", "trades rejected", "share", \.shareRejected),
            row("minutes_degraded", "status page: degraded", "min", \.service.degradedMinutes),
            row("minutes_outage", "of which outage", "min", \.service.outageMinutes),
            row("rto_seconds", "recovery time (RTO)", "s", \.service.restoredSeconds),
            row("rpo_records", "records lost (RPO)", "records", \.rpoRecords),
            row("peak_backlog", "peak backlog", "messages", \.peakBacklog),
            row("drain_seconds", "cleared after its peak", "s", \.drainSeconds),
        ]
    }

    /// How the two differ over the same histories.
    var sentence: String {
        "Of \(histories) histories, only the first breaks in \(onlyFirstBreaks) and only the second in "
            + "\(onlySecondBreaks). The second is over an objective \(NumberText.estimate(minutesMore)) min longer."
    }
}
