import Exchange
import Forecasting
import Planning
import Replay
import Tables
import Units
import WhatIf

/// The figures that every text of a run quotes.
struct Headline {
    /// What is planned, in a sentence.
    var verdict: String
    /// The queue that breaks first under load, with its latency saturation point.
    var weakest: SaturationPoint?
    /// The busiest hour of the path whose busiest hour is the median: its start and messages a second that clients send, which
    /// all multiples are of; and the 99 % quantile of all paths' busiest hours.
    var peak: (start: Timestamp, median: Double, q99: Double)

    init(_ report: RunReport) {
        let plan = report.plan
        let broken = plan.findings.filter { $0.severity == .infeasible }
        let span = "\(report.asOf.description) to \(report.end.description)"
        verdict =
            plan.isFeasible
            ? Headline.promise(plan, span: span)
            : [
                "The plan cannot meet every objective from \(span): \(broken.first?.told ?? "").",
                plan.hoursBroken, plan.smallestRelaxations,
            ].compactMap { $0 }.joined(separator: " ")
        if plan.isFeasible {
            // A simulated loss that breaks more than the plan's gaps do has the last word.
            let lost = Headline.unexplained(report)
            let isContradicted = lost != nil && !plan.promise.gaps.contains { !$0.broken.isEmpty }
            if let gap = plan.promise.gapSentence, !isContradicted { verdict += " \(gap)." }
            if let lost { verdict += " \(lost)." }
        }
        weakest = report.replay.saturation
            .filter { $0.kind == .slo && $0.scope != .journey && $0.loadMultiplier != nil }
            .min { ($0.loadMultiplier?.value ?? 0) < ($1.loadMultiplier?.value ?? 0) }
        peak = Headline.peak(report.demand, report.topology)
    }

    /// What a plan that holds promises.
    private static func promise(_ plan: Plan, span: String) -> String {
        if let budget = plan.budget {
            return "The plan keeps its error budget from \(span). \(budget.sentence)."
        }
        return
            "The plan meets every objective from \(span), with a chance of breaking any of them of at most "
            + "\(NumberText.percent(plan.options.probabilityBrokenAllowed))."
    }

    /// What breaks when a zone is lost and nothing else happens, where no gap that the plan tells of does; nil where
    /// nothing does, or it was not tried.
    private static func unexplained(_ report: RunReport) -> String? {
        guard report.plan.options.survivesZoneLoss else { return nil }
        let told = report.plan.promise.gaps.flatMap(\.broken)
        let lost = report.scenarios.first {
            $0.scenario.events.count == 1 && $0.scenario.events[0].isZoneLoss && !$0.verdict.held
                && !told.contains($0.verdict.firstTier ?? "")
        }
        return lost.map { result in
            "The exception is the moment of the loss: "
                + (result.verdict.firstTier.map { "\(result.verdict.scenario) breaks \($0)" }
                    ?? "\(result.verdict.baseline.firstTier ?? "a tier") breaks without it")
                + (result.verdict.cheapestChange.map { " (\($0))" } ?? "")
        }
    }

    private static func peak(
        _ demand: DemandPaths, _ topology: Topology
    ) -> (start: Timestamp, median: Double, q99: Double) {
        let peaks = demand.peaks(of: topology.sent)
        guard !peaks.isEmpty else { return (demand.start, 0, 0) }
        let median = demand.medianPeak(of: topology.sent)
        let q99 = peaks[min(peaks.count - 1, Int(saturating: Double(peaks.count) * 0.99))].perSecond
        return (demand.time(ofStep: median.step), median.perSecond, q99)
    }
}

extension RunReport {
    /// The result in a page of Markdown.
    public func summaryMarkdown() -> String {
        let headline = Headline(self)
        var text = "# \(markdown(name)): capacity plan, \(asOf.description) to \(end.description)\n\n"
        text += markdown(headline.verdict) + "\n\n"
        text += "- Cost: \(plan.totalCost.description) USD over the horizon; today's nodes would cost "
        text += "\(plan.todaysCost.description) USD.\n"
        text += "- Cost per month: \(plan.monthly.sentence).\n"
        text += "- Peak hour: \(headline.peak.start.description), "
        text += "\(NumberText.short(headline.peak.median)) messages/s (median), "
        text += "\(NumberText.short(headline.peak.q99)) at 99 %.\n"
        if let weakest = headline.weakest {
            text += "- Today's exchange breaks first at \(markdown(weakest.queueName)): "
            text += "\(NumberText.estimate(weakest.loadMultiplier)) times the forecast peak hour "
            text += "(\(markdown(weakest.bindingResource.description))).\n"
        }
        if let shortest = headroom.min(by: { $0.lasting < $1.lasting }) {
            text += "- Headroom: \(markdown(shortest.sentencePart)).\n"
        }
        for price in plan.holds.priceSentences { text += "- Surge: \(markdown(price)).\n" }
        for ground in grounds { text += "- \(ground.title): \(markdown(ground.sentence)).\n" }
        text += "- Message mix: \(markdown(mixOrigin)).\n"
        if let exportsNote { text += "- Exports: \(exportsNote).\n" }
        text += "\n"
        text += findingsText()
        text += "## Allocation\n\n\(RunReport.loadUnit)\n\n"
        text += markdownTable(
            ["tier", "shape", "nodes (min to max)", "reserved", "cost USD", "today USD", "why"],
            plan.tiers.map { tier in
                [
                    tier.tier, tier.shape, RunReport.range(tier.nodes), String(tier.reservedNodes),
                    tier.cost.description, tier.todaysCost.description, plan.why(tier),
                ]
            })
        text += "\n## Saturation of today's exchange\n\n"
        text +=
            "Multiples of the forecast peak hour, with 95 % intervals. Latency is the objective over every "
            + "rolling "
        text += "five minutes.\n\n"
        text += markdownTable(
            ["queue", "stability", "latency", "limiting resource", "reached at"], saturationRows())
        if !scenarios.isEmpty {
            text += "\n## What-if scenarios, on the plan\n\n"
            text += markdownTable(VerdictTable.header, scenarios.map { VerdictTable.row($0.verdict) })
        }
        text += "\n## Inputs\n\n"
        text += markdownTable(
            ["use", "files", "rows", "accepted", "duplicates", "quarantined"], inputRows())
        return text
    }

    private func findingsText() -> String {
        let lines =
            plan.findings.map { finding in
                "- **\(finding.severity.rawValue)**\(finding.tier.map { " (\(markdown($0)))" } ?? ""): "
                    + markdown(finding.message)
                    + (finding.remedy.isEmpty ? "" : " Remedy: \(markdown(finding.remedy))")
            } + notes.map { "- \(markdown($0))" }
        return lines.isEmpty ? "" : "## Findings\n\n\(lines.joined(separator: "\n"))\n\n"
    }

    /// Why there are no exports, or what is wrong with those that there are; nil where the plan holds.
    var exportsNote: String? {
        if plan.isFeasible { return nil }
        return forcesExports
            ? "written because of --force-exports, of a plan that does not hold; each warns of it where its format "
                + "has comments"
            : "none, because the plan does not hold; --force-exports writes them"
    }

    static func range(_ nodes: [Int]) -> String {
        guard let least = nodes.min(), let most = nodes.max() else { return "0" }
        return least == most ? String(most) : "\(least) to \(most)"
    }

    /// One row a queue: name, stability, latency, resource, when.
    func saturationRows() -> [[String]] {
        var rows: [[String]] = []
        for point in replay.saturation where point.kind == .slo {
            let stability = replay.saturation.first {
                $0.kind == .stability && $0.scope == point.scope && $0.shard == point.shard
            }
            rows.append([
                point.queueName, stability.map { NumberText.estimate($0.loadMultiplier) } ?? "–",
                NumberText.estimate(point.loadMultiplier), point.bindingResource.description,
                reached(point),
            ])
        }
        return rows
    }

    /// When a queue's limit is reached, in agreement with its headroom.
    private func reached(_ point: SaturationPoint) -> String {
        let row = headroom.first { point.scope == .tier($0.tier) && $0.shard == point.shard }
        if row?.isOver == true { return "already over" }
        return point.reachedAt?.description ?? "not within the horizon"
    }

    /// One row for each use of the inputs.
    func inputRows() -> [[String]] {
        var uses: [String] = []
        for input in inputs where !uses.contains(input.use) { uses.append(input.use) }
        return uses.map { use in
            let files = inputs.filter { $0.use == use }
            func sum(_ value: (InputSummary) -> Int) -> String {
                NumberText.figure(Double(files.reduce(0) { $0 + value($1) }), digits: 15)
            }
            return [
                use, String(files.count), sum(\.rows), sum(\.accepted), sum(\.duplicates), sum(\.quarantined),
            ]
        }
    }
}

/// Text that Markdown takes for text, whatever a log has put into it.
func markdown(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\\", "`", "*", "_", "[", "]", "<", ">", "|", "#": result += "\\\(scalar)"
        case "\n", "\r": result += " "
        default:
            result +=
                scalar.properties.generalCategory == .control
                ? scalar.escaped(asASCII: true) : String(scalar)
        }
    }
    return result
}

/// A table of Markdown; cells are escaped.
func markdownTable(_ header: [String], _ rows: [[String]]) -> String {
    func line(_ cells: [String]) -> String {
        "| " + cells.map(markdown).joined(separator: " | ") + " |\n"
    }
    return line(header) + "|" + String(repeating: " --- |", count: header.count) + "\n"
        + rows.map(line).joined()
}

extension SaturationPoint {
    /// The queue's name for a reader.
    public var queueName: String { scope.queueName(shard: shard) }
}

extension ReplayScope {
    /// `matching-2`, `gateway`, `journey to matching-2`.
    func queueName(shard: String?) -> String {
        guard let shard else { return description }
        switch self {
        case .tier: return shard
        case .journey: return "journey to \(shard)"
        }
    }
}
