import Planning
import Units

extension Exports {
    /// The most actions that one call of AWS's interface takes, and the most that one group may hold.
    static let awsActionsPerCall = 50
    static let awsActionsPerGroup = 125

    /// Inputs of `aws autoscaling batch-put-scheduled-update-group-action --cli-input-json`, one for each call: a group
    /// for each pool, named after it.
    ///
    /// A group holds at most 125 actions; a schedule with more changes is made coarser, never lower. The format has no
    /// comments, so the actions' names say where a plan does not hold.
    func awsScheduledActions() -> [[String: Any]] {
        let prefix = plan.isFeasible ? "highwater" : "highwater-NOT-HELD"
        return tiers.filter { $0.plan.kind.isAutoscaled }.flatMap { tier -> [[String: Any]] in
            let stretches = tier.schedule.coarsened(to: Exports.awsActionsPerGroup).stretches
            let actions = stretches.map { stretch -> [String: Any] in
                [
                    "ScheduledActionName": "\(prefix)-\(tier.label)-\(ExportText.fileStamp(stretch.start))",
                    "StartTime": stretch.start.description, "MinSize": stretch.nodes,
                    "DesiredCapacity": stretch.nodes, "MaxSize": tier.schedule.ceiling,
                ]
            }
            return stride(from: 0, to: actions.count, by: Exports.awsActionsPerCall).map { first in
                [
                    "AutoScalingGroupName": tier.label,
                    "ScheduledUpdateGroupActions": Array(
                        actions[first..<min(first + Exports.awsActionsPerCall, actions.count)]),
                ]
            }
        }
    }

    /// Variables for Terraform: shapes, numbers and zones by tier, and the symbols of each shard.
    func terraformVariables() -> [String: Any] {
        var capacity: [String: Any] = [:]
        // Quotas and people are not built from code.
        for tier in tiers where !tier.plan.kind.isOutside {
            let first = plan.allocation.filter { $0.tier == tier.plan.tier && $0.start == start }
            var zones: [String: Int] = [:]
            for row in first { zones[row.zone] = row.nodes }
            var peaks: [String: Int] = [:]
            for row in plan.allocation where row.tier == tier.plan.tier {
                peaks[row.zone] = max(peaks[row.zone, default: 0], row.nodes)
            }
            capacity[tier.plan.tier] = [
                "kind": tier.plan.kind.name, "instance_type": tier.plan.shape,
                "reserved": tier.plan.reservedNodes, "min_size": tier.schedule.least,
                "max_size": tier.plan.kind.isAutoscaled ? tier.schedule.ceiling : tier.schedule.most,
                "planned_max": tier.schedule.most, "nodes_by_zone": zones, "nodes_by_zone_max": peaks,
                "schedule": tier.schedule.stretches.map {
                    ["start": $0.start.description, "nodes": $0.nodes] as [String: Any]
                },
            ]
        }
        var shards: [String: [String]] = [:]
        for row in plan.placement { shards[row.shard, default: []].append(row.symbol.description) }
        return [
            "highwater_capacity": capacity, "highwater_placement": shards,
            "highwater_from": start.description, "highwater_until": end.description,
            "highwater_holds": plan.isFeasible,
        ]
    }
}
