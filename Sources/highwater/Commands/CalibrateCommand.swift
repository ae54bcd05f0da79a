import CommandLineKit
import Foundation
import Ingest
import Replay
import Tables
import Units

/// What `calibrate` is told.
struct CalibrateOptions: OptionGroup {
    /// What is fitted.
    enum Model: String, CaseIterable, Sendable {
        case usl
        case service
        case work
    }

    @Option(
        .text, placeholder: "file",
        help: "Load-test table load,throughput[,p50,p99], a load tool's output, or a work table.",
        required: "a table load,throughput[,p50,p99]", completion: .file(extensions: ["csv"]))
    var input: String
    @Option(.choice, placeholder: "model", help: "The model to fit.") var model = Model.usl
    @Option(
        .secondsOrNone(as: "4us"), placeholder: "time",
        help: "For work: overhead per message on top of matching.", defaultText: "0us")
    var overhead = 0.0
    @Option(
        .number(in: 0...20), placeholder: "n", help: "Coefficient of variation of the overhead.")
    var overheadCv = 1.0
    @Option(.choice, placeholder: "unit", help: "Unit of the latencies.") var unit = LatencyUnit.us
    @Option(
        .choice, placeholder: "process", help: "Gaps between requests of an open-loop test (for service).")
    var arrivals = PausingServer.Arrivals.deterministic
    @Flag(help: "The test sent at a rate, whatever came back (for service).") var open: Bool
    @Flag(help: "The test kept a fixed number of requests in flight (for service).") var closed: Bool
    let output = TableOutput()
}

/// The unit of a latency in a table.
enum LatencyUnit: String, CaseIterable, Sendable {
    case us
    case ms
    case s

    var seconds: Double {
        switch self {
        case .us: 1e-6
        case .ms: 1e-3
        case .s: 1
        }
    }
}

extension Command {
    /// Load tests to parameters.
    static let calibrate = Command(
        name: "calibrate", abstract: "Fit a model to a load test or to order-book work.",
        discussion: """
            The table has the columns load,throughput[,p50,p99]. load is the number of requests in flight or \
            of nodes, never the arrival rate; throughput is requests per second. Latencies are in --unit \
            unless the column is named p50_us, p50_ms or p50_s. usl fits the Universal Scalability Law. \
            service fits a single server: service time, its variation, a fixed delay, and pauses. It depends \
            on how the test sent its requests, which --open, --closed or a column 'drive' (open or closed) \
            says; otherwise the tool's name or the loads decide, and a note says what was assumed. work reads \
            the table that 'book --work' writes with --costs, and gives a shard's service times for orders \
            and cancels. Output of k6 (CSV, JSON, summary), JMeter (CSV, XML), Gatling, Locust (history), \
            Artillery (JSON), vegeta, siege, wrk, wrk2, hey, oha (JSON), fortio (JSON), autocannon (JSON), \
            bombardier and ab is read directly; its time windows, or summaries one after the other, become the \
            load levels.
            """,
        examples: [
            "highwater calibrate --input loadtest.csv --model usl"
        ],
        options: CalibrateOptions.self,
        run: { given, context in
            let path = given.input
            guard !(given.open && given.closed) else {
                throw context.refusal("'--open' and '--closed' exclude each other")
            }
            if given.model == .work {
                let fit = try WorkFit(
                    path: path, overheadSeconds: given.overhead, overheadVariation: given.overheadCv)
                try given.output.write(
                    CommandTables.calibrated.table(fit.parameters, format: given.output.format))
                return .success
            }
            let test = try LoadTestTable(path: path, unit: given.unit)
            for note in test.notes { context.note(note) }
            do {
                let parameters = try fit(test, given, context)
                try given.output.write(
                    CommandTables.calibrated.table(parameters, format: given.output.format))
            } catch let error as CalibrationError {
                throw ToolError(error.description, file: path, exit: .badInput)
            }
            return .success
        })

    private static func fit(
        _ test: LoadTestTable, _ given: CalibrateOptions, _ context: Context
    ) throws -> [CalibratedParameter] {
        guard given.model == .service else {
            if test.looksLikeRates {
                context.note(
                    "Warning: load equals throughput; the law needs requests in flight or nodes. Requests in "
                        + "flight are the arrival rate times the response time")
            }
            return try scalability(test, context)
        }
        return try service(test, given, context)
    }

    /// A peak that lies this many times beyond the largest load that was tested is none that the test shows.
    private static let peakReach = 10.0

    /// The law's parameters, with a word where the test does not bear them.
    private static func scalability(_ test: LoadTestTable, _ context: Context) throws -> [CalibratedParameter]
    {
        let fit = try ScalabilityFit(test.rows)
        let loads = test.rows.compactMap(\.load)
        let largest = loads.max() ?? 0
        let growth = superlinearGrowth(test.rows)
        if growth > 1.05 {
            context.note(
                "Warning: throughput rises faster than load, by a factor of \(NumberText.figure(growth)) "
                    + "over the test. Warming caches, ramp-up or slow load generators do this. The law "
                    + "cannot model it, so do not rely on its figures for larger loads")
        }
        guard let peak = fit.peakLoad else {
            context.note("no peak: throughput still rises with load over the whole test")
            return fit.parameters
        }
        // A level course has a peak in the last digits alone.
        let falls = fit.throughput(load: peak) - fit.throughput(load: peakReach * largest)
        guard peak > peakReach * largest || falls < 1e-6 * fit.throughput(load: peak) else {
            return fit.parameters
        }
        context.note(
            "no peak within \(NumberText.figure(peakReach)) times the largest load, "
                + "\(NumberText.figure(largest)): throughput never falls in the test, so peak_load and "
                + "peak_throughput are left empty; test with more load")
        return fit.parameters.map {
            $0.name.hasPrefix("peak_") ? CalibratedParameter($0.name, .nan) : $0
        }
    }

    /// By how much the throughput of one unit of load grows from the smallest load to its largest value at a higher one.
    private static func superlinearGrowth(_ rows: [LoadTestRow]) -> Double {
        let points = rows.compactMap { row in row.load.map { (load: $0, each: row.throughputPerSecond / $0) }
        }
        .sorted { $0.load < $1.load }
        guard let first = points.first, first.each > 0 else { return 1 }
        return (points.filter { $0.load > first.load }.map(\.each).max() ?? 0) / first.each
    }

    private static func service(
        _ test: LoadTestTable, _ given: CalibrateOptions, _ context: Context
    ) throws -> [CalibratedParameter] {
        context.progress.begin("calibrate", total: nil)
        let told: LoadTestDrive? = given.open ? .open : given.closed ? .closed : test.drive
        let fit = try ServiceFit(
            test.rows, arrivals: given.arrivals, drive: told, seed: context.seed ?? 1,
            threads: context.threads)
        context.progress.finish()
        if let basis = fit.driveBasis { context.note(assumption(fit.drive, basis)) }
        if fit.drive == .closed {
            context.note(
                "Warning: a closed-loop test omits the requests that it should have sent while waiting "
                    + "(coordinated omission), and its percentiles are too low")
        }
        context.note(
            "fitted and measured quantiles differ by a factor of at most "
                + "\(NumberText.figure(fit.worstFactor, digits: 3))")
        return fit.parameters
    }
}

extension Command {
    /// What was assumed of how a test sent, and from what.
    private static func assumption(_ drive: LoadTestDrive, _ basis: LoadTestDrive.Basis) -> String {
        let why =
            switch basis {
            case .noLoad: "the table has no requests in flight"
            case .otherLoad: "the load is not the number of requests in flight"
            case .wholeNumbers: "the requests in flight are whole numbers, like users or connections"
            case .fractions: "the requests in flight are not whole numbers, like a measured mean"
            }
        let other = drive == .open ? "--closed" : "--open"
        return "Assumed: \(drive.rawValue)-loop test, because \(why). If that is wrong, use \(other)"
    }
}

/// A table `load,throughput[,p50,p99][,drive]`, columns in any order.
struct LoadTestTable {
    private(set) var rows: [LoadTestRow] = []
    private(set) var notes: [String] = []
    /// How the test sent its requests, where the table or its tool says.
    private(set) var drive: LoadTestDrive?

    /// Whether the loads are the throughputs.
    var looksLikeRates: Bool {
        rows.count > 1
            && rows.allSatisfy { row in
                row.load.map { abs($0 - row.throughputPerSecond) <= 0.02 * row.throughputPerSecond } ?? false
            } && rows.contains { $0.throughputPerSecond > 100 }
    }

    init(path: String, unit: LatencyUnit) throws {
        if let log = try LoadTestLog.read(path: path) {
            rows = log.levels.map {
                LoadTestRow(
                    load: $0.load, throughputPerSecond: $0.throughputPerSecond, p50Seconds: $0.medianSeconds,
                    p99Seconds: $0.p99Seconds)
            }
            drive = log.tool.drive
            notes = ["read as \(log.tool.rawValue): \(rows.count) load levels"] + log.notes
            return
        }
        var columns: [Column]?
        for record in try CSVReader.records(ofFile: path) {
            if let columns {
                try add(record, columns, path)
            } else if record.allSatisfy({ Self.number($0.text) != nil }), record.count >= 2 {
                // Without a header the columns are those of the contract, in its order.
                let scale = unit.seconds
                let all: [Column] = [.load, .throughput, .p50(scale), .p99(scale)]
                columns = Array(all.prefix(record.count))
                try add(record, columns ?? [], path)
            } else {
                columns = try header(record, unit, path)
            }
        }
        guard !rows.isEmpty else { throw ToolError("the table has no rows", file: path, exit: .badInput) }
    }

    private enum Column: Equatable {
        case load
        case throughput
        case p50(Double)
        case p99(Double)
        case drive
        case other
    }

    private mutating func header(
        _ record: [CSVReader.Field], _ unit: LatencyUnit, _ path: String
    ) throws -> [Column] {
        var columns: [Column] = []
        for name in record.map({ $0.text.trimmingCharacters(in: .whitespaces).lowercased() }) {
            let parts = name.split(separator: "_", maxSplits: 1).map(String.init)
            let scale = parts.count > 1 ? LatencyUnit(rawValue: parts[1])?.seconds : unit.seconds
            switch (parts.first ?? "", scale) {
            case ("load", _) where parts.count == 1: columns.append(.load)
            case ("drive", _) where parts.count == 1: columns.append(.drive)
            case ("throughput", _): columns.append(.throughput)
            case ("p50", let scale?): columns.append(.p50(scale))
            case ("p99", let scale?): columns.append(.p99(scale))
            default:
                columns.append(.other)
                notes.append("the column '\(name)' is ignored")
            }
        }
        for (wanted, name) in [(Column.load, "load"), (.throughput, "throughput")] {
            guard columns.contains(wanted) else {
                throw ToolError(
                    "there is no column '\(name)': expected load,throughput[,p50,p99]", file: path,
                    line: record[0].line, column: 1, exit: .badInput)
            }
        }
        for (index, column) in columns.enumerated()
        where column != .other && columns[..<index].contains(where: { Self.isSame($0, column) }) {
            throw ToolError(
                "duplicate column '\(record[index].text)'", file: path, line: record[index].line,
                column: record[index].column, exit: .badInput)
        }
        return columns
    }

    private static func isSame(_ one: Column, _ other: Column) -> Bool {
        switch (one, other) {
        case (.p50, .p50), (.p99, .p99): true
        default: one == other
        }
    }

    private mutating func add(
        _ record: [CSVReader.Field], _ columns: [Column], _ path: String
    ) throws {
        guard record.count == columns.count else {
            throw ToolError(
                "expected \(columns.count) fields, but found \(record.count)", file: path,
                line: record[0].line, column: 1, exit: .badInput)
        }
        var row = LoadTestRow(load: nil, throughputPerSecond: 0)
        for (index, column) in columns.enumerated() where column != .other {
            let field = record[index].text.trimmingCharacters(in: .whitespaces)
            if column == .drive {
                try addDrive(record[index], path)
                continue
            }
            if field.isEmpty, column != .load, column != .throughput { continue }
            guard let value = Self.number(field), column == .throughput ? value >= 0 : value > 0 else {
                throw ToolError(
                    "'\(field)' is not a number \(column == .throughput ? "of 0 or more" : "above 0")",
                    file: path, line: record[index].line, column: record[index].column, exit: .badInput)
            }
            switch column {
            case .load: row.load = value
            case .throughput: row.throughputPerSecond = value
            case .p50(let scale): row.p50Seconds = value * scale
            case .p99(let scale): row.p99Seconds = value * scale
            case .drive, .other: break
            }
        }
        rows.append(row)
    }

    /// All rows have to agree.
    private mutating func addDrive(_ field: CSVReader.Field, _ path: String) throws {
        let text = field.text.trimmingCharacters(in: .whitespaces).lowercased()
        guard let found = LoadTestDrive(rawValue: text), drive ?? found == found else {
            let expected = drive.map { "'\($0.rawValue)' as in the rows before" } ?? "'open' or 'closed'"
            throw ToolError(
                "'\(field.text)' in the column 'drive': expected \(expected)", file: path, line: field.line,
                column: field.column, exit: .badInput)
        }
        drive = found
    }

    private static func number(_ text: String) -> Double? {
        Double(decimal: text.trimmingCharacters(in: .whitespaces))
    }
}
