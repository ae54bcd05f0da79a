import Exchange
import Planning
import Units

/// Files that other tools apply: the schedule for autoscalers, the alerts, the maintenance windows.
///
/// Pools follow the hour; shards, links and stores keep their number over the span, so only pools get a schedule.
public struct Exports: Sendable {
    /// One tier with what the exports need of it.
    struct TierExport: Sendable {
        var plan: TierPlan
        /// The tier's name as Kubernetes takes it.
        var label: String
        var schedule: ScalingSchedule
        /// Seconds from the order of a node to its first request.
        var warmUpSeconds: Double

        /// The work that each node stands for, in seconds a second: what the nodes hold over how many run, where that is
        /// least; nil where nothing is held.
        var heldServersPerNode: Double? {
            zip(plan.heldServers, plan.nodes).filter { $1 > 0 }.map { $0 / Double($1) }.min().flatMap {
                $0 > 0 ? $0 : nil
            }
        }
    }

    let plan: Plan
    let name: String
    let start: Timestamp
    /// The end of the plan's last step.
    let end: Timestamp
    let stepSeconds: Int64
    let settings: ExportSettings
    let tiers: [TierExport]

    /// The exports of a plan.
    ///
    /// - Parameters:
    ///   - plan: The plan.
    ///   - catalogue: The shapes, for their warm-up times.
    ///   - name: The exchange's name.
    ///   - start: The start of the plan's first step.
    ///   - stepSeconds: The length of a step.
    ///   - settings: What is known of the systems that apply them.
    public init(
        plan: Plan, catalogue: Catalogue, name: String, start: Timestamp, stepSeconds: Int64,
        settings: ExportSettings = ExportSettings()
    ) {
        self.plan = plan
        self.name = name
        self.start = start
        self.stepSeconds = stepSeconds
        self.settings = settings
        let steps = plan.tiers.map(\.nodes.count).max() ?? 0
        end = start.advanced(bySeconds: Int64(steps) * stepSeconds)
        let labels = ExportText.labels(plan.tiers.map(\.tier))
        tiers = zip(plan.tiers, labels).map { tier, label in
            TierExport(
                plan: tier, label: label,
                schedule: ScalingSchedule(nodes: tier.nodes, start: start, stepSeconds: stepSeconds),
                warmUpSeconds: catalogue.shape(named: tier.shape)?.warmUpSeconds ?? 0)
        }
    }

    /// What every file says first, where its format has comments; nil where the plan holds.
    var warning: String? {
        plan.isFeasible
            ? nil
            : "WARNING: this plan does not hold every objective. It was exported by --force-exports; see summary.md."
    }

    /// The warning as lines of comment of YAML.
    private var warningLines: String { warning.map { "# \($0)\n" } ?? "" }

    /// Every file below `exports/`, by path.
    public func files() -> [(path: String, bytes: [UInt8])] {
        var files: [(path: String, bytes: [UInt8])] = []
        for tier in tiers where tier.plan.kind.isAutoscaled {
            files.append(("keda/\(tier.label).yaml", yaml(kedaScaledObject(tier))))
            files.append(("capacity-buffer/\(tier.label).yaml", yaml(capacityBuffer(tier))))
            for stretch in tier.schedule.stretches {
                let path = "hpa/\(tier.label)/\(ExportText.fileStamp(stretch.start)).yaml"
                files.append((path, yaml(hpaPatch(tier, stretch))))
            }
        }
        files.append(("aws-scheduled-actions.json", ExportText.json(awsScheduledActions())))
        files.append(("highwater.tfvars.json", ExportText.json(terraformVariables())))
        files.append(("prometheus-rules.yaml", yaml(prometheusRules())))
        files.append(("grafana-dashboard.json", ExportText.json(grafanaDashboard())))
        if !plan.placement.isEmpty {
            files.append(("placement.json", ExportText.json(symbolPlacement())))
        }
        files.append(("maintenance.ics", Array(maintenanceCalendar().utf8)))
        return files
    }

    private func yaml(_ text: String) -> [UInt8] { Array((warningLines + text).utf8) }
}
