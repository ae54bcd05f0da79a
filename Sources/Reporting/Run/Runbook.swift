import Planning
import Tables
import Units
import WhatIf

extension RunReport {
    /// The unit of loads, for readers.
    static let loadUnit =
        "Loads are in busy cores: seconds of work per second. A shard's writer and a link each count as one core."

    /// What to do when: the plan in the words of somebody who is on call, in Markdown.
    public func runbookMarkdown() -> String {
        var text = "# \(markdown(name)): runbook, \(asOf.description) to \(end.description)\n\n"
        text +=
            "For the on-call engineer while this plan is in force. The figures are this plan's; the next "
            + "plan replaces them. "
        text += "\(RunReport.loadUnit)\n\n"
        text += tierText() + saturationText() + scenarioText() + shardText() + maintenanceText()
        text += "## Where the files are\n\n"
        text += "`plan.csv` has the nodes for each hour and zone. "
        text +=
            hasExports
            ? "`exports/` has them for autoscalers, with the alert rules and the maintenance calendar. "
            : "There is no `exports/`, because the plan does not hold. "
        text += "`excuses.csv` explains the rejected options, and `report.html` has the plots.\n"
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
        return "## Thresholds\n\nCapacity is what the fewest planned nodes carry within the objective with "
            + "\(RunReport.losses(plan.options)) lost. \(alertsNote)\n\n"
            + markdownTable(
                ["tier", "nodes", "warn at busy cores", "capacity", "new node ready in", "when it alerts"],
                rows)
            + "\n"
    }

    private var alertsNote: String {
        hasExports
            ? "`exports/prometheus-rules.yaml` follows the schedule hour by hour."
            : "`capacity.csv` follows the schedule hour by hour."
    }

    private static func losses(_ options: PlanOptions) -> String {
        let spares = options.spareNodes == 1 ? "a node" : "\(options.spareNodes) nodes"
        var losses = options.spareNodes > 0 ? [spares] : []
        if options.survivesZoneLoss { losses.append("a zone") }
        if options.survivesRegionLoss { losses.append("a region") }
        switch losses.count {
        case 0: return "nothing"
        case 1: return losses[0]
        default: return losses.joined(separator: ", or ") + ","
        }
    }

    private func saturationText() -> String {
        guard let weakest = Headline(self).weakest else { return "" }
        return "## What breaks first\n\nOn today's nodes, \(markdown(weakest.queueName)) breaks first, at "
            + "\(NumberText.estimate(weakest.loadMultiplier)) times the forecast peak hour. Its limiting "
            + "resource is \(markdown(weakest.bindingResource.description)). Watch it first when load "
            + "rises.\n\n"
    }

    private func scenarioText() -> String {
        guard !scenarios.isEmpty else { return "" }
        var text = "## Scenarios\n\nEach was simulated on this plan in the peak hour.\n\n"
        for result in scenarios {
            let verdict = result.verdict
            text += "### \(markdown(verdict.scenario))\n\n"
            if !result.scenario.description.isEmpty { text += "\(markdown(result.scenario.description)). " }
            if verdict.held {
                text += "The plan holds. No action is needed; check the alerts again afterwards.\n\n"
                continue
            }
            text +=
                "The plan does not hold: \(NumberText.percent(verdict.shareBroken.value)) of histories break.\n\n"
            if !verdict.baseline.held, let tier = verdict.baseline.firstTier {
                text += "- Broken before: \(markdown(tier)) breaks in "
                text += "\(NumberText.percent(verdict.baseline.shareBroken.value)) of histories without it.\n"
            }
            if let tier = verdict.firstTier {
                text +=
                    "- Breaks first: \(markdown(tier)) (\(markdown(verdict.bindingResource?.description ?? ""))), "
                text += "\(NumberText.estimate(verdict.secondsToSaturation)) s after the start.\n"
            }
            text +=
                "- Over the objective for \(NumberText.estimate(verdict.minutesOverObjective)) min, up to "
            text += "\(NumberText.estimate(verdict.peakBacklog)) messages waiting, "
            text += "\(NumberText.percent(verdict.shareRejected.value)) rejected.\n"
            if let drain = verdict.drainSeconds {
                text += "- The backlog clears \(NumberText.estimate(drain)) s after its peak.\n"
            } else {
                text += "- The backlog did not clear within the simulation.\n"
            }
            text += "- Would have held: \(markdown(verdict.cheapestChange ?? "nothing that was tried"))"
            text += verdict.cheapestChangePrice.map { ", \($0).\n\n" } ?? ".\n\n"
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
            "## Shards\n\nA shard is one writer. When one runs hot, move its heaviest symbol. The standby "
            + "takes over if the shard's zone is lost.\n\n"
            + markdownTable(
                [
                    "shard", "zone", "standby", "heaviest symbol (share of the load)",
                    "load to plan for, over capacity",
                ],
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
        return
            "## Maintenance windows\n\nThe safest ones; `\(hasExports ? "exports/maintenance.ics" : "maintenance.csv")` "
            + "has them all.\n\n"
            + markdownTable(
                ["from", "to", "load vs mean", "chance of a break, zone down", "tightest tier"], Array(rows))
            + "\n"
    }
}
