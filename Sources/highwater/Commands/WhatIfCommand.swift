import CommandLineKit
import Pipeline
import Planning
import Reporting
import Tape
import Units
import WhatIf

extension Command {
    /// Disturbances at the command line.
    static let whatif = Command(
        spec: CommandSpec(
            name: "whatif",
            abstract: "Try disturbances on an exchange: what breaks first, when, and what would hold.",
            discussion: "Without a plan file or a tape, on the demo exchange. Events: "
                + EventKind.forms.joined(separator: "; ")
                + ". Several --event make one scenario; they compose.",
            arguments: [
                Argument(
                    "scenario", help: "Scenario files.", count: .many(atLeast: 0),
                    completion: .file(extensions: ["json"]))
            ],
            options: [
                .value(
                    "event", short: "e", placeholder: "event",
                    help: "A disturbance, as 'surge:x=5,ramp=4m,hold=20m'.",
                    isRepeated: true),
                .value(
                    "at", placeholder: "time", help: "The hour of the forecast.", defaultText: "the busiest"),
                .flag("planned", help: "On the nodes that the plan would run, not on today's."),
                .value(
                    "plan", placeholder: "file", help: "The plan file.",
                    completion: .file(extensions: ["json"])),
                .value(
                    "tape", placeholder: "folder", help: "A tape instead of the plan's sources.",
                    completion: .directory),
                .value(
                    "data-root", placeholder: "folder",
                    help: "Where relative paths of the plan's sources are looked for.",
                    defaultText: "the plan's folder", completion: .directory),
                .value("replications", placeholder: "n", help: "Histories of bursts.", defaultText: "32"),
                Output.dryRun, Output.folder,
            ]),
        run: { context in
            let output = try context.required("output", "the folder for the result, as -o whatif")
            let scenarios = try scenarios(context)
            let exchange = try DisturbedExchange(context)
            var options = WhatIfOptions(seed: exchange.plan.seed, threads: context.threads)
            options.replications = try context.arguments.int("replications", in: 2...10_000) ?? 32
            let input = try exchange.input(context)
            context.progress.begin("what-if", total: nil)
            let results = try scenarios.map { try simulate($0, on: input, options: options) }
            let title = "\(exchange.plan.name): what-if"
            let tables = VerdictTable.tables(results).map { ($0.name, $0.table.bytes) }
            let pages = [
                ("report.html", VerdictTable.page(results, title: title)),
                ("report.ipynb", VerdictTable.notebook(results, title: title)),
            ]
            try Output.write(tables + pages, to: output, context)
            context.progress.finish()
            let text = results.flatMap { VerdictTable.lines($0.verdict) }.map(printable)
            try StandardOutput().write(text.joined(separator: "\n") + "\n")
            return .success
        })

    private static func scenarios(_ context: Context) throws -> [Scenario] {
        var scenarios = try context.arguments.arguments.map { try ScenarioFile.read(path: $0) }
        let events = context.arguments.strings("event")
        if !events.isEmpty {
            scenarios.append(
                Scenario(
                    name: events.joined(separator: " + "),
                    events: try events.map { try Disturbance(text: $0) }))
        }
        guard !scenarios.isEmpty else {
            throw UsageError("Give a scenario file or an --event", path: context.arguments.command)
        }
        return scenarios
    }
}

/// The exchange that a scenario is tried on: of a plan, of a tape, or the demo's.
struct DisturbedExchange {
    let plan: PlanFile
    private let built: DemandBuilder.Result

    init(_ context: Context) throws {
        if context.arguments.string("tape") != nil {
            (plan, built) = try TapeDemand.build(context)
            return
        }
        let demo = context.arguments.string("plan") == nil ? try DemoLogs(context) : nil
        let plan = try demo?.plan ?? PlanSource.optional(context)
        context.progress.begin("ingest and forecast", total: nil)
        let root = demo?.folder ?? PlanSource.dataRoot(context, plan)
        built = try withExtendedLifetime(demo) {
            try WeeklyRun(plan: plan, dataRoot: root, threads: context.threads).demand()
        }
        self.plan = plan
    }

    func input(_ context: Context) throws -> WhatIfInput {
        var step: Int?
        if let time = try context.time("at") {
            let demand = built.demand
            let index = Int((time.seconds - demand.start.seconds) / demand.stepSeconds)
            guard time >= demand.start, index < demand.stepCount else {
                throw ToolError(
                    "--at \(time.description) is outside of the forecast, \(demand.start.description) to "
                        + demand.time(ofStep: demand.stepCount).description, exit: .usage)
            }
            step = index
        }
        if context.arguments.flag("planned") {
            context.progress.begin("plan", total: nil)
            let result = try WeeklyRun(plan: plan, dataRoot: ".", threads: context.threads).allocation(built)
            return WhatIfInput.planned(result, demand: built.demand, plan: plan, step: step)
        }
        return WhatIfInput.today(demand: built.demand, plan: plan, step: step)
    }
}
