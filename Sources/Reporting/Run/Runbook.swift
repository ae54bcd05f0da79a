import Planning
import Tables
import Units
import WhatIf

extension RunReport {
    /// What to do when: the plan in the words of somebody who is on call, in Markdown.
    public func runbookMarkdown() -> String {
        var text = "# \(markdown(name)): runbook, \(asOf.description) to \(end.description)\n\n"
        text +=
            "For whoever is on call while this plan runs. Figures are this plan's; the next plan replaces them. "
        text += "Busy servers are seconds of work in a second.\n\n"
        text += tierText() + saturationText() + scenarioText() + shardText() + maintenanceText()
        text += "## Where the files are\n\n"
        text +=
            "`plan.csv` holds the nodes of every hour and zone, `exports/` the same for autoscalers, the alert "
        text +=
            "rules and the maintenance calendar, `excuses.csv` why not something else, `report.html` the plots.\n"
        return text
    }

    private func tierText() -> String {
        let rows = plan.tiers.map { tier -> [String] in
            let held = tier.heldServers.min() ?? 0
            let lead = catalogue.shape(named: tier.shape)?.warmUpSeconds ?? 0
            return [
                tier.tier, "\(RunReport.range(tier.nodes)) × \(tier.shape)",
                NumberText.figure(0.75 * held), NumberText.figure(held), NumberText.time(seconds: lead),
                tier.kind.words.whenItAlerts(tier.shape),
            ]
        }
        return "## Thresholds\n\nHeld is what the fewest planned nodes serve within the objective with "
            + "\(RunReport.losses(plan.options)) lost. `exports/prometheus-rules.yaml` follows the schedule hour by "
            + "hour.\n\n"
            + markdownTable(
                ["tier", "nodes", "warn at busy servers", "held", "a new node takes", "when it alerts"], rows)
            + "\n"
    }

    private static func losses(_ options: PlanOptions) -> String {
        let spares = options.spareNodes == 1 ? "a node" : "\(options.spareNodes) nodes"
        switch (options.spareNodes > 0, options.survivesZoneLoss) {
        case (true, true): return "\(spares), or a zone,"
        case (true, false): return spares
        case (false, true): return "a zone"
        case (false, false): return "nothing"
        }
    }

    private func saturationText() -> String {
        guard let weakest = Headline(self).weakest else { return "" }
        return "## What breaks first\n\nOn today's nodes \(markdown(weakest.queueName)), at "
            + "\(NumberText.estimate(weakest.loadMultiplier)) times the busiest hour that is forecast: its "
            + "\(markdown(weakest.bindingResource.description)) run out. Watch it first when load rises.\n\n"
    }

    private func scenarioText() -> String {
        guard !scenarios.isEmpty else { return "" }
        var text = "## When it happens\n\nEach was tried on this plan at the busiest hour.\n\n"
        for result in scenarios {
            let verdict = result.verdict
            text += "### \(markdown(verdict.scenario))\n\n"
            if !result.scenario.description.isEmpty { text += "\(markdown(result.scenario.description)). " }
            if verdict.held {
                text += "The plan holds. Do nothing; look at the alerts again when it is over.\n\n"
                continue
            }
            text += "The plan does not hold.\n\n"
            if let tier = verdict.firstTier {
                text +=
                    "- First: \(markdown(tier)) (\(markdown(verdict.bindingResource?.description ?? ""))), "
                text += "\(NumberText.estimate(verdict.secondsToSaturation)) s after it begins.\n"
            }
            text +=
                "- Over the objective for \(NumberText.estimate(verdict.minutesOverObjective)) min, up to "
            text += "\(NumberText.estimate(verdict.peakBacklog)) messages waiting, "
            text += "\(NumberText.percent(verdict.shareRejected.value)) rejected.\n"
            if let drain = verdict.drainSeconds {
                text += "- The backlog is gone \(NumberText.estimate(drain)) s after the end.\n"
            } else {
                text += "- The backlog was not gone while it was watched.\n"
            }
            text += "- Would have held: \(markdown(verdict.cheapestChange ?? "nothing that was tried"))"
            text += verdict.cheapestChangeCost.map { ", \($0.description) USD a month.\n\n" } ?? ".\n\n"
        }
        return text
    }

    private func shardText() -> String {
        let shards = plan.tiers.flatMap(\.shards)
        guard !shards.isEmpty else { return "" }
        let rows = shards.map { shard -> [String] in
            let heaviest = plan.placement.first { $0.shard == shard.name }
            return [
                shard.name, shard.zone, shard.standbyZones.joined(separator: " "),
                heaviest.map { "\($0.symbol.name) (\(NumberText.percent($0.shareOfShard)))" } ?? "–",
                NumberText.percent(shard.requiredServers / shard.capacityServers.lo),
            ]
        }
        return
            "## Shards\n\nA shard is one writer. When one runs hot, its heaviest symbol is the one to move; the "
            + "standby takes over where its zone is lost.\n\n"
            + markdownTable(
                ["shard", "zone", "standby", "heaviest symbol (of the shard's load)", "worst load of held"],
                rows)
            + "\n"
    }

    private func maintenanceText() -> String {
        guard !plan.maintenance.isEmpty else { return "" }
        let rows = plan.maintenance.prefix(5).map { window in
            [
                window.start.description, window.end.description, NumberText.percent(window.loadShare),
                NumberText.percent(window.probabilityBrokenZoneOut), window.tightestTier,
            ]
        }
        return "## Planned work\n\nThe safest windows; `exports/maintenance.ics` holds them all.\n\n"
            + markdownTable(
                ["from", "to", "load of the mean", "broken with a zone out", "tightest tier"], Array(rows))
            + "\n"
    }
}
