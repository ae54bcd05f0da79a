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
        for tier in tiers { text += alerts(tier) }
        return text
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
        ]
        return rules.map { name, expression, time, severity, summary in
            """
                  - alert: \(name)
                    expr: \(ExportText.quoted(expression))
                    for: \(time)
                    labels:
                      severity: \(severity)
                      tier: \(ExportText.quoted(tier.plan.tier))
                    annotations:
                      summary: \(ExportText.quoted(Exports.withoutTemplates(summary)))
                      runbook: "runbook.md"

            """
        }.joined()
    }

    /// What the tier holds as a function of time: the first stretch's figure plus the step at every later change.
    private func heldExpression(_ tier: TierExport) -> String {
        let held = tier.plan.heldServers
        guard var last = held.first else { return "vector(0)" }
        var terms = [NumberText.csv(last)]
        for (step, value) in held.enumerated() where value != last {
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
