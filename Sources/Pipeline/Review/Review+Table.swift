import Reporting

extension Review {
    /// `scorecard.csv`: a row for each forecast (`forecast`), queue (`queue`) and series that was not planned for
    /// (`unplanned`); what a kind has no figure for is empty.
    ///
    /// Of forecasts `worst_*` is the busiest step, in trades a step; of queues the step that came nearest to what is held,
    /// in busy servers.
    public func table(format: DataTable.Format = .csv) -> DataTable {
        var table = DataTable(
            columns: [
                "kind", "name", "tier", "steps", "steps_without_data", "survived", "steps_over",
                "steps_over_all_up",
                "factor_needed", "nodes", "nodes_needed", "mase", "smape", "bias", "pinball_50", "pinball_90",
                "pinball_99", "coverage_95", "missed_q90", "missed_q99", "missed_q999", "worst_ds",
                "worst_actual",
                "worst_q99", "worst_held",
            ], format: format)
        for queue in queues {
            table.append([
                .text("queue"), .text(queue.shard ?? queue.tier), .text(queue.tier), .count(queue.steps),
                .count(queue.stepsWithoutData), queue.steps > 0 ? .flag(queue.survived) : .missing,
                .count(queue.stepsOver), .count(queue.stepsOverAllUp), .number(queue.factorNeeded),
                .count(queue.nodes), queue.nodesNeeded.map { .count($0) } ?? .missing, .missing, .missing,
                .missing, .missing, .missing, .missing, .missing, .missing, .number(queue.missedQ99),
                .missing,
                .optional(queue.worstAt), .number(queue.worstWork), .missing, .number(queue.worstHeld),
            ])
        }
        for score in forecasts {
            table.append([
                .text("forecast"), .text(score.id.description), .missing, .count(score.steps),
                .count(score.stepsWithoutData), .missing, .missing, .missing, .missing, .missing, .missing,
                .number(score.mase), .number(score.smape), .number(score.bias), .number(score.pinball50),
                .number(score.pinball90), .number(score.pinball99), .number(score.coverage95),
                .number(score.missedQ90), .number(score.missedQ99), .number(score.missedQ999),
                .optional(score.peakAt), .number(score.peak), .number(score.peakQ99), .missing,
            ])
        }
        for series in unplanned {
            table.append(
                [.text("unplanned"), .text(series.id.description)]
                    + [DataTable.Cell](repeating: .missing, count: 20) + [
                        .number(series.trades), .missing, .missing,
                    ])
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
                    + broken.map { $0.shard ?? $0.tier }.joined(separator: ", ") + ".")
        for queue in broken {
            let needed =
                queue.nodesNeeded.map { "\($0) nodes in place of \(queue.nodes)" }
                ?? "\(NumberText.figure(queue.factorNeeded, digits: 3)) times the speed, or fewer symbols on it"
            lines.append(
                "\(queue.shard ?? queue.tier): over in \(queue.stepsOver) of \(queue.steps) steps "
                    + "(\(queue.stepsOverAllUp) with nothing lost), worst at \(queue.worstAt?.description ?? ""); "
                    + "would have held: \(needed)")
        }
        if let near = judged.filter(\.survived).max(by: { $0.factorNeeded < $1.factorNeeded }) {
            lines.append(
                "\(near.shard ?? near.tier) came nearest of those that held: "
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
