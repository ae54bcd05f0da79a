import Planning
import Tables
import Units

extension Exports {
    /// The share of what is held at which a supervisor asks for more capacity (SEBI CIR/MRD/DP/17/2015: 75 %).
    static let warningShare = 0.75

    /// Alert rules on the work of each tier against what the nodes that the plan runs at that time hold.
    ///
    /// `predict_linear` looks as far ahead as a node takes to warm up, so that the alert comes while there is still time
    /// to add one; where a tier cannot be scaled in time, that is at least ten minutes.
    func prometheusRules() -> String {
        var text = """
            # \(oneLine(name)): alert thresholds from \(start.description) on. They need one series per tier,
            #   highwater:busy_servers{tier="..."}
            # the seconds of work that the tier does per second, such as
            #   sum(rate(request_duration_seconds_sum{job="gateway"}[1m]))
            # or, for a single writer or a link, its busy share. `highwater:held_servers` is the most work \
            that the
            # planned nodes carry within the objective during the failures to survive; it follows the plan's \
            schedule.
            groups:
              - name: highwater-capacity
                rules:

            """
        for tier in tiers {
            text += """
                      - record: highwater:held_servers
                        expr: \(ExportText.quoted(heldExpression(tier)))
                        labels:
                          tier: \(ExportText.quoted(tier.plan.tier))

                """
        }
        for tier in tiers {
            text += """
                      - record: highwater:planned_nodes
                        expr: \(ExportText.quoted(plannedExpression(tier)))
                        labels:
                          tier: \(ExportText.quoted(tier.plan.tier))

                """
        }
        for tier in tiers { text += alerts(tier) }
        return text + validityAlerts()
    }

    private func alerts(_ tier: TierExport) -> String {
        let matcher = "{tier=\(ExportText.quoted(tier.plan.tier))}"
        let lead = max(600, Int(saturating: (tier.warmUpSeconds + 300).rounded(.up)))
        let busy = "highwater:busy_servers\(matcher)"
        let held = "highwater:held_servers\(matcher)"
        let rules = [
            (
                "HighwaterNearCapacity", "\(busy) > \(Exports.warningShare) * \(held)", "10m", "warning",
                "\(tier.plan.tier) is above 75 % of the load that its planned nodes carry within the "
                    + "objective"
            ),
            (
                "HighwaterCapacityAhead", "predict_linear(\(busy)[15m], \(lead)) > \(held)", "2m",
                "critical",
                "\(tier.plan.tier) will exceed what its planned nodes carry in \(lead / 60) minutes, the "
                    + "time that a new \(tier.plan.shape) needs to start"
            ),
            (
                "HighwaterOverCapacity", "\(busy) > \(held)", "1m", "critical",
                "\(tier.plan.tier) is above the load that its planned nodes carry within the objective"
            ),
            (
                "HighwaterNoLoad", "absent(\(busy))", "10m", "warning",
                "\(tier.plan.tier) has no series highwater:busy_servers, so that no alert watches its capacity"
            ),
        ]
        return rules.map { name, expression, time, severity, summary in
            alert(name, expression, for: time, severity: severity, tier: tier.plan.tier, summary: summary)
        }.joined()
    }

    /// How long before its end a plan has to be renewed, in seconds: a day, or half of a shorter plan. Chosen, not
    /// measured.
    var expiryNotice: Int64 { min(86_400, (end.seconds - start.seconds) / 2) }

    /// Alerts for the time after the plan, which no schedule and no capacity is known for.
    private func validityAlerts() -> String {
        let notice = end.advanced(bySeconds: -expiryNotice)
        return alert(
            "HighwaterPlanExpires", "vector(time()) >= \(notice.seconds) < \(end.seconds)", for: "1m",
            severity: "warning", tier: nil,
            summary: "the capacity plan ends at \(end.description); make and apply the next one")
            + alert(
                "HighwaterPlanExpired", "vector(time()) >= \(end.seconds)", for: "1m", severity: "critical",
                tier: nil,
                summary:
                    "the capacity plan ended at \(end.description); its schedule and thresholds are out of "
                    + "date")
    }

    private func alert(
        _ name: String, _ expression: String, for time: String, severity: String, tier: String?,
        summary: String
    ) -> String {
        let label = tier.map { "          tier: \(ExportText.quoted($0))\n" } ?? ""
        return """
                  - alert: \(name)
                    expr: \(ExportText.quoted(expression))
                    for: \(time)
                    labels:
                      severity: \(severity)
            \(label)        annotations:
                      summary: \(ExportText.quoted(Exports.withoutTemplates(summary)))
                      runbook_url: \(ExportText.quoted(Exports.withoutTemplates(settings.runbookURL ?? "runbook.md")))

            """
    }

    private func heldExpression(_ tier: TierExport) -> String { overTime(tier.plan.heldServers) }

    private func plannedExpression(_ tier: TierExport) -> String {
        overTime(tier.plan.nodes.map(Double.init))
    }

    /// Figures by step as a function of time: the first one plus the change at every later step that differs.
    private func overTime(_ figures: [Double]) -> String {
        guard var last = figures.first else { return "vector(0)" }
        var terms = [NumberText.csv(last)]
        for (step, value) in figures.enumerated() where value != last {
            let time = start.advanced(bySeconds: Int64(step) * stepSeconds)
            terms.append("(time() >= bool \(time.seconds)) * (\(NumberText.csv(value - last)))")
            last = value
        }
        return "vector(\(terms.joined(separator: " + ")))"
    }

    /// Text in which Prometheus sees no template.
    private static func withoutTemplates(_ text: String) -> String {
        text.replacing("{{", with: "{ {")
    }
}
