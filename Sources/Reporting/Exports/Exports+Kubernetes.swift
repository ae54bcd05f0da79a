import Units

extension Exports {
    /// A KEDA `ScaledObject` with one cron trigger for each stretch above the least number of nodes; where none is, one for
    /// the whole span, since KEDA refuses an object without triggers.
    ///
    /// KEDA runs the largest number that any trigger asks for, and `minReplicaCount` where none does. Triggers are
    /// pinned to their dates, so that a plan that is not renewed does not repeat itself next week.
    func kedaScaledObject(_ tier: TierExport) -> String {
        var text = """
            # \(oneLine(name)), \(oneLine(tier.plan.tier)): \(start.description) on. One replica is one \
            \(oneLine(tier.plan.shape)).
            apiVersion: keda.sh/v1alpha1
            kind: ScaledObject
            metadata:
              name: \(tier.label)
            spec:
              scaleTargetRef:
                name: \(tier.label)
              minReplicaCount: \(tier.schedule.least)
              maxReplicaCount: \(tier.schedule.ceiling)

            """
        let raised = tier.schedule.stretches.filter { $0.nodes > tier.schedule.least }
        text += "  triggers:\n"
        for stretch in raised.isEmpty ? tier.schedule.stretches : raised {
            text += """
                    - type: cron
                      metadata:
                        timezone: Etc/UTC
                        start: \(ExportText.quoted(Exports.cron(stretch.start)))
                        end: \(ExportText.quoted(Exports.cron(stretch.end)))
                        desiredReplicas: "\(stretch.nodes)"

                """
        }
        return text
    }

    /// A patch for a `HorizontalPodAutoscaler`, to be applied at the instant that its file is named after.
    func hpaPatch(_ tier: TierExport, _ stretch: ScalingSchedule.Stretch) -> String {
        """
        # Apply at \(stretch.start.description): kubectl patch hpa \(tier.label) --patch-file THIS
        spec:
          minReplicas: \(max(1, stretch.nodes))
          maxReplicas: \(tier.schedule.ceiling)

        """
    }

    /// Minute, hour, day and month of an instant in UTC, as cron has them.
    static func cron(_ time: Timestamp) -> String {
        let text = time.description
        func number(_ from: Int) -> Int {
            let start = text.index(text.startIndex, offsetBy: from)
            return Int(text[start..<text.index(start, offsetBy: 2)]) ?? 0
        }
        return "\(number(14)) \(number(11)) \(number(8)) \(number(5)) *"
    }

    /// Text that stays on the line of its comment.
    func oneLine(_ text: String) -> String {
        String(
            text.unicodeScalars.map {
                $0.properties.generalCategory == .control || $0 == "\u{2028}" || $0 == "\u{2029}"
                    ? " " : Character($0)
            })
    }
}
