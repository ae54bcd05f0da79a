import Planning
import Reporting
import Tables
import Units

extension Review {
    /// What is scored in a row of `scorecard.csv`.
    public enum Score: Sendable {
        case forecast(ForecastScore)
        case queue(QueueScore)
        /// The plan as a whole.
        case plan(PlannedWeek)
        /// A series that was not planned for, with its trades in the run's span.
        case unplanned(SeriesID, trades: Double)

        fileprivate var forecast: ForecastScore? {
            if case .forecast(let score) = self { score } else { nil }
        }
        fileprivate var plan: PlannedWeek? { if case .plan(let week) = self { week } else { nil } }
        fileprivate var queue: QueueScore? { if case .queue(let score) = self { score } else { nil } }
    }

    /// `scorecard.csv`; what a kind has no figure for is empty.
    public static let scorecard = TableSchema<Score>(
        "scorecard.csv", of: "review",
        "The plan, a queue, a forecast, or a series that was not planned for.",
        [
            .text("kind", in: .word, "plan, queue, forecast or unplanned.") { row in
                switch row {
                case .plan: "plan"
                case .forecast: "forecast"
                case .queue: "queue"
                case .unplanned: "unplanned"
                }
            },
            .text("name", in: .name, "Name of the series or queue; 'all' for the plan.") { row in
                switch row {
                case .plan: "all"
                case .forecast(let score): score.id.description
                case .queue(let score): score.name
                case .unplanned(let id, _): id.description
                }
            },
            .text("tier", in: .name, "Tier of the queue.") { $0.queue?.tier },
            .integer("steps", in: "steps", "Steps that the tape covers.") {
                $0.forecast?.steps ?? $0.queue?.steps
            },
            .integer("steps_without_data", in: "steps", "Steps that the tape does not cover.") {
                $0.forecast?.stepsWithoutData ?? $0.queue?.stepsWithoutData
            },
            .flag(
                "survived",
                "Whether the objective held more likely than not (p_came below a half), even with the failures to "
                    + "survive."
            ) {
                $0.plan.map { !$0.broke } ?? $0.queue.flatMap { $0.steps > 0 ? $0.survived : nil }
            },
            .integer(
                "steps_over", in: "steps", "Steps whose work exceeds the capacity left after those failures."
            ) {
                $0.queue?.stepsOver
            },
            .integer(
                "steps_over_all_up", in: "steps", "Steps whose work exceeds the capacity with all nodes up."
            ) {
                $0.queue?.stepsOverAllUp
            },
            .number(
                "factor_needed", in: .factor,
                "Capacity that would just have been enough, over the planned capacity."
            ) {
                $0.queue?.factorNeeded
            },
            .integer("nodes", in: "nodes", "Nodes that ran in the worst step.") { $0.queue?.nodes },
            .integer(
                "nodes_needed", in: "nodes",
                "Nodes that would have been enough, no fewer than ran; empty where more nodes hold no more, as for a "
                    + "shard or a store."
            ) {
                $0.queue?.nodesNeeded
            },
            .text("shape", in: .name, "Shape of those nodes.") { $0.queue?.shape },
            .text(
                "shape_needed", in: .name,
                "Where one node serves, the cheapest shape that would have been enough; empty if none would have."
            ) { $0.queue?.shapeNeeded },
            .number("mase", in: .factor, "Mean absolute error relative to repeating the day before.") {
                $0.forecast?.mase
            },
            .number("smape", in: "%", "Symmetric mean absolute percentage error, 0 to 200.") {
                $0.forecast?.smape
            },
            .number("bias", in: .share, "Forecast over actual, less 1.") { $0.forecast?.bias },
            .number("pinball_50", in: "trades per step", "Mean pinball loss of the median.") {
                $0.forecast?.pinball50
            },
            .number("pinball_90", in: "trades per step", "Mean pinball loss of the 90 % quantile.") {
                $0.forecast?.pinball90
            },
            .number("pinball_99", in: "trades per step", "Mean pinball loss of the 99 % quantile.") {
                $0.forecast?.pinball99
            },
            .number("coverage_95", in: .share, "Share of steps inside the central 95 % interval.") {
                $0.forecast?.coverage95
            },
            .number("missed_q90", in: .share, "Share of steps above the 90 % quantile.") {
                $0.forecast?.missedQ90
            },
            .number("missed_q99", in: .share, "Share of steps above the 99 % quantile.") {
                $0.forecast?.missedQ99 ?? $0.queue?.missedQ99
            },
            .number("missed_q999", in: .share, "Share of steps above the 99.9 % quantile.") {
                $0.forecast?.missedQ999
            },
            .time("worst_ds", "The step with most demand, or for a queue the step closest to its capacity.") {
                $0.forecast?.peakAt ?? $0.queue?.worstAt
            },
            .number(
                "worst_actual", in: "trades per step, or s of work per second",
                "Actual value in that step; for an unplanned series, its total."
            ) { row in
                switch row {
                case .forecast(let score): score.peak
                case .queue(let score): score.worstWork
                case .plan: nil
                case .unplanned(_, let trades): trades
                }
            },
            .number("worst_q99", in: "trades per step", "99 % forecast quantile for that step.") {
                $0.forecast?.peakQ99
            },
            .number("worst_held", in: "s of work per second", "Capacity of the queue in that step.") {
                $0.queue?.worstHeld
            },
            .number("p_said", in: .probability, "Chance of a break that the plan predicted.") {
                $0.plan?.told
            },
            .number(
                "p_came", in: .probability, "Chance of a break, given bursts, at the loads that came."
            ) {
                $0.plan?.came ?? $0.queue?.probabilityBroken
            },
            .number("hours_broken", in: "h", "Expected number of broken hours at those loads.") {
                $0.plan?.hoursBroken ?? $0.queue?.hoursBroken
            },
            .money("cost_usd", "Cost of the plan.") { $0.plan?.cost },
            .money(
                "hindsight_cost_usd",
                "Cost of a plan with perfect foresight of the loads; only with --data-root."
            ) {
                $0.plan?.hindsightCost
            },
            .number(
                "budget_allowed", in: "min or share",
                "What the error budget allows in the span; empty without one, and where misses have a price."
            ) { $0.plan?.budget?.allowed },
            .number("minutes_said", in: "min", "Minutes over the objective that the plan expected.") {
                $0.plan?.budget?.said.minutes
            },
            .number("minutes_came", in: "min", "Minutes over the objective, at the loads that came.") {
                $0.plan?.budget?.came.minutes
            },
            .number("late_share_said", in: .share, "Share of late requests that the plan expected.") {
                $0.plan?.budget?.said.shareLate
            },
            .number("late_share_came", in: .share, "Share of late requests, at the loads that came.") {
                $0.plan?.budget?.came.shareLate
            },
            .number("misses_said_usd", in: "USD", "Price of those minutes that the plan expected.") {
                $0.plan?.budget?.said.dollars
            },
            .number("misses_came_usd", in: "USD", "Price of those minutes, at the loads that came.") {
                $0.plan?.budget?.came.dollars
            },
        ])

    /// `scorecard.csv`: the plan, its queues, forecasts, and what was not planned for.
    public func table(format: DataTable.Format = .csv) -> DataTable {
        Review.scorecard.table(
            [Score.plan(week)] + queues.map(Score.queue) + forecasts.map(Score.forecast)
                + unplanned.map { Score.unplanned($0.id, trades: $0.trades) }, format: format)
    }

    /// The verdict in a few lines.
    public var verdict: [String] {
        let judged = queues.filter { $0.steps > 0 }
        var lines = [headline(judged), chances]
        if let budget = week.budget { lines.append(Review.sentence(of: budget)) }
        for queue in judged.filter({ !$0.survived }) {
            lines.append(
                "\(queue.name): over capacity in \(queue.stepsOver) of \(queue.steps) steps "
                    + "(\(queue.stepsOverAllUp) with all nodes up), worst at "
                    + "\(queue.worstAt?.description ?? ""); would have held: \(queue.need)")
        }
        if let near = judged.filter(\.survived).max(by: { $0.factorNeeded < $1.factorNeeded }) {
            lines.append(
                "\(near.name) came closest to its limit among those that held: "
                    + "\(NumberText.figure(100 * near.factorNeeded, digits: 3)) % of its capacity, at "
                    + "\(near.worstAt?.description ?? "")")
        }
        let gaps = queues.map(\.stepsWithoutData).max() ?? 0
        if gaps > 0 { lines.append("\(gaps) steps of the plan are missing from the tape and are not scored") }
        for series in unplanned.prefix(5) {
            lines.append(
                "\(series.id.description) was not in the plan: \(NumberText.short(series.trades)) trades "
                    + "occurred"
            )
        }
        return lines
    }

    /// What was said and what came of an error budget, in a sentence.
    private static func sentence(of budget: PlannedWeek.Budget) -> String {
        func amounts(_ misses: PlanMisses) -> String {
            "\(NumberText.figure(misses.minutes, digits: 3)) minutes over the objective and "
                + "\(NumberText.percent(misses.shareLate)) of requests late"
                + (misses.dollars > 0 ? ", \(NumberText.figure(misses.dollars, digits: 3)) USD" : "")
        }
        return
            "error budget: \(amounts(budget.said)) predicted; \(amounts(budget.came)) at the loads that came"
            + (budget.allowed.map { "; allowed: \(NumberText.figure($0, digits: 3))" } ?? "")
    }

    private func headline(_ judged: [QueueScore]) -> String {
        if let isKept = week.budget?.isKept {
            return isKept
                ? "SURVIVED  The plan would have kept its error budget, even with the failures to survive."
                : "BROKEN  The plan would not have kept its error budget with the failures to survive."
        }
        guard week.broke else {
            return "SURVIVED  The plan would have met every objective in the "
                + "\(judged.map(\.steps).max() ?? 0) steps that the tape covers, even with the failures "
                + "to survive."
        }
        // Where no queue breaks by itself, the likeliest.
        let broken = judged.filter { !$0.survived }
        let likeliest = judged.max { $0.probabilityBroken < $1.probabilityBroken }
        let names = (broken.isEmpty ? [likeliest].compactMap { $0 } : broken).map(\.name)
        return "BROKEN  The plan would not have held: " + names.joined(separator: ", ") + "."
    }

    /// What was said and what came, in a sentence.
    private var chances: String {
        "chance of a break: \(NumberText.percent(week.told)) predicted, \(NumberText.percent(week.came)) at the "
            + "loads that came (\(NumberText.figure(week.hoursBroken, digits: 3)) hours); cost "
            + "\(week.cost.description) USD"
            + (week.hindsightCost.map { ", \($0.description) with perfect foresight" } ?? "")
    }
}

extension Review.QueueScore {
    /// The queue's name for a reader.
    var name: String { shard ?? tier }

    /// What would have held its worst step.
    var need: String {
        let speed = "\(NumberText.figure(factorNeeded, digits: 3)) times the speed"
        if factorNeeded <= 1 {
            return
                "a little more: the load itself took \(NumberText.percent(factorNeeded)) of what is held, and its "
                + "bursts broke it"
        }
        if let nodesNeeded { return "\(nodesNeeded) nodes instead of \(nodes)" }
        if let shapeNeeded {
            return
                "nodes of shape \(shapeNeeded) instead of \(shape ?? "the present one"); more nodes only stand by"
        }
        guard factorNeeded.isFinite else { return remedy }
        return remedy.isEmpty ? speed : "\(speed), or: \(remedy)"
    }
}
