import CommandLineKit
import Files
import Foundation
import Pipeline
import Replay
import Tables
import Units

extension Command {
    /// One queue, simulated.
    static let queue = Command(
        spec: CommandSpec(
            name: "queue", abstract: "Simulate one queue at several loads.",
            discussion: """
                Arrivals: poisson, deterministic, hawkes:n=0.6,decay=50ms or file:F (gaps in seconds, one a line). \
                Service: exponential, deterministic, lognormal:cv=1, gamma:cv=2 or file:F; cv is the standard \
                deviation over the mean. Intervals are 95 %, from independent replications; sixteen run at the \
                cost of one, so that there are at least as many, and more customers where the 99.9 % quantile \
                needs them. Every replication first serves sixteen relaxation times without counting.
                """,
            options: [
                .value(
                    "arrivals", placeholder: "process", help: "How customers arrive.", defaultText: "poisson"),
                .value(
                    "service", placeholder: "process", help: "How they are served.",
                    defaultText: "exponential"),
                .value(
                    "mean-service", placeholder: "time", help: "The mean service time.", defaultText: "5us"),
                .value("servers", placeholder: "n", help: "Servers behind one queue.", defaultText: "1"),
                .value(
                    "load", placeholder: "loads", help: "Offered work over capacity, comma separated.",
                    defaultText: "0.5,0.8,0.95"),
                .value(
                    "customers", placeholder: "n", help: "Customers in a replication, at least.",
                    defaultText: "500000"),
                .value(
                    "replications", placeholder: "n", help: "Independent replications, at least.",
                    defaultText: "20"),
                .value("slo", placeholder: "time", help: "Count sojourn times above it."),
                .value(
                    "quantile", placeholder: "q", help: "The share that must stay within --slo.",
                    defaultText: "0.99"),
                .value(
                    "saturation", placeholder: "file",
                    help: "Write the largest load that keeps --slo there.",
                    completion: .file(extensions: ["csv"])),
            ] + SystemOptions.options + [Output.format, Output.file]),
        run: { context in
            let arguments = context.arguments
            let experiment = try experiment(context)
            let quantile = try arguments.double("quantile", in: 0.001...0.999999) ?? 0.99
            let surrounded = SystemExperiment(experiment, system: try SystemOptions.system(context))
            context.progress.begin("queue", total: nil)
            let isPlain = surrounded.system.isPlain
            let table =
                isPlain
                ? rowTable(experiment.rows(threads: context.threads), Output.format(context), experiment)
                : systemTable(surrounded.rows(threads: context.threads), Output.format(context), experiment)
            var saturation: DataTable?
            let wantsRow = Output.format(context) == .json || arguments.string("saturation") != nil
            if arguments.string("slo") != nil, wantsRow {
                let found =
                    isPlain
                    ? experiment.saturation(quantile: quantile, threads: context.threads)
                    : surrounded.saturation(quantile: quantile, threads: context.threads)
                saturation = saturationTable(
                    found, ratePerLoad: surrounded.capacityPerSecond, experiment, quantile: quantile,
                    arguments.string("saturation") == nil ? .json : .csv)
            }
            context.progress.finish()
            if let saturation, let path = arguments.string("saturation") {
                try ResultFile.write(saturation.bytes, to: path)
            } else if let saturation {
                // The saturation row comes first, then one row a load.
                let first = saturation.bytes + Array(",".utf8)
                var rest = table
                rest.finish()
                try Output.write(first + rest.bytes.dropFirst(), context)
                return .success
            }
            try Output.write(table, context)
            return .success
        })

    private static func experiment(_ context: Context) throws -> QueueExperiment {
        let arguments = context.arguments
        let service = try arguments.value("mean-service", expected: "a length of time, as 5us") {
            Duration(text: $0).map(\.inSeconds).flatMap { $0 > 0 ? $0 : nil }
        }
        let threshold = try arguments.value("slo", expected: "a length of time, as 1ms") {
            Duration(text: $0).map(\.inSeconds).flatMap { $0 > 0 ? $0 : nil }
        }
        return QueueExperiment(
            arrivals: try ArrivalProcess(text: arguments.string("arrivals") ?? "poisson", load: numbers),
            service: try ServiceProcess(text: arguments.string("service") ?? "exponential", load: numbers),
            meanServiceSeconds: service ?? 5e-6,
            servers: try arguments.int("servers", in: 1...QueueExperiment.maximumServers) ?? 1,
            loads: try arguments.doubles("load", in: 1e-6...1000) ?? [0.5, 0.8, 0.95],
            customers: try arguments.int("customers", in: 100...1_000_000_000) ?? 500_000,
            replications: try arguments.int("replications", in: 1...10_000) ?? 20,
            thresholdSeconds: threshold ?? .infinity, seed: context.seed ?? 1)
    }

    /// The numbers of a file, one a line.
    private static func numbers(_ path: String) throws -> [Double] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ToolError("no such file, or it cannot be read", file: path, exit: .badInput)
        }
        var values: [Double] = []
        for (index, line) in String(decoding: data, as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false
        ).enumerated() {
            let text = line.trimmingCharacters(in: .whitespaces)
            if text.isEmpty || text.hasPrefix("#") { continue }
            guard let value = Double(text), value >= 0, value.isFinite else {
                throw ToolError(
                    "'\(text)' is not a number of seconds, 0 or more", file: path, line: index + 1,
                    column: 1, exit: .badInput)
            }
            values.append(value)
        }
        guard !values.isEmpty else {
            throw ToolError("there is no number in it", file: path, exit: .badInput)
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
