import Reporting
import Tables

extension Review {
    /// `scorecard.csv`: a row for each forecast (`forecast`), queue (`queue`) and series that was not planned for
    /// (`unplanned`); what a kind has no figure for is empty.
    ///
    /// Of forecasts `worst_*` is the busiest step, in trades a step; of queues the step that came nearest to what is held,
    /// in busy servers.
    public func table(format: DataTable.Format = .csv) -> DataTable {
        let columns = [
            "kind", "name", "tier", "steps", "steps_without_data", "survived", "steps_over",
            "steps_over_all_up", "factor_needed", "nodes", "nodes_needed", "mase", "smape", "bias",
            "pinball_50", "pinball_90", "pinball_99", "coverage_95", "missed_q90", "missed_q99",
            "missed_q999", "worst_ds", "worst_actual", "worst_q99", "worst_held",
        ]
        var table = DataTable(columns: columns, format: format)
        let unplannedCells = unplanned.map { series -> [String: DataTable.Cell] in
            [
                "kind": .text("unplanned"), "name": .text(series.id.description),
                "worst_actual": .number(series.trades),
            ]
        }
        for cells in queues.map(\.cells) + forecasts.map(\.cells) + unplannedCells {
            table.append(columns.map { cells[$0] ?? .missing })
        }
        return table
    }

    /// The verdict in a few lines.
    public var verdict: [String] {
        var lines: [String] = []
        let judged = queues.filter { $0.steps > 0 }
        let broken = judged.filter { !$0.survived }
        lines.append(
            broken.isEmpty
                ? "SURVIVED  The plan would have held every objective in the \(judged.map(\.steps).max() ?? 0) steps "
                    + "that the tape covers, the loss that is to be survived included."
                : "BROKEN  The plan would not have held: "
                    + broken.map(\.name).joined(separator: ", ") + ".")
        for queue in broken {
            let needed =
                queue.nodesNeeded.map { "\($0) nodes in place of \(queue.nodes)" }
                ?? "\(NumberText.figure(queue.factorNeeded, digits: 3)) times the speed, or fewer symbols on it"
            lines.append(
                "\(queue.name): over in \(queue.stepsOver) of \(queue.steps) steps "
                    + "(\(queue.stepsOverAllUp) with nothing lost), worst at \(queue.worstAt?.description ?? ""); "
                    + "would have held: \(needed)")
        }
        if let near = judged.filter(\.survived).max(by: { $0.factorNeeded < $1.factorNeeded }) {
            lines.append(
                "\(near.name) came nearest of those that held: "
                    + "\(NumberText.figure(100 * near.factorNeeded, digits: 3)) % of what it holds, at "
                    + "\(near.worstAt?.description ?? "")")
        }
        let gaps = queues.map(\.stepsWithoutData).max() ?? 0
        if gaps > 0 { lines.append("\(gaps) steps of the plan are not on the tape and are not judged") }
        for series in unplanned.prefix(5) {
            lines.append(
                "\(series.id.description) was not planned for: \(NumberText.short(series.trades)) trades came"
            )
        }
        return lines
    }
}

extension Review.QueueScore {
    /// The queue's name for a reader.
    var name: String { RunReport.queueName(tier: tier, shard: shard) }

    /// Its row, by column.
    fileprivate var cells: [String: DataTable.Cell] {
        [
            "kind": .text("queue"), "name": .text(name), "tier": .text(tier), "steps": .count(steps),
            "steps_without_data": .count(stepsWithoutData),
            "survived": steps > 0 ? .flag(survived) : .missing, "steps_over": .count(stepsOver),
            "steps_over_all_up": .count(stepsOverAllUp), "factor_needed": .number(factorNeeded),
            "nodes": .count(nodes), "nodes_needed": nodesNeeded.map { .count($0) } ?? .missing,
            "missed_q99": .number(missedQ99), "worst_ds": .optional(worstAt),
            "worst_actual": .number(worstWork), "worst_held": .number(worstHeld),
        ]
    }
}

extension Review.ForecastScore {
    /// Its row, by column.
    fileprivate var cells: [String: DataTable.Cell] {
        [
            "kind": .text("forecast"), "name": .text(id.description), "steps": .count(steps),
            "steps_without_data": .count(stepsWithoutData), "mase": .number(mase), "smape": .number(smape),
            "bias": .number(bias), "pinball_50": .number(pinball50), "pinball_90": .number(pinball90),
            "pinball_99": .number(pinball99), "coverage_95": .number(coverage95),
            "missed_q90": .number(missedQ90), "missed_q99": .number(missedQ99),
            "missed_q999": .number(missedQ999), "worst_ds": .optional(peakAt), "worst_actual": .number(peak),
            "worst_q99": .number(peakQ99),
        ]
    }
}
