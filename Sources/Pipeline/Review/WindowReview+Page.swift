import Tables
import Units

extension WindowReview {
    /// What a row of `incident.csv` is of.
    public enum Row: Sendable {
        case candidate(Candidate)
        case queue(Review.QueueScore)
        case forecast(Review.ForecastScore)

        fileprivate var candidate: Candidate? {
            if case .candidate(let candidate) = self { candidate } else { nil }
        }
        fileprivate var queue: Review.QueueScore? { if case .queue(let score) = self { score } else { nil } }
        fileprivate var forecast: Review.ForecastScore? {
            if case .forecast(let score) = self { score } else { nil }
        }
    }

    /// `incident.csv`.
    public static let table = TableSchema<Row>(
        "incident.csv", of: "review --from --to",
        "A possible cause, a queue or a symbol in the window.",
        [
            .text("kind", in: .word, "cause, queue or forecast.") { row in
                switch row {
                case .candidate: "cause"
                case .queue: "queue"
                case .forecast: "forecast"
                }
            },
            .text("name", in: .name, "The cause, the queue or the series.") { row in
                switch row {
                case .candidate(let candidate): candidate.cause.rawValue
                case .queue(let score): score.name
                case .forecast(let score): score.id.description
                }
            },
            .text("fit", in: .word, "How well the data fit the cause: fits, possible, unlikely or unknown.") {
                $0.candidate?.fit.rawValue
            },
            .time("worst_ds", "The worst step.") {
                $0.candidate?.at ?? $0.queue?.worstAt ?? $0.forecast?.peakAt
            },
            .integer("steps", in: "steps", "Steps of the window that the tape covers.") {
                $0.queue?.steps ?? $0.forecast?.steps
            },
            .number(
                "actual", in: "trades per step, or s of work per second", "What came in the worst step."
            ) { $0.queue?.worstWork ?? $0.forecast?.peak },
            .number(
                "limit", in: "trades per step, or s of work per second",
                "Capacity of the queue in that step after the failures to survive, or the forecast's 99 %."
            ) { $0.queue?.worstHeld ?? $0.forecast?.peakQ99 },
            .integer("steps_over", in: "steps", "Steps whose work exceeds that capacity.") {
                $0.queue?.stepsOver
            },
            .integer(
                "steps_over_all_up", in: "steps", "Steps whose work exceeds the capacity with all nodes up."
            ) {
                $0.queue?.stepsOverAllUp
            },
            .number(
                "p_came", in: .probability,
                "Chance of a break in the window, given bursts, at the loads that came."
            ) {
                $0.queue?.probabilityBroken
            },
            .number(
                "factor_needed", in: .factor,
                "Capacity that would just have been enough, over the planned capacity."
            ) { $0.queue?.factorNeeded },
            .integer("nodes", in: "nodes", "Nodes that ran in the worst step.") { $0.queue?.nodes },
            .integer(
                "nodes_needed", in: "nodes",
                "Nodes that would have been enough; empty where more hold no more."
            ) {
                $0.queue?.nodesNeeded
            },
            .text(
                "shape_needed", in: .name,
                "Where one node serves, the cheapest shape that would have been enough."
            ) {
                $0.queue?.shapeNeeded
            },
            .text("evidence", in: .prose, "The figures that decided on a cause.") { $0.candidate?.evidence },
        ])

    /// `incident.csv`: causes, the best fit first, then queues and symbols.
    public func table(format: DataTable.Format = .csv) -> DataTable {
        WindowReview.table.table(
            candidates.map(Row.candidate) + queues.map(Row.queue) + forecasts.map(Row.forecast),
            format: format)
    }

    /// The verdict in a sentence.
    public var headline: String {
        let judged = queues.filter { $0.steps > 0 }
        guard !judged.isEmpty else { return "The tape does not cover the window: nothing can be said." }
        let broken = judged.filter { !$0.survived }.map(\.name)
        let chance = "a chance of \(NumberText.percent(probabilityBroken)) to break"
        return broken.isEmpty
            ? "The plan holds the loads of the window, with \(chance) during the failures to survive: look for another "
                + "cause than the load."
            : "The plan does not hold the loads of the window, with \(chance) during the failures to survive: "
                + broken.joined(separator: ", ") + "."
    }

    /// `incident.md`: a page for the review of the incident.
    public var page: String {
        var lines = [
            "# Incident, \(from) to \(to)", "", headline, "",
            "Steps of the plan in the window: \(steps), of which the tape covers \(stepsWithData).", "",
            "## What may have caused it", "", "| cause | data | worst at | figures |", "|---|---|---|---|",
        ]
        lines += candidates.map {
            "| \($0.cause.rawValue) | \($0.fit.rawValue) | \($0.at?.description ?? "") | \(cell($0.evidence)) |"
        }
        lines += [
            "", "## What the model says", "",
            "Work and what is held are busy cores, held after the failures to survive.", "",
            "| queue | worst at | work | held | of it | steps over | with all nodes up | chance of a break |",
            "|---|---|---|---|---|---|---|---|",
        ]
        lines += queues.map { queue in
            let figures = [
                cell(queue.name), queue.worstAt?.description ?? "no data", NumberText.figure(queue.worstWork),
                NumberText.figure(queue.worstHeld), NumberText.percent(queue.factorNeeded),
                "\(queue.stepsOver)", "\(queue.stepsOverAllUp)", NumberText.percent(queue.probabilityBroken),
            ]
            return "| " + figures.joined(separator: " | ") + " |"
        }
        lines += ["", "## What would have held", ""]
        let broken = queues.filter { $0.steps > 0 && !$0.survived }
        lines += broken.map { "- \($0.name): \($0.need)" }
        if broken.isEmpty { lines.append("What ran is enough for the loads of the window.") }
        let missed = forecasts.filter { $0.missedQ99 > 0 }
        if !missed.isEmpty {
            lines += ["", "## Demand over the forecast", ""]
            lines += missed.map {
                "- \($0.id.description): \(NumberText.short($0.peak)) trades in the step of "
                    + "\($0.peakAt?.description ?? ""), the forecast's 99 % is \(NumberText.short($0.peakQ99))"
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Text that does not end the cell of a table.
    private func cell(_ text: String) -> String {
        String(text.map { $0 == "|" ? "¦" : $0.isNewline ? " " : $0 })
    }
}
