import Reporting
import Tables
import Units

extension Review {
    /// What is scored in a row of `scorecard.csv`.
    public enum Score: Sendable {
        case forecast(ForecastScore)
        case queue(QueueScore)
        /// A series that was not planned for, with its trades in the run's span.
        case unplanned(SeriesID, trades: Double)

        fileprivate var forecast: ForecastScore? {
            if case .forecast(let score) = self { score } else { nil }
        }
        fileprivate var queue: QueueScore? { if case .queue(let score) = self { score } else { nil } }
    }

    /// `scorecard.csv`; what a kind has no figure for is empty.
    public static let scorecard = TableSchema<Score>(
        "scorecard.csv", of: "review", "A forecast, a queue, or a series that was not planned for.",
        [
            .text("kind", in: .word, "forecast, queue or unplanned.") { row in
                switch row {
                case .forecast: "forecast"
                case .queue: "queue"
                case .unplanned: "unplanned"
                }
            },
            .text("name", in: .name, "The series or the queue.") { row in
                switch row {
                case .forecast(let score): score.id.description
                case .queue(let score): score.name
                case .unplanned(let id, _): id.description
                }
            },
            .text("tier", in: .name, "The queue's tier.") { $0.queue?.tier },
            .integer("steps", in: "steps", "Steps that the tape covers.") {
                $0.forecast?.steps ?? $0.queue?.steps
            },
            .integer("steps_without_data", in: "steps", "Steps that it does not.") {
                $0.forecast?.stepsWithoutData ?? $0.queue?.stepsWithoutData
            },
            .flag(
                "survived",
                "Whether the objective was kept in every step, with the loss that is to be survived."
            ) {
                $0.queue.flatMap { $0.steps > 0 ? $0.survived : nil }
            },
            .integer("steps_over", in: "steps", "Steps with more work than is held after that loss.") {
                $0.queue?.stepsOver
            },
            .integer("steps_over_all_up", in: "steps", "The same with everything up.") {
                $0.queue?.stepsOverAllUp
            },
            .number("factor_needed", in: .factor, "The capacity that would just have held, over the plan's.")
            {
                $0.queue?.factorNeeded
            },
            .integer("nodes", in: "nodes", "Nodes that ran in the worst step.") { $0.queue?.nodes },
            .integer("nodes_needed", in: "nodes", "Nodes that would have held; empty for a shard.") {
                $0.queue?.nodesNeeded
            },
            .number("mase", in: .factor, "The mean absolute error over that of the day before.") {
                $0.forecast?.mase
            },
            .number("smape", in: "%", "The symmetric mean absolute percentage error, 0 to 200.") {
                $0.forecast?.smape
            },
            .number("bias", in: .share, "How much more was forecast than came.") { $0.forecast?.bias },
            .number("pinball_50", in: "trades per step", "The mean pinball loss of the median.") {
                $0.forecast?.pinball50
            },
            .number("pinball_90", in: "trades per step", "The same of the 90 % quantile.") {
                $0.forecast?.pinball90
            },
            .number("pinball_99", in: "trades per step", "The same of the 99 % quantile.") {
                $0.forecast?.pinball99
            },
            .number("coverage_95", in: .share, "Steps inside the central 95 %.") { $0.forecast?.coverage95 },
            .number("missed_q90", in: .share, "Steps above the 90 % quantile.") { $0.forecast?.missedQ90 },
            .number("missed_q99", in: .share, "Steps above the 99 % quantile.") {
                $0.forecast?.missedQ99 ?? $0.queue?.missedQ99
            },
            .number("missed_q999", in: .share, "Steps above the 99.9 % quantile.") {
                $0.forecast?.missedQ999
            },
            .time("worst_ds", "The busiest step, or of a queue the one nearest to what is held.") {
                $0.forecast?.peakAt ?? $0.queue?.worstAt
            },
            .number(
                "worst_actual", in: "trades per step, or s of work per second",
                "What came then; of a series that was not planned for, all that came."
            ) { row in
                switch row {
                case .forecast(let score): score.peak
                case .queue(let score): score.worstWork
                case .unplanned(_, let trades): trades
                }
            },
            .number("worst_q99", in: "trades per step", "The 99 % quantile that was forecast for it.") {
                $0.forecast?.peakQ99
            },
            .number("worst_held", in: "s of work per second", "What the queue held then.") {
                $0.queue?.worstHeld
            },
        ])

    /// `scorecard.csv`: queues, forecasts, and what was not planned for.
    public func table(format: DataTable.Format = .csv) -> DataTable {
        Review.scorecard.table(
            queues.map(Score.queue) + forecasts.map(Score.forecast)
                + unplanned.map { Score.unplanned($0.id, trades: $0.trades) }, format: format)
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
    var name: String { shard ?? tier }
}
