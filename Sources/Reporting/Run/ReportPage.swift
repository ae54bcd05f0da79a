import Exchange
import Forecasting
import Planning
import Replay
import Tables
import Units
import WhatIf

extension RunReport {
    /// The whole result as one self-contained page: plots as inline SVG, the tables beside them, no network.
    public func html() -> [UInt8] {
        var page = Page(title: "\(name): capacity plan")
        page.add("allocation", "Allocation", allocationSection())
        if let budget = plan.budget { page.add("budget", "Error budget", budgetSection(budget)) }
        if !plan.holds.isEmpty { page.add("hold", "Surges to hold", holdSection()) }
        page.add("demand", "Demand", demandSection())
        if let pastPlans { page.add("past-plans", "Past plans", pastPlans.section()) }
        page.add("bursts", "Bursts", burstSection())
        page.add("saturation", "Saturation of today's exchange", saturationSection())
        page.add("placement", "Shard placement", placementSection())
        if !scenarios.isEmpty {
            page.add("whatif", "What-if scenarios, on the plan", VerdictTable.section(scenarios))
        }
        page.add("surges", "Surges", surgeSection())
        page.add("risk", "Risk, compliance and maintenance", riskSection())
        page.add("futures", "Other futures, margins and alerts", futuresSection())
        page.add("excuses", "Rejected options", excuseSection())
        page.add("inputs", "Inputs", inputSection())
        return Array(page.html(lead: lead()).utf8)
    }

    private func lead() -> Markup {
        let headline = Headline(self)
        let tone = plan.isFeasible ? "good" : "bad"
        var figures: [(String, String)] = [
            ("cost over the horizon", "\(plan.totalCost.description) USD"),
            ("today's nodes", "\(plan.todaysCost.description) USD"),
            ("peak hour, median", "\(NumberText.short(headline.peak.median))/s"),
            ("peak hour, 99 %", "\(NumberText.short(headline.peak.q99))/s"),
        ]
        if let weakest = headline.weakest {
            figures.append(
                (
                    "today breaks first at \(weakest.queueName)",
                    "\(NumberText.figure(weakest.loadMultiplier?.value ?? .nan)) ×"
                ))
        }
        let tiles = figures.map { label, value -> Markup in
            "<div class=\"card\"><b>\(value)</b><span>\(label)</span></div>"
        }.joined()
        let findings = plan.findings.map { finding -> Markup in
            let remedy = finding.remedy.isEmpty ? "" : " Remedy: \(finding.remedy)"
            let tier = finding.tier.map { "\($0): " } ?? ""
            return "<li><b>\(finding.severity.rawValue)</b> \(tier)\(finding.message)\(remedy)</li>"
        }
        let exports = exportsNote.map { note -> Markup in "<li>Exports: \(note)</li>" }
        let remarks =
            findings + [exports].compactMap { $0 } + notes.map { note -> Markup in "<li>\(note)</li>" }
        let list: Markup = remarks.isEmpty ? "" : "<ul class=\"findings\">\(remarks.joined())</ul>"
        return """
            <p class="verdict \(tone)">\(headline.verdict)</p>
            \(groundsList())<div class="cards">\(tiles)</div>
            \(list)
            """
    }

    private func allocationSection() -> Markup {
        let table = Page.table(
            ["tier", "kind", "shape", "nodes", "reserved", "cost USD", "today USD"],
            numeric: [3, 4, 5, 6],
            plan.tiers.map { tier in
                [
                    tier.tier, tier.kind.name, tier.shape, RunReport.range(tier.nodes),
                    String(tier.reservedNodes), tier.cost.description, tier.todaysCost.description,
                ]
            }, below: plan.tiers.map(plan.why))
        return """
            <p>\(plan.promiseSentences) \(RunReport.loadUnit)</p>
            \(table)<h3>Nodes by requirement</h3>\(ladder())\(busiestHours())\(nodePlots().map { $0.figure() }.joined())
            """
    }

    /// One row per requirement, one column per tier.
    private func ladder() -> Markup {
        let asked = LadderRow.Rung.allCases.filter { rung in plan.ladder.contains { $0.rung == rung } }
        let rows = asked.map { rung -> [String] in
            [rung.sentencePart]
                + plan.tiers.map { tier in
                    let row = plan.ladder.first { $0.tier == tier.tier && $0.rung == rung }
                    return row?.nodes.map { String($0) } ?? "–"
                }
        }
        return Page.table(
            ["requirement"] + plan.tiers.map(\.tier), numeric: Set(1...max(1, plan.tiers.count)),
            rows)
    }

    private func demandSection() -> Markup {
        let rows = demand.symbols.indices.map { symbol -> [String] in
            let mean = meanTrades(symbol)
            let bursts = demand.symbols[symbol].bursts
            let second = bursts.points.first { $0.windowSeconds == 1 }
            let weights = forecasts[symbol].candidates.filter { $0.weight > 0.005 }
                .sorted { ($1.weight, $0.model) < ($0.weight, $1.model) }.prefix(3)
                .map { "\($0.model) \(NumberText.percent($0.weight))" }.joined(separator: ", ")
            return [
                demand.symbols[symbol].id.description, NumberText.figure(mean),
                second.map { NumberText.figure($0.indexOfDispersion) } ?? "–", bursts.origin, weights,
            ]
        }
        let table = Page.table(
            ["series", "mean trades/s", "dispersion at 1 s", "burst profile", "models"], numeric: [1, 2], rows
        )
        let mix = demand.symbols.first?.mix.perTrade ?? .zero
        return """
            \(demandPlot().figure())<p>Each trade brings \(NumberText.figure(mix[.order])) orders, \
            \(NumberText.figure(mix[.cancel])) cancels and \(NumberText.figure(mix[.query])) queries: \
            \(mixOrigin).</p>
            \(table)
            """
    }

    private func meanTrades(_ symbol: Int) -> Double {
        var sum = 0.0
        for path in 0..<demand.pathCount {
            for step in 0..<demand.stepCount { sum += demand.trades(path: path, symbol: symbol, step: step) }
        }
        return sum / Double(demand.pathCount * demand.stepCount)
    }

    private func saturationSection() -> Markup {
        let table = Page.table(
            ["queue", "stability", "latency objective", "limiting resource", "reached at"], saturationRows())
        return """
            <p>Multiples of the forecast peak hour on today's nodes, with 95 % intervals over paths and \
            bursts. Above the stability limit, work arrives faster than it is done. The latency objective, \
            judged over every rolling five minutes, breaks well before, because arrivals are bursty.</p>
            \(table)\(latencyPlot()?.figure() ?? "")<h3>Headroom</h3>\
            <p>How long today's nodes last if demand grows as it did in the past: the number of days until the peak hour of a \
            week exceeds the capacity of a queue (median and 95 % interval), and the nodes to add for the median growth of 26 \
            weeks.</p>\(headroomTable())
            """
    }

    private func headroomTable() -> Markup {
        Page.table(
            [
                "queue", "busiest hour of a week, messages/s", "holds", "chance of less than 26 weeks",
                "days", "95 %", "order", "chance before it arrives", "a week later",
            ],
            numeric: [1, 2, 3, 4, 7, 8],
            headroom.map { row in
                [
                    row.queueName, NumberText.short(row.levelPerSecond), NumberText.short(row.heldPerSecond),
                    NumberText.percent(row.probability),
                    row.daysText, row.isOver ? "–" : row.range,
                    row.order ?? "–", row.probabilityBeforeArrival.map { NumberText.percent($0) } ?? "–",
                    row.probabilityWeekLater.map { NumberText.percent($0) } ?? "–",
                ]
            })
    }

    private func placementSection() -> Markup {
        Page.table(
            [
                "tier", "shard", "zone", "standbys", "symbol", "messages/s", "share of shard",
                "share of capacity",
            ],
            numeric: [5, 6, 7],
            plan.placement.map { row in
                [
                    row.tier, row.shard, row.zone, row.standbyZones.joined(separator: " "),
                    row.symbol.description, NumberText.short(row.messagesPerSecond),
                    NumberText.percent(row.shareOfShard), NumberText.percent(row.shareOfCapacity),
                ]
            })
    }

    private func surgeSection() -> Markup {
        let step = Double(demand.stepSeconds)
        let events = surges.sorted { ($1.ratio, $0.onset) < ($0.ratio, $1.onset) }.map { event in
            [
                event.id.description, event.kind.rawValue, event.onset.description,
                NumberText.figure(event.ratio), NumberText.figure(event.peak / step),
                NumberText.time(seconds: Double(event.rampSeconds)),
                NumberText.time(seconds: Double(event.holdSeconds)),
                NumberText.time(seconds: Double(event.decaySeconds)),
            ]
        }
        let told = returnLevels.filter { $0.perSecond != nil }
        let levels = told.map { row in
            [
                row.id.description, "once in \(NumberText.figure(row.days)) days",
                NumberText.estimate(row.perSecond, none: "not enough history"),
            ]
        }
        let table: Markup =
            levels.isEmpty
            ? ""
            : Page.table(
                ["series", "return period", "trades/s over an hour"], numeric: [2], levels, limit: 24)
        let missing = returnLevels.count - told.count
        let untold: Markup =
            missing == 0
            ? ""
            : "<p>The history is too short for \(missing) of \(returnLevels.count) return levels.</p>"
        let seen: Markup =
            events.isEmpty
            ? "<p>The history has no surge or outage beyond its seasonal pattern.</p>"
            : Page.table(
                ["series", "kind", "onset", "× baseline", "peak/s", "ramp", "hold", "decay"],
                numeric: [3, 4, 5, 6, 7], events, limit: 20)
        return """
            \(seen)<h3>Return levels</h3>
            \(table)\(untold)
            """
    }

    private func riskSection() -> Markup {
        let risk = Page.table(
            [
                "tier", "chance of breaking the objective", "worst hour", "chance in that hour",
                "limiting resource",
            ], numeric: [1, 3],
            plan.risk.map { row in
                [
                    row.tier, NumberText.estimate(row.probabilityAnyStep),
                    row.worstStart?.description ?? "none", NumberText.percent(row.worstProbability),
                    row.bindingResource?.description ?? "",
                ]
            })
        let rules = Page.table(
            ["rule", "where", "planned", "required", "unit", "met", "source"], numeric: [2, 3],
            plan.compliance.map { row in
                [
                    row.rule.name, row.rule.jurisdiction, row.planned.map { NumberText.figure($0) } ?? "–",
                    row.required.map { NumberText.figure($0) } ?? "–", row.rule.unit, row.isMet.rawValue,
                    row.rule.source,
                ]
            })
        let windows = Page.table(
            ["rank", "start", "end", "load vs mean", "chance of a break, node down"]
                + MaintenanceRow.overruns.map { "hours broken, \($0) × as long" } + ["tightest tier"],
            numeric: Set(0...4 + MaintenanceRow.overruns.count).subtracting([1, 2]),
            plan.maintenance.map { row in
                [
                    String(row.rank), row.start.description, row.end.description,
                    NumberText.percent(row.loadShare), NumberText.percent(row.probabilityBrokenNodeOut),
                ] + row.overruns.map { NumberText.figure($0.hoursBroken) } + [row.tightestTier]
            })
        return """
            \(risk)<h3>Compliance</h3><p>Verify with counsel.</p>\(rules)<h3>Maintenance windows, safest \
            first</h3>\(windows)
            """
    }

    private func excuseSection() -> Markup {
        Page.table(
            ["tier", "option", "reason", "cost USD"], numeric: [3],
            plan.excuses.map {
                [$0.tier, $0.rejection.option, $0.rejection.reason, $0.cost?.description ?? "–"]
            })
    }

    private func inputSection() -> Markup {
        let bad = quarantine.prefix(20).map { [$0.path, String($0.line), $0.reason, $0.excerpt] }
        let rows: Markup =
            bad.isEmpty
            ? ""
            : "<h3>Quarantined rows</h3>\(Page.table(["file", "line", "reason", "text"], numeric: [1], bad))"
        return """
            \(Page.table(["use", "files", "rows", "accepted", "duplicates", "quarantined"], numeric: [1, 2, 3, 4, 5], inputRows()))\
            \(rows)
            """
    }
}
