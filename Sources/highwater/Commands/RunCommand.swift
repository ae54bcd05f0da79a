import CommandLineKit
import Files
import Forecasting
import Foundation
import Generation
import Pipeline
import Planning
import Reporting
import Tables
import Units

/// What `run` is told.
struct RunOptions: OptionGroup {
    @Flag(help: "Plan the demo exchange.") var demo: Bool
    @Flag(.dryRun) var dryRun: Bool
    @Option(.folder(required: "the folder for the result, such as -o plan")) var output: String
    @Option(.dataRoot) var dataRoot: String?
    @Option(.instant, placeholder: "time", help: "Plan as of this time.", defaultText: "the end of the data")
    var asOf: Timestamp?
    @Option(.text, placeholder: "folder", help: "Keep the tapes in FOLDER.", completion: .directory)
    var tape: String?
    @Option(
        .integer(in: 0...1000), placeholder: "n",
        help: "Plan the last N weeks again, to compare what was promised with what came; 0 for none.",
        defaultText: "the plan's past_weeks")
    var pastWeeks: Int?
    @Option(
        .text, placeholder: "folder",
        help: "Take past plans from FOLDER, written by 'backtest --plan' for the same plan.",
        completion: .directory)
    var backtest: String?
    @Option(
        each: ValueReader(expected: FailCondition.forms) { FailCondition($0) }, placeholder: "condition",
        help: "Exit with 3 if the condition holds: infeasible, or headroom<DAYS such as headroom<5d.")
    var failOn: [FailCondition]
    @Option(
        .text, placeholder: "file", help: "Add the run to this ledger, one line of JSON a run.",
        completion: .file(extensions: ["jsonl"]))
    var ledger: String?
    @Flag(help: "Write exports even of a plan that does not hold, each with a warning.") var forceExports:
        Bool
    @Argument("plan", help: "Plan file.", completion: .file(extensions: ["json"])) var plan: String?
}

extension Option where Value == String? {
    static var dataRoot: Option {
        Option(
            .text, placeholder: "folder", help: "Folder that the plan's relative source paths start from.",
            defaultText: "the plan's folder", completion: .directory)
    }
}

extension Command {
    /// The weekly planning run.
    static let run = Command(
        name: "run", abstract: "Plan the coming week's capacity from logs.",
        discussion: """
            The weekly run: reads the logs listed in the plan file, forecasts demand, replays it against \
            today's exchange and plans nodes. Plans the last weeks again with what was known then, to say how \
            often such plans would have held. Writes tables, a report and a summary into a folder. With \
            --demo, first generates the logs of a demo exchange. A plan that does not hold is not exported, \
            unless --force-exports is given.
            """,
        examples: [
            "highwater run --demo -o week",
            "highwater run plan.json --data-root logs -o week --fail-on infeasible",
        ],
        options: RunOptions.self,
        run: { given, context in
            let output = given.output
            if given.demo, let plan = given.plan {
                throw context.refusal(
                    "'--demo' plans the demo exchange and takes no plan file, but '\(printable(plan))' is given; leave out one "
                        + "of the two")
            }
            let demo = given.demo ? try DemoLogs(context) : nil
            var plan = try demo?.plan ?? PlanSource.planFile(given.plan, context)
            if let asOf = given.asOf { plan.asOf = asOf }
            if let seed = context.seed { plan.seed = seed }
            if given.pastWeeks != nil, given.backtest != nil {
                throw context.refusal("Give either --past-weeks or --backtest, not both")
            }
            if let weeks = given.pastWeeks { plan.options.pastWeeks = weeks }
            let progress = context.progress
            var run = WeeklyRun(
                plan: plan, dataRoot: demo?.folder ?? PlanSource.dataRoot(given.dataRoot, plan),
                tapePath: given.tape, threads: context.threads,
                progress: { progress.begin($0.rawValue, total: nil) })
            run.forcesExports = given.forceExports
            run.pastPlans = try given.backtest.map { try PlanBacktestReport(folder: $0, of: plan) }
            // The demo's logs are there until they have been read.
            let report = try withExtendedLifetime(demo) { try run.run() }
            if given.dryRun {
                context.note("would write the result to \(output)")
            } else {
                try run.write(report, to: output)
                if let ledger = given.ledger { try RunLedger.append(report, of: plan, to: ledger) }
            }
            progress.finish()
            try VerdictScreen.show(report.screen(), folder: output, style: context.style)
            let failures = given.failOn.compactMap { $0.failure(report) }
            for failure in failures { context.note(failure) }
            return failures.isEmpty ? .success : .conditionHolds
        })
}

/// The logs of the demo exchange, in a folder that goes when this does.
final class DemoLogs {
    let plan: PlanFile
    private let work: WorkFolder

    init(_ context: Context, seed: UInt64? = nil) throws {
        work = try WorkFolder()
        plan = try PlanFile(text: Array(DemoPlan.text.utf8), path: "demo")
        context.progress.begin("generate", total: nil)
        let settings = DemoExchange.settings(
            seed: seed ?? context.seed ?? plan.seed, threads: context.threads)
        _ = try Generation.generate(settings, into: folder)
    }

    var folder: String { work.path }
}

/// Where a command's plan is from.
enum PlanSource {
    /// The plan file of the first argument.
    static func planFile(_ path: String?, _ context: Context) throws -> PlanFile {
        guard let path else {
            throw context.refusal("Missing expected argument '<plan>' (or use --demo)")
        }
        return try PlanFile(path: path)
    }

    /// The plan file of `--plan`, or the defaults.
    static func plan(at path: String?, _ context: Context) throws -> PlanFile {
        var plan = try path.map { try PlanFile(path: $0) } ?? PlanFile()
        if let seed = context.seed { plan.seed = seed }
        return plan
    }

    static func dataRoot(_ given: String?, _ plan: PlanFile) -> String {
        given ?? plan.path.map { URL(filePath: $0).deletingLastPathComponent().relativePath } ?? "."
    }
}

/// A condition on which a run exits with 3.
enum FailCondition: Sendable {
    case infeasible
    /// The forecast reaches a latency saturation point in fewer days, or growth does as likely as not.
    case headroom(days: Double)

    /// As far ahead as headroom is known: a limit beyond it would hold although nobody has looked.
    private static let daysMax = PeakGrowth.weeksMax * 7
    /// What may be given.
    static let forms =
        "infeasible, or headroom<DAYS such as headroom<5d, up to headroom<\(daysMax)d: as far ahead "
        + "as growth is looked at"

    init?(_ text: String) {
        if text == "infeasible" {
            self = .infeasible
            return
        }
        guard text.hasPrefix("headroom<"), let time = Duration(text: text.dropFirst("headroom<".count)) else {
            return nil
        }
        let days = time.inSeconds / 86_400
        guard days >= 0, days <= Double(FailCondition.daysMax) else { return nil }
        self = .headroom(days: days)
    }

    /// The rule that failed, its value beside its limit; nil where it did not.
    func failure(_ report: RunReport) -> String? {
        switch self {
        case .infeasible:
            guard let first = report.plan.findings.first(where: { $0.severity == .infeasible }) else {
                return nil
            }
            return "infeasible failed: \(first.told)"
        case .headroom(let limit):
            let reached = report.replay.saturation.compactMap { point in
                point.reachedAt.map {
                    (point.queueName, Double($0.seconds - report.asOf.seconds) / 86_400)
                }
            }
            let grown = report.headroom.compactMap { row in row.days.map { (row.shard ?? row.tier, $0) } }
            guard let least = (reached + grown).min(by: { $0.1 < $1.1 }), least.1 < limit else { return nil }
            return "headroom failed: \(least.0) has \(NumberText.figure(least.1)) days, the limit is "
                + "\(NumberText.figure(limit)) days"
        }
    }
}
