import Planning
import Tables
import Units

extension RunReport {
    /// The CSVs of an allocation, by file name.
    public static func planTables(_ plan: Plan) -> [(name: String, table: DataTable)] {
        [
            ("plan.csv", planTable(plan)),
            ("placement.csv", placementTable(plan)),
            ("capacity.csv", capacityTable(plan)),
            ("work.csv", workTable(plan)),
            ("cost.csv", costTable(plan)),
            ("compliance.csv", complianceTable(plan)),
            ("maintenance.csv", maintenanceTable(plan)),
            ("risk.csv", riskTable(plan)),
            ("excuses.csv", excuseTable(plan)),
        ]
    }

    private static func planTable(_ plan: Plan) -> DataTable {
        var table = DataTable(columns: [
            "tier", "zone", "ds", "nodes", "serving_nodes", "shape", "utilisation_q50", "utilisation_q99",
            "p_slo_broken", "p_slo_broken_all_up", "binding_resource", "binding_constraint", "cost_usd",
        ])
        for row in plan.allocation {
            table.append([
                .text(row.tier), .text(row.zone), .time(row.start), .count(row.nodes),
                .count(row.servingNodes), .text(row.shape), .number(row.utilisationQ50),
                .number(row.utilisationQ99), .number(row.probabilityBroken),
                .number(row.probabilityBrokenAllUp), .text(row.bindingResource),
                .text(row.bindingConstraint), .money(row.cost),
            ])
        }
        return table
    }

    private static func placementTable(_ plan: Plan) -> DataTable {
        var table = DataTable(columns: [
            "tier", "shard", "zone", "standby_zones", "symbol", "load", "messages_per_second",
            "share_of_shard", "share_of_capacity",
        ])
        for row in plan.placement {
            table.append([
                .text(row.tier), .text(row.shard), .text(row.zone),
                .text(row.standbyZones.joined(separator: " ")), .text(row.symbol.description),
                .number(row.load), .number(row.messagesPerSecond), .number(row.shareOfShard),
                .number(row.shareOfCapacity),
            ])
        }
        return table
    }

    private static func capacityTable(_ plan: Plan) -> DataTable {
        var table = DataTable(columns: [
            "tier", "shard", "ds", "work_q50", "work_q99", "held_after_loss", "held_all_up",
        ])
        for row in plan.capacity {
            table.append([
                .text(row.tier), .optional(row.shard), .time(row.start), .number(row.workQ50),
                .number(row.workQ99), .number(row.heldAfterLoss), .number(row.heldAllUp),
            ])
        }
        return table
    }

    private static func workTable(_ plan: Plan) -> DataTable {
        var table = DataTable(columns: ["tier", "shard", "unique_id", "work_us_per_trade"])
        for row in plan.work {
            table.append([
                .text(row.tier), .optional(row.shard), .text(row.symbol.description),
                .number(row.secondsPerTrade * 1e6),
            ])
        }
        return table
    }

    private static func costTable(_ plan: Plan) -> DataTable {
        var table = DataTable(columns: ["tier", "shape", "purchase", "node_hours", "cost_usd"])
        for row in plan.cost {
            table.append([
                .text(row.tier), .text(row.shape), .text(row.purchase.rawValue), .number(row.nodeHours),
                .money(row.cost),
            ])
        }
        return table
    }

    private static func complianceTable(_ plan: Plan) -> DataTable {
        var table = DataTable(columns: [
            "rule", "jurisdiction", "requirement", "planned", "required", "unit", "met", "source", "note",
        ])
        for row in plan.compliance {
            table.append([
                .text(row.rule), .text(row.jurisdiction), .text(row.requirement), .optional(row.planned),
                .optional(row.required), .text(row.unit), .text(row.isMet.rawValue), .text(row.source),
                .text(row.note),
            ])
        }
        return table
    }

    private static func maintenanceTable(_ plan: Plan) -> DataTable {
        var table = DataTable(columns: [
            "rank", "start", "end", "load_share", "p_broken_node_out", "p_broken_zone_out",
            "worst_load_over_held_q99", "tightest_tier",
        ])
        for row in plan.maintenance {
            table.append([
                .count(row.rank), .time(row.start), .time(row.end), .number(row.loadShare),
                .number(row.probabilityBrokenNodeOut), .number(row.probabilityBrokenZoneOut),
                .number(row.worstLoadOverHeldQ99), .text(row.tightestTier),
            ])
        }
        return table
    }

    private static func riskTable(_ plan: Plan) -> DataTable {
        var table = DataTable(columns: [
            "tier", "worst_ds", "p_worst_step", "p_any_step", "p_any_step_lo", "p_any_step_hi",
            "p_any_step_tail", "p_any_step_all_up", "binding_resource",
        ])
        for row in plan.risk {
            table.append([
                .text(row.tier), .optional(row.worstStart), .number(row.worstProbability),
                .number(row.probabilityAnyStep.value), .number(row.probabilityAnyStep.lo),
                .number(row.probabilityAnyStep.hi), .optional(row.tailProbabilityAnyStep),
                .number(row.probabilityAnyStepAllUp.value), .text(row.bindingResource),
            ])
        }
        return table
    }

    private static func excuseTable(_ plan: Plan) -> DataTable {
        var table = DataTable(columns: ["tier", "option", "reason", "cost_usd"])
        for row in plan.excuses {
            table.append([
                .text(row.tier), .text(row.option), .text(row.reason),
                row.cost.map { .money($0) } ?? .missing,
            ])
        }
        return table
    }
}
