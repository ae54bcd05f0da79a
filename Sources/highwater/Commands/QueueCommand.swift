import CommandLineKit
import Exchange
import Files
import Foundation
import Pipeline
import Replay
import Tables
import Units

/// What `queue` is told.
struct QueueOptions: OptionGroup {
    @Option(.text, placeholder: "process", help: "Arrival process.") var arrivals = "poisson"
    @Option(.text, placeholder: "process", help: "Service-time distribution.") var service = "exponential"
    @Option(
        .seconds(as: "5us"), placeholder: "time", help: "Mean service time.", defaultText: "5us")
    var meanService = 5e-6
    @Option(
        .integer(in: 1...QueueExperiment.maximumServers), placeholder: "n",
        help: "Servers that share one queue.")
    var servers = 1
    @Option(
        .numbers(in: 1e-6...1000), placeholder: "loads",
        help: "Offered loads (work over capacity), comma separated.")
    var load = [0.5, 0.8, 0.95]
    @Option(
        .integer(in: 100...1_000_000_000), placeholder: "n",
        help: "Minimum number of customers per replication.")
    var customers = 500_000
    @Option(.integer(in: 1...10_000), placeholder: "n", help: "Minimum number of independent replications.")
    var replications = 20
    @Option(
        .seconds(as: "1ms"), placeholder: "time",
        help: "Latency objective; reports the share of sojourn times above it.") var slo: Double?
    @Option(
        .number(in: 0.001...0.999999), placeholder: "q",
        help: "Share of customers that must stay within --slo.")
    var quantile = 0.99
    @Option(
        .text, placeholder: "file", help: "Write the largest load that meets --slo to FILE.",
        completion: .file(extensions: ["csv"]))
    var saturation: String?
    let system = SystemOptions()
    let output = TableOutput()
}

extension Command {
    /// One queue, simulated.
    static let queue = Command(
        name: "queue", abstract: "Simulate one queue at several loads.",
        discussion: """
            Arrivals: poisson, deterministic, hawkes:n=0.6,decay=50ms or file:F (gaps in seconds, one per \
            line). Service: exponential, deterministic, lognormal:cv=1, gamma:cv=2 or file:F; cv is the \
            standard deviation over the mean. Intervals are 95 %, from independent replications. Sixteen \
            replications cost as much as one, so at least sixteen are run, with more customers where the 99.9 \
            % quantile needs them, up to 40 million. Where even they contain too few independent excursions \
            above a quantile, trusted_quantile is below it, a warning says so, and its interval is widened by \
            queueing theory. Each replication first runs a warm-up of sixteen relaxation times.
            """,
        examples: [
            "highwater queue --arrivals poisson --service exponential --mean-service 5us --load 0.5,0.8,0.95"
        ],
        options: QueueOptions.self,
        run: { given, context in
            let experiment = try experiment(given, seed: context.seed ?? 1)
            let quantile = given.quantile
            let surrounded = SystemExperiment(
                experiment, system: try given.system.system(for: given, context))
            context.progress.begin("queue", total: nil)
            let isPlain = surrounded.system.isPlain
            let table: DataTable
            if isPlain {
                let rows = experiment.rows(threads: context.threads)
                warn(rows, context)
                table = rowTable(rows, given.output.format, experiment)
            } else {
                let rows = surrounded.rows(threads: context.threads)
                warn(rows.map(\.queue), context)
                table = systemTable(rows, given.output.format, experiment)
            }
            var saturation: DataTable?
            let wantsRow = given.output.format == .json || given.saturation != nil
            if given.slo != nil, wantsRow {
                let found =
                    isPlain
                    ? experiment.saturation(quantile: quantile, threads: context.threads)
                    : surrounded.saturation(quantile: quantile, threads: context.threads)
                saturation = saturationTable(
                    found, ratePerLoad: surrounded.capacityPerSecond, experiment, quantile: quantile,
                    given.saturation == nil ? .json : .csv)
            }
            context.progress.finish()
            if let saturation, let path = given.saturation {
                try ResultFile.write(saturation.bytes, to: path)
            } else if let saturation {
                // The saturation row comes first, then one row a load.
                let first = saturation.bytes + Array(",".utf8)
                var rest = table
                rest.finish()
                try given.output.destination.write(first + rest.bytes.dropFirst())
                return .success
            }
            try given.output.write(table)
            return .success
        })

    /// Says which quantiles rest on too few excursions.
    private static func warn(_ rows: [QueueExperiment.Row], _ context: Context) {
        for row in rows where !row.expectedExcursions.isNaN {
            let trusted = row.trustedQuantile ?? 0
            let doubtful = QueueExperiment.levels.filter { $0 > trusted }
            guard let first = doubtful.first else { continue }
            context.note(
                "Warning: at a load of \(NumberText.figure(row.load)), do not rely on quantiles from "
                    + "\(NumberText.figure(100 * first, digits: 4)) % on: the customers contain about "
                    + "\(NumberText.figure(row.expectedExcursions)) independent excursions above the 99.9 % "
                    + "quantile, and \(NumberText.figure(QueueExperiment.trustedExcursions)) are needed. The "
                    + "quantiles may be too low, and their intervals are widened by queueing theory. Raise "
                    + "--customers or --replications")
        }
    }

    private static func experiment(_ given: QueueOptions, seed: UInt64) throws -> QueueExperiment {
        let arrivals = try ArrivalProcess(text: given.arrivals, load: numbers)
        let service = try ServiceProcess(text: given.service, load: numbers)
        try check(arrivals, service, given)
        return QueueExperiment(
            arrivals: arrivals, service: service,
            meanServiceSeconds: given.meanService, servers: given.servers, loads: given.load,
            customers: given.customers, replications: given.replications,
            thresholdSeconds: given.slo ?? .infinity, seed: seed)
    }

    /// Refuses what a simulation in floating point cannot draw, or would draw for ever.
    private static func check(
        _ arrivals: ArrivalProcess, _ service: ServiceProcess, _ given: QueueOptions
    ) throws {
        let variation = service.coefficientOfVariation
        guard variation == 0 || ServiceTime.variations.contains(variation) else {
            throw queueRefusal(
                "service: the coefficient of variation is \(variation); expected 0 (deterministic), or "
                    + "\(ServiceTime.variations.lowerBound) to \(ServiceTime.variations.upperBound)")
        }
        guard ServiceTime.means.contains(given.meanService) else {
            throw queueRefusal("the mean service time must be from 1 ns to a day")
        }
        guard case .hawkes(let ratio, let decay) = arrivals else { return }
        // The clusters of a ratio of nearly 1 never end, and those of a long memory take as long to settle.
        guard ratio <= 0.99, (1e-3...1e6).contains(decay / given.meanService) else {
            throw queueRefusal(
                "hawkes: expected n of at most 0.99, and a decay from a thousandth to a million mean service "
                    + "times"
            )
        }
    }

    private static func queueRefusal(_ message: String) -> ToolError { ToolError(message, exit: .usage) }

    /// The numbers of a file, one a line.
    private static func numbers(_ path: String) throws -> [Double] {
        let bytes = try InputFile.read(path, limit: 64 << 20)
        if let line = InputFile.tooLongLine(of: bytes) {
            throw ToolError("the line is longer than 1 MiB", file: path, line: line, exit: .badInput)
        }
        var values: [Double] = []
        for (index, line) in String(decoding: bytes, as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false
        ).enumerated() {
            let text = line.trimmingCharacters(in: .whitespaces)
            if text.isEmpty || text.hasPrefix("#") { continue }
            guard let value = Double(decimal: text), value >= 0, value <= 1e9 else {
                throw ToolError(
                    "'\(text.prefix(40))' is not a number of seconds from 0 to 1e9", file: path,
                    line: index + 1,
                    column: 1, exit: .badInput)
            }
            values.append(value)
        }
        guard !values.isEmpty else {
            throw ToolError("the file has no numbers", file: path, exit: .badInput)
        }
        return values
    }

    private static func rowTable(
        _ rows: [QueueExperiment.Row], _ format: DataTable.Format, _ experiment: QueueExperiment
    ) -> DataTable {
        let hasThreshold = experiment.thresholdSeconds.isFinite
        return CommandTables.queue.table(
            rows.map { CommandTables.QueueRow(queue: $0, hasThreshold: hasThreshold) }, format: format)
    }

    private static func systemTable(
        _ rows: [SystemExperiment.Row], _ format: DataTable.Format, _ experiment: QueueExperiment
    ) -> DataTable {
        let hasThreshold = experiment.thresholdSeconds.isFinite
        return CommandTables.queue.table(
            rows.map { CommandTables.QueueRow(queue: $0.queue, hasThreshold: hasThreshold, system: $0) },
            format: format, with: [CommandTables.surroundings])
    }

    private static func saturationTable(
        _ found: QueueExperiment.Saturation, ratePerLoad: Double, _ experiment: QueueExperiment,
        quantile: Double, _ format: DataTable.Format
    ) -> DataTable {
        var row = CommandTables.QueueSaturation(
            quantile: quantile, thresholdSeconds: experiment.thresholdSeconds, found: "in range")
        switch found {
        case .at(let estimate): row.load = estimate
        case .below(let lowest): row.found = "none in range: broken at a load of \(lowest)"
        case .above(let highest): row.found = "none in range: holds at a load of \(highest)"
        }
        row.rate = row.load?.scaled(by: ratePerLoad)
        return CommandTables.queueSaturation.table([row], format: format)
    }
}
