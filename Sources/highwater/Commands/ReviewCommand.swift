import CommandLineKit
import Files
import Forecasting
import Pipeline
import Reporting
import Tables
import Tape
import Units

/// What `review` is told.
struct ReviewOptions: OptionGroup {
    @Option(
        .text, placeholder: "folder", help: "Folder of the finished run.",
        required: "the folder of a finished run", completion: .directory)
    var run: String
    @Option(
        .text, placeholder: "folder", help: "Tape that covers the run's horizon.",
        required: "the folder of the tape", completion: .directory)
    var tape: String
    @Option(
        .text, placeholder: "folder",
        help: "Folder of the logs that the run read; adds the cost of a plan with perfect foresight.",
        completion: .directory)
    var dataRoot: String?
    @Option(
        .instant, placeholder: "time", help: "Review an incident that began then, instead of the whole run.",
        defaultText: "the run's start")
    var from: Timestamp?
    @Option(.instant, placeholder: "time", help: "The incident's end.", defaultText: "the run's end")
    var to: Timestamp?
    @Option(
        each: ValueReader(expected: ReviewCondition.forms) { ReviewCondition($0) }, placeholder: "condition",
        help: """
            Exit with 3 if the condition holds: broken (the plan would not have held), unplanned (series were not in \
            the plan), p-came>5% (chance of a break), missed-q99>5% (steps of a symbol above the forecast's 99 %), \
            or uncovered>10% (steps that the tape does not cover).
            """)
    var failOn: [ReviewCondition]
    @Option(
        .choice, placeholder: "format", help: "Output format of the table.",
        defaultText: "csv; with --from or --to a page of Markdown")
    var format: DataTable.Format?
    @Flag(.dryRun) var dryRun: Bool
    @Option(
        .text, short: "o", placeholder: "folder",
        help: "Folder for the result, created if missing; - only prints it.",
        defaultText: "the run's folder; with --from or --to none", completion: .directory)
    var output: String?

    /// Whether a window is reviewed.
    var hasWindow: Bool { from != nil || to != nil }
}

extension Command {
    /// The last plan against what happened.
    static let review = Command(
        name: "review", abstract: "Compare a finished run with what then happened.",
        discussion: """
            Prints scorecard.csv: the chance that the plan breaks at the loads that came, as in a backtest of \
            plans, how accurate each forecast was, whether each queue would have met its objective, and how \
            much more capacity it would have needed. Also writes it into the run's folder, \
            or into --output. The tape is the record of what happened; steps that it does not cover are not \
            scored. With --from or --to, prints a page on an incident instead: what may have caused it, what the model \
            says, and what would have held; --output also gets incident.csv.
            """,
        examples: [
            "highwater review --run week-05 --tape tape --fail-on broken",
            "highwater review --run week-05 --tape tape --from 2026-01-27T13:00:00Z --to 2026-01-27T15:00:00Z",
        ],
        options: ReviewOptions.self,
        run: { given, context in
            let tape = try Tape.open(given.tape)
            do {
                return try given.hasWindow ? window(given, tape, context) : whole(given, tape, context)
            } catch let error as ReviewError {
                throw ToolError(error.description, file: given.run, exit: .badInput)
            }
        })

    /// The whole run.
    private static func whole(
        _ given: ReviewOptions, _ tape: Tape, _ context: Context
    ) throws -> ExitStatus {
        context.progress.begin("review", total: nil)
        let review = try Review(
            run: given.run, tape: tape, dataRoot: given.dataRoot, threads: context.threads)
        context.progress.finish()
        let file = (given.output ?? given.run) + "/scorecard.csv"
        if given.output == "-" {
            // The table is printed in any case.
        } else if given.dryRun {
            context.note("would write \(file)")
        } else if let folder = given.output {
            try context.write([("scorecard.csv", review.table().bytes)], to: folder, isDryRun: false)
        } else {
            try ResultFile.write(review.table().bytes, to: file)
        }
        var table = review.table(format: given.format ?? .csv)
        table.finish()
        try StandardOutput().write(table.bytes)
        for line in review.verdict { context.note(line) }
        let failures = given.failOn.compactMap { $0.failure(review) }
        for failure in failures { context.note(failure) }
        return failures.isEmpty ? .success : .conditionHolds
    }

    /// An incident.
    private static func window(
        _ given: ReviewOptions, _ tape: Tape, _ context: Context
    ) throws -> ExitStatus {
        if given.dataRoot != nil || !given.failOn.isEmpty {
            throw context.refusal(
                "\(given.dataRoot == nil ? "--fail-on" : "--data-root") is for the review of a whole run, without --from "
                    + "and --to")
        }
        let review = try WindowReview(run: given.run, tape: tape, from: given.from, to: given.to)
        if let folder = given.output, folder != "-" {
            try context.write(
                [("incident.csv", review.table().bytes), ("incident.md", Array(review.page.utf8))],
                to: folder,
                isDryRun: given.dryRun)
        }
        guard let format = given.format else {
            let lines = review.page.split(separator: "\n", omittingEmptySubsequences: false)
            try StandardOutput().write(lines.map { printable(String($0)) }.joined(separator: "\n"))
            return .success
        }
        var table = review.table(format: format)
        table.finish()
        try StandardOutput().write(table.bytes)
        return .success
    }
}

/// What a caller wants to hear of by the exit code of a review.
enum ReviewCondition: Sendable {
    /// The plan would not have held, or not have kept its error budget.
    case broken
    /// Series were traded that were not planned for.
    case unplanned
    /// The chance of a break at the loads that came is above a share.
    case cameAbove(Double)
    /// The share of a symbol's steps above its forecast's 99 % is above a share.
    case missedAbove(Double)
    /// The share of steps that the tape does not cover is above a share.
    case uncoveredAbove(Double)

    static let forms =
        "broken, unplanned, p-came>SHARE%, missed-q99>SHARE% or uncovered>SHARE%, such as p-came>5%"

    init?(_ text: String) {
        switch text {
        case "broken": self = .broken
        case "unplanned": self = .unplanned
        default:
            let parts = text.split(separator: ">", omittingEmptySubsequences: false)
            guard parts.count == 2, parts[1].hasSuffix("%"),
                let percent = Double(decimal: parts[1].dropLast()),
                (0...100).contains(percent)
            else { return nil }
            switch parts[0] {
            case "p-came": self = .cameAbove(percent / 100)
            case "missed-q99": self = .missedAbove(percent / 100)
            case "uncovered": self = .uncoveredAbove(percent / 100)
            default: return nil
            }
        }
    }

    /// The rule that failed, its value beside its limit; nil where it did not.
    func failure(_ review: Review) -> String? {
        func above(_ limit: Double, _ value: Double, _ name: String) -> String? {
            guard value > limit else { return nil }
            return
                "\(name) failed: it is \(NumberText.percent(value)), the limit is \(NumberText.percent(limit))"
        }
        switch self {
        case .broken:
            let isBroken = review.week.budget?.isKept.map { !$0 } ?? review.week.broke
            return isBroken ? "broken failed: \(review.verdict.first ?? "")" : nil
        case .unplanned:
            return review.unplanned.first.map {
                "unplanned failed: \(review.unplanned.count) series were not in the plan, such as \($0.id.description)"
            }
        case .cameAbove(let limit): return above(limit, review.week.came, "p-came")
        case .missedAbove(let limit):
            let worst = review.forecasts.filter { $0.steps > 0 }.max { $0.missedQ99 < $1.missedQ99 }
            return worst.flatMap { above(limit, $0.missedQ99, "missed-q99 of \($0.id.description)") }
        case .uncoveredAbove(let limit):
            let shares = review.forecasts.map {
                Double($0.stepsWithoutData) / Double(max(1, $0.steps + $0.stepsWithoutData))
            }
            return above(limit, shares.max() ?? 1, "uncovered")
        }
    }
}
