import CommandLineKit
import Foundation
import Ingest
import Pipeline
import Replay
import Tables
import Tape
import Units

extension Command {
    /// A log's own arrivals through queues, beside the model's.
    static let bursts = Command(
        spec: CommandSpec(
            name: "bursts", abstract: "Compare the waits that a log's own arrivals give with the model's.",
            discussion: """
                Arrivals pass through queues with constant service time, first come, first served. At level 1, \
                trace_p99_us is the worst five-minute window of the log and model_p99_us the worst of as many \
                by the model. At another level, the trace's figure is the median over windows within 25 % of \
                that multiple of the median level (empty where there are none), and the model is built from \
                windows below the median level alone. Fills of one order count once unless --count rows is \
                given. A tape keeps counts by the millisecond: from it, every trade is an arrival.
                """,
            arguments: [
                Argument("path", help: "Files, folders, or - for standard input.", count: .many(atLeast: 0))
            ],
            options: [
                .value(
                    "tape", placeholder: "folder", help: "Read a tape instead of logs.",
                    completion: .directory),
                .value("service", placeholder: "times", help: "Service times, as 5us,20us,100us."),
                .value("servers", placeholder: "ns", help: "Numbers of servers, as 1,4.", defaultText: "1"),
                .value(
                    "level", placeholder: "multiples", help: "Levels as multiples, as 1,2,5.",
                    defaultText: "1"),
                .value(
                    "quantile", placeholder: "q",
                    help: "The quantile of the time in the queue and in service.",
                    defaultText: "0.99"),
                .value(
                    "count", placeholder: "unit", help: "What an arrival of a trade log is.",
                    defaultText: "orders", choices: ArrivalCount.allCases.map(\.rawValue)),
                .value(
                    "format-in", placeholder: "format", help: "The format of every file.",
                    defaultText: "detected from the content", choices: InputFormat.allNames),
                .value(
                    "map", placeholder: "file", help: "Column map for an unrecognised format.",
                    completion: .file(extensions: ["json"])),
                .value(
                    "zone", placeholder: "zone", help: "Time zone of timestamps that have none, as +05:30.",
                    defaultText: "UTC"),
                Output.format, Output.file,
            ]),
        run: { context in
            let queues = try queues(context)
            if let beyond = queues.levels.filter({ $0 > ArrivalProfile.knownLevelFactor }).max() {
                context.note(
                    "level \(beyond): beyond \(ArrivalProfile.knownLevelFactor) times the observed level the "
                        + "model has not been held against logs")
            }
            let (series, failures) = try series(context)
            var table = CommandTables.bursts.writer(format: Output.format(context))
            for (id, nanoseconds) in series {
                let trace = ArrivalTrace(nanoseconds: nanoseconds)
                let rows = BurstTable(trace, queues, seed: context.seed ?? 1, threads: context.threads).rows
                for row in rows {
                    table.append(
                        CommandTables.BurstRow(id: id, ratePerSecond: trace.ratePerSecond, row: row))
                }
            }
            try Output.write(table.table, context)
            guard let first = failures.first else { return .success }
            for failure in failures.dropFirst() { Highwater.complain(failure) }
            throw first
        })

    private typealias Series = (id: SeriesID, nanoseconds: [Int64])

    private static func queues(_ context: Context) throws -> BurstTable.Queues {
        let arguments = context.arguments
        _ = try context.required("service", "the service times, as 5us,20us,100us")
        let services = try arguments.value("service", expected: "lengths of time above 0, as 5us,20us") {
            let times = $0.split(separator: ",", omittingEmptySubsequences: false).map {
                Duration(text: $0)?.inSeconds ?? 0
            }
            return times.allSatisfy { $0 > 0 } ? times : nil
        }
        return BurstTable.Queues(
            servicesSeconds: services ?? [], servers: try arguments.ints("servers", in: 1...1024) ?? [1],
            levels: try arguments.doubles("level", in: 0.01...1000) ?? [1],
            quantile: try arguments.double("quantile", in: 0.001...0.999999) ?? 0.99)
    }

    /// The arrivals of each series, from logs or from a tape, and why files were not read.
    private static func series(_ context: Context) throws -> (series: [Series], failures: [IngestError]) {
        let paths = context.arguments.arguments
        let tape = context.arguments.string("tape")
        guard paths.isEmpty != (tape == nil) else {
            throw UsageError("Give paths of logs, or --tape, and not both", path: context.arguments.command)
        }
        let (found, failures) = try tape.map { (try fromTape($0, context), []) } ?? fromLogs(paths, context)
        let usable = found.filter { ($0.nanoseconds.last ?? 0) > ($0.nanoseconds.first ?? 0) }
        guard !usable.isEmpty else {
            if let first = failures.first { throw first }
            throw ToolError(
                "no series has two arrivals at different times, by a clock that tells more than whole seconds",
                exit: .badInput)
        }
        return (usable, failures)
    }

    private static func fromTape(_ path: String, _ context: Context) throws -> [Series] {
        let tape = try Tape.open(path)
        if context.arguments.string("count") != ArrivalCount.rows.rawValue {
            context.note("a tape does not tell the fills of one order: every trade is an arrival")
        }
        return try tape.series.compactMap { summary in
            let events = summary.resolutions.filter(\.isEvents).reduce(0) { $0 + $1.events }
            guard events > 0 else { return nil }
            guard events <= ArrivalReader.arrivalsMaxDefault else {
                throw ToolError(
                    "\(summary.id): \(events) arrivals, more than \(ArrivalReader.arrivalsMaxDefault)",
                    exit: .failure)
            }
            let found = try tape.arrivalNanoseconds(of: summary.id)
            if found.isEmpty { noteUnresolved(summary.id, context) }
            return (summary.id, found)
        }
    }

    private static func noteUnresolved(_ id: SeriesID, _ context: Context) {
        context.note("\(id): passed over: its clock tells whole seconds only")
    }

    private static func fromLogs(
        _ paths: [String], _ context: Context
    ) throws -> (series: [Series], failures: [IngestError]) {
        var reader = ArrivalReader()
        reader.count = context.arguments.string("count").flatMap(ArrivalCount.init) ?? .orders
        reader.options.format = context.arguments.string("format-in").flatMap(InputFormat.init)
        reader.options.zone =
            try context.arguments.value(
                "zone", expected: "an offset or a name of the time zone database, as +05:30",
                { LocalZone($0) })
            ?? .utc
        if let path = context.arguments.string("map") {
            guard let data = FileManager.default.contents(atPath: path) else {
                throw ToolError("cannot be read", file: path, exit: .badConfiguration)
            }
            reader.options.map = try ColumnMapFile.read(Array(data), file: path)
        }
        let result: ArrivalReader.Result
        do {
            result = try reader.read(paths)
        } catch {
            throw ToolError(error.description, exit: .failure)
        }
        for path in result.passedOver {
            context.note("\(path): passed over: no log; the archive's other files were read")
        }
        for series in result.series where !series.isResolved {
            noteUnresolved(series.id, context)
        }
        return (result.series.filter(\.isResolved).map { ($0.id, $0.nanoseconds) }, result.failures)
    }
}
