import CommandLineKit
import Pipeline
import Planning
import Replay
import Reporting
import Tables
import Tape
import Units

/// Demand from a tape, for the commands that start in the middle of the pipeline.
struct TapeDemand: OptionGroup {
    @Option(.tape) var tape: String
    @Option(
        .text, placeholder: "file", help: "Plan file.", defaultText: "the standard exchange",
        completion: .file(extensions: ["json"]))
    var plan: String?
    @Option(
        .instant, placeholder: "time", help: "Replay as of this time.", defaultText: "the end of the data")
    var asOf: Timestamp?
    @Option(
        .wholeSeconds, placeholder: "time", help: "Horizon, such as 7d.", defaultText: "7d, or as in the plan"
    )
    var horizon: Int64?
    @Option(
        .text, placeholder: "pattern", help: "Symbols to replay, as a pattern.",
        defaultText: "*, or as in the plan")
    var symbols: String?

    func build(_ context: Context) throws -> (plan: PlanFile, built: DemandBuilder.Result) {
        let tape = try Tape.open(tape)
        var plan = try PlanSource.plan(at: plan, context)
        if let asOf { plan.asOf = asOf }
        if let horizon { plan.forecast.horizon = max(1, Int(horizon / plan.forecast.stepSeconds)) }
        if let symbols { plan.forecast.symbols = symbols }
        return (plan, try TapeDemand.build(tape, plan, context))
    }

    static func build(_ tape: Tape, _ plan: PlanFile, _ context: Context) throws -> DemandBuilder.Result {
        context.progress.begin("forecast", total: nil)
        let built = try DemandBuilder(plan: plan, threads: context.threads).build(
            tape: tape, raw: nil, traffic: [(tape, 1)])
        for note in built.notes { context.note(note) }
        return built
    }
}

/// What `replay` is told.
struct ReplayCommandOptions: OptionGroup {
    let demand = TapeDemand()
    let shards = ShardChoice()
    @Flag(.dryRun) var dryRun: Bool
    @Option(.folder(required: "the folder for the result, such as -o replay")) var output: String
}

extension Command {
    /// Demand against today's exchange.
    static let replay = Command(
        name: "replay", abstract: "Find where today's exchange saturates under the forecast load.",
        discussion: """
            Without a plan file, replays the standard exchange: gateways, risk checks, matching shards, the \
            market-data link and the ledger's database.
            """,
        examples: [
            "highwater replay --tape tape --plan plan.json -o replay"
        ],
        options: ReplayCommandOptions.self,
        run: { given, context in
            let share = try given.shards.share(context).map {
                ReplayShare(index: $0.index, count: $0.count)
            }
            let (plan, built) = try given.demand.build(context)
            context.progress.begin("replay", total: nil)
            var options = ReplayOptions(seed: plan.seed, threads: context.threads)
            options.share = share
            let result = try Replay.replay(
                demand: built.demand, topology: plan.topology, catalogue: plan.catalogue,
                placement: todaysPlacements(demand: built.demand, topology: plan.topology),
                options: options)
            let files =
                share.map {
                    ReplayShard(
                        share: $0, plan: plan, asOf: built.asOf,
                        manifest: given.demand.tape + "/manifest.json"
                    ).files(result)
                }
                ?? [
                    RunTables.saturation.file(result.saturation),
                    RunTables.latencyCurve.file(result.latencyCurve),
                ].map { ($0.name, $0.table.bytes) }
            try context.write(files, to: given.output, isDryRun: given.dryRun)
            context.progress.finish()
            try show(result, context)
            return .success
        })

    /// One line a queue, on standard output.
    private static func show(_ result: ReplayResult, _ context: Context) throws {
        var table = TextTable(columns: [
            .init("queue", alignment: .left), .init("stable up to", alignment: .right),
            .init("objective met up to", alignment: .right), .init("at messages/s", alignment: .right),
            .init("limiting resource", alignment: .left),
        ])
        for point in result.saturation where point.kind == .slo {
            let stable = result.saturation.first {
                $0.kind == .stability && $0.scope == point.scope && $0.shard == point.shard
            }
            table.append([
                printable(point.queueName), stable.map { NumberText.estimate($0.loadMultiplier) } ?? "–",
                NumberText.estimate(point.loadMultiplier),
                point.ratePerSecond.map { NumberText.short($0.value) } ?? "–",
                printable(point.bindingResource.description),
            ])
        }
        let output = StandardOutput()
        try output.write(table.description)
        try output.write("\nMultiples of the forecast peak hour, with 95 % intervals.\n")
    }
}
