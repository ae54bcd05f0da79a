import Tables
import Units

extension Exports {
    /// How often in a row KEDA fails to read a trigger before it runs the fallback. KEDA's documentation uses 3.
    static let kedaFailures = 3

    /// A KEDA `ScaledObject` with one cron trigger for each stretch of the week above the least number of nodes; where none
    /// is, one for the whole week, since KEDA refuses an object without triggers.
    ///
    /// KEDA runs the largest number that any trigger asks for, and `minReplicaCount` where none does. Triggers name the
    /// day of the week, because cron has no year: a trigger for a date comes again a year later.
    ///
    /// Where the address of Prometheus is known, a trigger on the measured load scales beyond the schedule. Where it cannot
    /// be read, the fallback runs the most nodes that the plan needs at any time.
    func kedaScaledObject(_ tier: TierExport) -> String {
        let schedule = tier.schedule
        var text = """
            # \(oneLine(name)), \(oneLine(tier.plan.tier)): one replica is one \(oneLine(tier.plan.shape)).
            # Planned from \(start.description) to \(end.description). The week comes again until a new plan \
            replaces it,
            # or until it is removed: kubectl delete scaledobject \(tier.label)
            # \(loadNote(tier))
            apiVersion: keda.sh/v1alpha1
            kind: ScaledObject
            metadata:
              name: \(tier.label)
              annotations:
                highwater/valid-from: "\(start.description)"
                highwater/valid-until: "\(end.description)"
            spec:
              scaleTargetRef:
                name: \(tier.label)
              minReplicaCount: \(schedule.least)
              maxReplicaCount: \(schedule.ceiling)
              fallback:
                failureThreshold: \(Exports.kedaFailures)
                replicas: \(max(1, schedule.most))
              triggers:

            """
        let stretches = schedule.weeklyStretches
        let raised = stretches.filter { $0.nodes > schedule.least }
        for stretch in raised.isEmpty ? stretches.prefix(1) : raised[...] {
            text += cronTrigger(stretch)
        }
        return text + (loadTrigger(tier) ?? "")
    }

    private func loadNote(_ tier: TierExport) -> String {
        loadTrigger(tier) == nil
            ? "Nothing scales beyond this schedule: set exports.prometheus_url in the plan file for a trigger on "
                + "the load."
            : "Load beyond the plan scales out, up to maxReplicaCount."
    }

    private func cronTrigger(_ stretch: ScalingSchedule.WeeklyStretch) -> String {
        // Start and end have to differ, also of a stretch that never ends.
        let end =
            stretch.endMinute == stretch.startMinute
            ? (stretch.endMinute + ScalingSchedule.minutesPerWeek - 1) % ScalingSchedule.minutesPerWeek
            : stretch.endMinute
        return """
                - type: cron
                  metadata:
                    timezone: Etc/UTC
                    start: "\(Exports.cron(minuteOfWeek: stretch.startMinute))"
                    end: "\(Exports.cron(minuteOfWeek: end))"
                    desiredReplicas: "\(stretch.nodes)"

            """
    }

    /// A trigger on the measured work: as many nodes as hold it when what is to be survived has happened.
    private func loadTrigger(_ tier: TierExport) -> String? {
        guard let address = settings.prometheusURL, let held = tier.heldServersPerNode else { return nil }
        let query = "sum(highwater:busy_servers{tier=\(ExportText.quoted(tier.plan.tier))})"
        return """
                - type: prometheus
                  metadata:
                    serverAddress: \(ExportText.quoted(address))
                    query: \(ExportText.quoted(query))
                    threshold: "\(NumberText.csv(held))"

            """
    }

    /// A `CapacityBuffer` (autoscaling.x-k8s.io, for Karpenter, Cluster Autoscaler and GKE): nodes that run without pods, so
    /// that the next step up, or load beyond the plan, does not wait for a node to start.
    ///
    /// As many as the schedule's largest rise from one stretch to the next, and one at least.
    func capacityBuffer(_ tier: TierExport) -> String {
        """
        # Spare nodes for \(oneLine(tier.plan.tier)): the largest rise of the schedule, one at least. In Karpenter, \
        CapacityBuffers
        # are alpha: switch on its feature gate. One replica of the buffer has the requests of one pod of the \
        Deployment.
        apiVersion: autoscaling.x-k8s.io/v1alpha1
        kind: CapacityBuffer
        metadata:
          name: \(tier.label)
          annotations:
            highwater/valid-from: "\(start.description)"
            highwater/valid-until: "\(end.description)"
        spec:
          provisioningStrategy: "buffer.x-k8s.io/active-capacity"
          scalableRef:
            apiGroup: apps
            kind: Deployment
            name: \(tier.label)
          replicas: \(max(1, tier.schedule.largestRise))

        """
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

    /// Minute, hour and day of the week, as cron has them; its Sunday is 0.
    static func cron(minuteOfWeek minute: Int) -> String {
        "\(minute % 60) \(minute / 60 % 24) * * \((minute / 1440 + 1) % 7)"
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
