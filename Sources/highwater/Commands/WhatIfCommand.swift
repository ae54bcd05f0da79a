import CommandLineKit
import Pipeline
import Planning
import Reporting
import Tables
import Tape
import Units
import WhatIf

/// What `whatif` is told.
struct WhatIfCommandOptions: OptionGroup {
    @Option(
        each: .text, short: "e", placeholder: "event",
        help: "A disturbance, such as 'surge:x=5,ramp=4m,hold=20m'.")
    var event: [String]
    @Option(
        .instant, placeholder: "time", help: "Hour of the forecast to start in.", defaultText: "the peak hour"
    )
    var at: Timestamp?
    @Flag(help: "Use the planned nodes instead of today's.") var planned: Bool
    @Option(.text, placeholder: "file", help: "Plan file.", completion: .file(extensions: ["json"]))
    var plan: String?
    @Option(
        .text, placeholder: "folder", help: "Read a tape instead of the plan's sources.",
        completion: .directory)
    var tape: String?
    @Option(
        .instant, placeholder: "time", help: "Forecast as of this time.", defaultText: "the end of the data")
    var asOf: Timestamp?
    @Option(.dataRoot) var dataRoot: String?
    @Option(
        .integer(in: 2...10_000), placeholder: "n", help: "Number of simulated burst histories.",
        defaultText: "32; 8 with --sweep or --tornado")
    var replications: Int?
    @Option(
        each: .text, placeholder: "key",
        help:
            "Simulate at each value of a key, such as 'surge.x=1:40:1' or 'nodes.gateway=2:8:1'; at most two."
    )
    var sweep: [String]
    @Option(
        each: .text, placeholder: "key",
        help: "Find how far a key may go, such as 'flood.x' or 'flood.x=1:500'.")
    var find: [String]
    @Flag(help: "Simulate each numeric key of the events at half and at twice its value.") var tornado: Bool
    @Flag(help: "Compare two scenarios on the same histories.") var compare: Bool
    @Flag(.dryRun) var dryRun: Bool
    @Option(.choice, placeholder: "format", help: "Format of the answer on standard output.")
    var format = AnswerFormat.text
    @Option(
        .text, short: "o", placeholder: "folder",
        help:
            "Output folder for tables and the page, created if missing; without it, or with -, only the answer is printed.",
        completion: .directory)
    var output: String?
    @Argument("scenario", help: "Scenario files.", atLeast: 0, completion: .file(extensions: ["json"]))
    var scenarios: [String]

    /// The folder for tables and the page; nil where only the answer is printed.
    var folder: String? { output == "-" ? nil : output }
}

/// How `whatif` answers on standard output.
enum AnswerFormat: String, CaseIterable {
    /// In lines for a reader.
    case text
    /// As `verdict.csv`.
    case csv
    /// The same as JSON.
    case json
}

extension Command {
    /// Disturbances at the command line.
    static let whatif = Command(
        name: "whatif",
        abstract: "Simulate disturbances: what breaks first, when, and which change would hold.",
        discussion: "Uses the demo exchange if neither a plan file nor a tape is given. Events: "
            + EventKind.all.map(\.form).joined(separator: "; ")
            + ". Several --event options form one scenario and act together.",
        examples: [
            "highwater whatif --event 'surge:x=5,ramp=4m,hold=20m' --plan plan.json",
            "highwater whatif --find surge.x --plan plan.json",
        ],
        options: WhatIfCommandOptions.self,
        run: { given, context in
            let scenarios = try scenarios(given, context)
            try checkAnswers(scenarios, given, context)
            let exchange = try DisturbedExchange(given, context)
            var options = exchange.plan.whatIfOptions(threads: context.threads)
            options.replications = given.replications ?? given.usualReplications
            let input = try exchange.input(given, context)
            context.progress.begin("what-if", total: nil)
            if given.asksForAnswers {
                try told(scenarios, exchange, input, options, given, context)
                return .success
            }
            let results = try scenarios.map { scenario in
                try usage { () throws(WhatIfError) in try simulate(scenario, on: input, options: options) }
            }
            if let output = given.folder {
                let title = "\(exchange.plan.name): what-if"
                let tables = VerdictTable.tables(results).map { ($0.name, $0.table.bytes) }
                let pages = [
                    ("report.html", VerdictTable.page(results, title: title)),
                    ("report.ipynb", VerdictTable.notebook(results, title: title)),
                ]
                try context.write(tables + pages, to: output, isDryRun: given.dryRun)
            }
            context.progress.finish()
            try StandardOutput().write(answer(results, given.format))
            return .success
        })

    private static func answer(_ results: [WhatIfResult], _ format: AnswerFormat) -> [UInt8] {
        guard let format = DataTable.Format(rawValue: format.rawValue) else {
            let lines = TerminalWidth.wrapped(VerdictTable.lines(results).map(printable))
            return Array((lines.joined(separator: "\n") + "\n").utf8)
        }
        var table = RunTables.verdict.table(results.map(\.verdict), format: format)
        table.finish()
        return table.bytes
    }

    /// A scenario of a file; of a plan's, the error says how to give that.
    private static func scenario(_ path: String, _ context: Context) throws -> Scenario {
        do {
            return try ScenarioFile.read(path: path)
        } catch {
            guard (try? PlanFile(path: path)) != nil else { throw error }
            throw context.refusal(
                "'\(printable(path))' is a plan file, not a scenario; give it with --plan, beside a scenario file or an "
                    + "--event")
        }
    }

    /// What scenarios name and there is not is a fault of the command line.
    static func usage<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as WhatIfError where error.isScenario {
            throw ToolError(error.description, exit: .usage)
        }
    }

    private static func scenarios(
        _ given: WhatIfCommandOptions, _ context: Context
    ) throws -> [Scenario] {
        var scenarios = try given.scenarios.map { try scenario($0, context) }
        let events = given.event
        if !events.isEmpty {
            scenarios.append(
                Scenario(
                    name: events.joined(separator: " + "),
                    events: try events.map { try Disturbance(text: $0) }))
        }
        // A sweep or a search may bring its own event.
        if scenarios.isEmpty, let key = (given.sweep + given.find).first {
            scenarios.append(Scenario(name: key, events: []))
        }
        guard !scenarios.isEmpty else {
            throw context.refusal("Give a scenario file or an --event")
        }
        return scenarios
    }
}

/// The exchange that a scenario is tried on: of a plan, of a tape, or the demo's.
struct DisturbedExchange {
    let plan: PlanFile
    private let built: DemandBuilder.Result

    init(_ given: WhatIfCommandOptions, _ context: Context) throws {
        if let tape = given.tape {
            var plan = try PlanSource.plan(at: given.plan, context)
            if let asOf = given.asOf { plan.asOf = asOf }
            self.plan = plan
            built = try TapeDemand.build(try Tape.open(tape), plan, context)
            return
        }
        let demo = given.plan == nil ? try DemoLogs(context) : nil
        var plan = try demo?.plan ?? PlanSource.plan(at: given.plan, context)
        if let asOf = given.asOf { plan.asOf = asOf }
        context.progress.begin("ingest and forecast", total: nil)
        let root = demo?.folder ?? PlanSource.dataRoot(given.dataRoot, plan)
        let settled = plan
        built = try withExtendedLifetime(demo) {
            try WeeklyRun(plan: settled, dataRoot: root, threads: context.threads).demand()
        }
        self.plan = plan
    }

    func input(_ given: WhatIfCommandOptions, _ context: Context) throws -> WhatIfInput {
        var step: Int?
        if let time = given.at {
            let demand = built.demand
            let index = Int((time.seconds - demand.start.seconds) / demand.stepSeconds)
            guard time >= demand.start, index < demand.stepCount else {
                throw ToolError(
                    "--at \(time.description) is outside the forecast, which runs from "
                        + "\(demand.start.description) to "
                        + demand.time(ofStep: demand.stepCount).description, exit: .usage)
            }
            step = index
        }
        if given.planned {
            context.progress.begin("plan", total: nil)
            let result = try WeeklyRun(plan: plan, dataRoot: ".", threads: context.threads).allocation(built)
            return WhatIfInput.planned(result, demand: built.demand, plan: plan, step: step)
        }
        return WhatIfInput.today(demand: built.demand, plan: plan, step: step)
    }
}
