import Exchange
import Planning

extension PlanFile {
    private static let classes = DemandClass.allCases.map(\.rawValue)

    /// The table of all keys.
    public static let spec = ObjectSpec(
        "What Highwater reads, forecasts, models and has to hold.",
        [
            FieldSpec("$schema", .text, "Where the JSON Schema of this file is, for editors; not read."),
            FieldSpec("name", .text, "A name for the reports; default 'exchange'."),
            FieldSpec(
                "seed", .integer(0...Int(Int32.max)), "Everything random follows from it; default 1."),
            FieldSpec(
                "sources", .list(.object(sourceSpec), atLeast: 1), required: true, "The logs to read."),
            FieldSpec("as_of", .time, "What 'now' is; default the end of the demand's data."),
            FieldSpec("forecast", .object(forecastSpec), "What is forecast."),
            FieldSpec(
                "mix", .object(mixSpec),
                "Messages with each trade; default from the traffic logs, else the standard mix."),
            FieldSpec(
                "topology", .object(topologySpec), "The exchange's tiers; default the standard exchange."),
            FieldSpec(
                "catalogue", .either(.object(CatalogueFile.spec), .text),
                "What can be bought, or the file that says so; default the catalogue that is built in."),
            FieldSpec("plan", .object(planSpec), "What has to be held."),
            FieldSpec(
                "scenarios", .list(.either(.object(ScenarioFile.spec), .text), atLeast: 0),
                "Disturbances that the plan is tried with, or files that hold one."),
        ])

    private static let sourceSpec = ObjectSpec(
        "Some of the logs.",
        [
            FieldSpec(
                "paths", .list(.text, atLeast: 1), required: true,
                "Files, folders and patterns with * and ?, below the data root."),
            FieldSpec(
                "use", .choice(Use.allCases.map(\.rawValue)), required: true,
                "demand: trades by symbol, whose level is forecast; burstiness: raw trades that tell how "
                    + "arrivals bunch; traffic: requests, which tell the mix of messages."),
            FieldSpec("format", .text, "The format of the files; default found by content."),
            FieldSpec("venue", .text, "The venue of the files; default by file name."),
            FieldSpec("symbol", .text, "The symbol of the files; default by file name."),
            FieldSpec(
                "map", .either(.object(ColumnMapFile.spec), .text),
                "Where tables, or JSON lines, of no known format hold what, or the file that says so."),
            FieldSpec(
                "routes", .either(.list(.text, atLeast: 1), .text),
                "Rules for the classes of requests, each a method, a pattern and a class, or the file that "
                    + "holds them; the classes orders and cancels count as such, all others but static as "
                    + "queries."),
            FieldSpec(
                "sample_share", .number(1e-6...1), "The share of requests that the log holds; default 1."),
        ])

    private static let forecastSpec = ObjectSpec(
        "What is forecast.",
        [
            FieldSpec("step", .duration(60...86_400), "The length of a step; default 1h."),
            FieldSpec("horizon", .duration(60...31_622_400), "How far ahead; default 7d."),
            FieldSpec(
                "seasons", .list(.duration(120...31_622_400), atLeast: 0),
                "Seasons, the shortest first; default 1d and 7d."),
            FieldSpec("history", .duration(3600...3.2e9), "How much history is used; default all."),
            FieldSpec("paths", .integer(20...5000), "Sample paths that are drawn; default 500."),
            FieldSpec("symbols", .text, "A pattern for the symbols to plan for; default *."),
        ])

    private static let mixSpec = ObjectSpec(
        "Messages with each trade.",
        [
            FieldSpec("orders_per_trade", .number(0...1e6), required: true, "New and replaced orders."),
            FieldSpec("cancels_per_trade", .number(0...1e6), required: true, "Cancels."),
            FieldSpec("queries_per_trade", .number(0...1e6), required: true, "Requests that change nothing."),
        ])

    private static let serviceSpec = ObjectSpec(
        "The time that one message takes on one server.",
        [
            FieldSpec("mean", .duration(1e-9...3600), required: true, "The mean."),
            FieldSpec("cv", .number(0...20), "The standard deviation over the mean; default 1."),
        ])

    private static let queueSpec = ObjectSpec(
        "Bounds, balancers, classes, batches, pauses, timeouts and retries.",
        [
            FieldSpec(
                "limit_per_server", .integer(1...10_000_000),
                "Messages that wait or are served, for each server, at most; more are refused."),
            FieldSpec(
                "balancer", .choice(QueueRules.Balancer.allCases.map(\.rawValue)),
                "How messages are sent to servers with queues of their own; default one queue for all."),
            FieldSpec("cancels_first", .flag, "Whether cancels are served first; default false."),
            FieldSpec("batch", .integer(1...100_000), "Messages served at once, at most; default 1."),
            FieldSpec(
                "pause",
                .object(
                    ObjectSpec(
                        "Pauses of all servers, as calibrate --model service fits them.",
                        [
                            FieldSpec(
                                "every", .duration(1e-6...86_400), required: true,
                                "The mean time between them."),
                            FieldSpec(
                                "length", .duration(1e-9...3600), required: true, "Their mean length."),
                        ])), "Pauses; default none."),
            FieldSpec(
                "retry",
                .object(
                    ObjectSpec(
                        "What clients do that were refused or have waited too long.",
                        [
                            FieldSpec("attempts", .integer(1...20), required: true, "Further attempts."),
                            FieldSpec(
                                "backoff", .duration(1e-6...3600), required: true,
                                "The mean time to the first one; it doubles with each."),
                        ])), "Retries; default none."),
            FieldSpec(
                "timeout", .duration(1e-6...3600),
                "When a client gives an attempt up; the work is done nevertheless. Default never."),
        ])

    private static let tierSpec = ObjectSpec(
        "One kind of machine.",
        [
            FieldSpec("name", .text, required: true, "A short name, unique in the topology."),
            FieldSpec(
                "kind", .choice(TierKind.all.map(\.name)), required: true,
                TierKind.all.map { "\($0.name): \($0.summary)" }.joined(separator: "; ") + "."),
            FieldSpec(
                "service", .map(keys: classes, .object(serviceSpec)), required: true,
                "Service times by class of message; an absent class costs nothing here."),
            FieldSpec(
                "objective",
                .object(
                    ObjectSpec(
                        "What is promised in every five minutes.",
                        [
                            FieldSpec("quantile", .number(0.5...0.9999), "The share in time; default 0.99."),
                            FieldSpec("latency", .duration(1e-9...3600), required: true, "The time."),
                        ])), required: true, "What is promised."),
            FieldSpec("nodes", .integer(1...100_000), required: true, "Nodes (or shards) that run today."),
            FieldSpec("shape", .text, required: true, "The shape of today's nodes, from the catalogue."),
            FieldSpec(
                "allowed_shapes", .list(.text, atLeast: 1),
                "Shapes that the plan may choose; default today's."),
            FieldSpec(
                "servers_per_core", .number(0.01...1024), "Messages that a core serves at once; default 1."),
            FieldSpec(
                "imbalance", .number(0...10), "The busiest node's share over the mean, less 1; default 0."),
            FieldSpec(
                "scalability",
                .object(
                    ObjectSpec(
                        "The Universal Scalability Law, as calibrate --model usl fits it.",
                        [
                            FieldSpec("alpha", .number(0...1), required: true, "Contention."),
                            FieldSpec("beta", .number(0...1), required: true, "Coherency."),
                            FieldSpec(
                                "gamma", .number(1e-9...1e15), required: true,
                                "Messages a second at a load of one."),
                        ])), "How throughput grows with nodes or concurrency; default in proportion."),
            FieldSpec(
                "queue", .object(queueSpec),
                "What surrounds its queues; default: messages wait without bound, first come, first served."),
        ])

    private static let topologySpec = ObjectSpec(
        "The exchange as a graph of tiers.",
        [
            FieldSpec("tiers", .list(.object(tierSpec), atLeast: 1), required: true, "The tiers."),
            FieldSpec(
                "sources", .map(keys: classes, .text), required: true, "The tier where each class enters."),
            FieldSpec(
                "edges",
                .list(
                    .object(
                        ObjectSpec(
                            "Who feeds whom.",
                            [
                                FieldSpec("from", .text, required: true, "The tier that sends."),
                                FieldSpec("to", .text, required: true, "The tier that receives."),
                                FieldSpec(
                                    "carries", .map(keys: classes, .number(0...1e6)), required: true,
                                    "Messages sent on for each message handled, by class."),
                            ])), atLeast: 0), required: true, "The arrows."),
        ])

    private static let planSpec = ObjectSpec(
        "What has to be held, and how it may be bought.",
        [
            FieldSpec("zones", .list(.text, atLeast: 1), "Zones by name; default a, b, c."),
            FieldSpec("spare_nodes", .integer(0...1000), "The k of N+k; default 1."),
            FieldSpec(
                "survives_zone_loss", .flag, "Whether the largest zone may be lost; default true."),
            FieldSpec(
                "probability_broken", .number(1e-6...0.5),
                "The probability, over the horizon, of breaking any objective; default 0.01."),
            FieldSpec("headroom_factor", .number(1...100), "A factor on the load; default 1."),
            FieldSpec(
                "capacity_figure", .choice(PlanOptions.CapacityFigure.allCases.map(\.rawValue)),
                "Which end of a capacity's interval is planned with; default lower."),
            FieldSpec("minimum_up", .duration(0...2_592_000), "How long a node stays on; default 2h."),
            FieldSpec("extra_lead", .duration(0...86_400), "Time added to warm-up; default 0s."),
            FieldSpec("maintenance_window", .duration(60...604_800), "Its length; default 2h."),
            FieldSpec(
                "history_peaks",
                .list(
                    .object(
                        ObjectSpec(
                            "A peak known from the past.",
                            [
                                FieldSpec(
                                    "messages_per_second", .number(0...1e12), required: true,
                                    "All messages that entered, a second."),
                                FieldSpec(
                                    "over", .duration(1e-3...86_400), "What it is a mean over; default 1s."),
                                FieldSpec("years", .number(0...100), "Years that it covers; default 5."),
                            ])), atLeast: 0), "Peaks from the past, for rules that ask for a multiple."),
        ])
}
