import CommandLineKit
import Foundation
import Ingest
import Pipeline
import Replay
import Reporting
import Tables
import Tape
import Units

/// What `bursts` is told.
struct BurstsOptions: OptionGroup {
    @Option(
        .text, placeholder: "folder", help: "Read a tape instead of logs.", completion: .directory)
    var tape: String?
    @Option(
        .secondsList(expected: "durations above 0 such as 5us,20us"), placeholder: "times",
        help: "Service times, such as 5us,20us,100us.", required: "the service times, such as 5us,20us,100us")
    var service: [Double]
    @Option(.integers(in: 1...1024), placeholder: "ns", help: "Numbers of servers, such as 1,4.")
    var servers = [1]
    @Option(
        .numbers(in: 0.01...1000), placeholder: "multiples",
        help: "Load levels as multiples of the observed one, such as 1,2,5.")
    var level = [1.0]
    @Option(
        .number(in: 0.001...0.999999), placeholder: "q",
        help: "Quantile of the sojourn time (waiting plus service) to compare.")
    var quantile = 0.99
    @Option(.choice, placeholder: "unit", help: "What counts as one arrival in a trade log.")
    var count = ArrivalCount.orders
    let reading = ReadingOptions()
    let output = TableOutput()
    @Argument("path", help: "Files, folders, or - for standard input.", atLeast: 0) var paths: [String]
}

extension Command {
    /// A log's own arrivals through queues, beside the model's.
    static let bursts = Command(
        name: "bursts", abstract: "Compare queueing delays under a log's own arrivals with the model's.",
        discussion: """
            Arrivals pass through first-come, first-served queues with constant service time. At level 1, \
            trace_p99_us is the worst five-minute window of the log, and model_p99_us the worst of as many \
            simulated windows. At other levels, trace_p99_us is the median over windows within 25 % of that \
            multiple of the median level, or empty if there are none. There the model is built only from \
            windows below the median level. Fills of one order count once unless --count rows is given. A \
            tape stores counts per millisecond, so there every trade is an arrival.
            """,
        examples: [
            "highwater bursts --tape tape --service 5us,20us --servers 1,4"
        ],
        options: BurstsOptions.self,
        run: { given, context in
            let queues = queues(given)
            if let beyond = queues.levels.filter({ $0 > ArrivalProfile.knownLevelFactor }).max() {
                context.note(
                    "level \(beyond): above \(ArrivalProfile.knownLevelFactor) times the observed level, the "
                        + "model has not been validated against logs")
            }
            let (series, failures) = try series(given, context)
            var table = RunTables.bursts.writer(format: given.output.format)
            for (id, nanoseconds) in series {
                let trace = ArrivalTrace(nanoseconds: nanoseconds)
                let rows = BurstTable(trace, queues, seed: context.seed ?? 1, threads: context.threads).rows
                for row in rows {
                    table.append(
                        BurstRow(id: id, ratePerSecond: trace.ratePerSecond, row: row))
                }
            }
            try given.output.write(table.table)
            guard let first = failures.first else { return .success }
            for failure in failures.dropFirst() { Highwater.complain(failure) }
            throw first
        })

    private typealias Series = (id: SeriesID, nanoseconds: [Int64])

    private static func queues(_ given: BurstsOptions) -> BurstTable.Queues {
        return BurstTable.Queues(
            servicesSeconds: given.service, servers: given.servers,
            levels: given.level,
            quantile: given.quantile)
    }

    /// The arrivals of each series, from logs or from a tape, and why files were not read.
    private static func series(
        _ given: BurstsOptions, _ context: Context
    ) throws -> (series: [Series], failures: [IngestError]) {
        guard given.paths.isEmpty != (given.tape == nil) else {
            throw context.refusal("Give either paths of logs or --tape, not both")
        }
        let (found, failures) =
            try given.tape.map { (try fromTape($0, given, context), []) } ?? fromLogs(given, context)
        let usable = found.filter { ($0.nanoseconds.last ?? 0) > ($0.nanoseconds.first ?? 0) }
        guard !usable.isEmpty else {
            if let first = failures.first { throw first }
            throw ToolError(
                "no series has two arrivals at different times with a resolution finer than a second",
                exit: .badInput)
        }
        return (usable, failures)
    }

    private static func fromTape(
        _ path: String, _ given: BurstsOptions, _ context: Context
    ) throws -> [Series] {
        let tape = try Tape.open(path)
        if given.count != .rows {
            context.note(
                "a tape does not record which fills belong to one order, so every trade counts as an arrival")
        }
        return try tape.series.compactMap { summary in
            let events = summary.resolutions.filter(\.isEvents).reduce(0) { $0 + $1.events }
            guard events > 0 else { return nil }
            guard events <= ArrivalReader.arrivalsMaxDefault else {
                throw ToolError(
                    "\(summary.id): \(events) arrivals exceed the limit of "
                        + "\(ArrivalReader.arrivalsMaxDefault)",
                    exit: .failure)
            }
            let found = try tape.arrivalNanoseconds(of: summary.id)
            if found.isEmpty { noteUnresolved(summary.id, context) }
            return (summary.id, found)
        }
    }

    private static func noteUnresolved(_ id: SeriesID, _ context: Context) {
        context.note("\(id): skipped: its timestamps have whole seconds only")
    }

    private static func fromLogs(
        _ given: BurstsOptions, _ context: Context
    ) throws -> (series: [Series], failures: [IngestError]) {
        var reader = ArrivalReader()
        reader.count = given.count
        try given.reading.apply(to: &reader.options)
        let result: ArrivalReader.Result
        do {
            result = try reader.read(given.paths)
        } catch {
            throw ToolError(error.description, exit: .failure)
        }
        for path in result.passedOver {
            context.note("\(path): skipped: not a log; the other files of the archive were read")
        }
        for series in result.series where !series.isResolved {
            noteUnresolved(series.id, context)
        }
        return (result.series.filter(\.isResolved).map { ($0.id, $0.nanoseconds) }, result.failures)
    }
}
