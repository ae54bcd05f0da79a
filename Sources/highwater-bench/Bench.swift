import CommandLineKit
import Foundation

/// The benchmarks: what was measured on this machine, and the command that measures it again.
enum Bench {
    static let groups: [BenchGroup] = [.queue, .book, .ingest, .forecast, .capacity, .run]

    static let tool = CommandLineTool(
        name: "highwater-bench", version: "0.1.0",
        abstract: "Measure Highwater on this machine: medians over repetitions, rates per second.",
        commands: groups.map { group in
            CommandSpec(name: group.name, abstract: group.abstract, options: [])
        },
        globalOptions: [
            .flag("json", help: "Print a list of objects instead of a table."),
            .value("threads", placeholder: "n", help: "Threads to use.", defaultText: "1"),
            .value(
                "repetitions", placeholder: "n", help: "The median is taken over these.", defaultText: "5"),
            .value("input", placeholder: "path", help: "Measure on this input instead of a made-up one."),
            .value(
                "costs", placeholder: "path",
                help: "book: write there what each operation costs, as `highwater book --costs` reads it."),
            .value(
                "train", placeholder: "path",
                help: "capacity: learn coefficients from this table, up to the weeks that are held back.",
                defaultText: "built in"),
            .value(
                "back", placeholder: "weeks", help: "capacity: leave out so many of the last weeks.",
                defaultText: "0"),
            .value("plots", placeholder: "folder", help: "capacity: draw the frontiers there."),
        ])

    static func main(_ arguments: [String]) -> ExitStatus {
        ignoreBrokenPipes()
        do {
            let output = StandardOutput()
            switch try tool.parse(arguments) {
            case .help(let path): try output.write(tool.help(for: path, width: 80))
            case .version: try output.write("0.1.0\n")
            case .completions(let shell): try output.write(tool.completionScript(for: shell))
            case .run(let parsed):
                guard let group = groups.first(where: { $0.name == parsed.command.first }) else {
                    try output.write(tool.help(for: [], width: 80))
                    break
                }
                let settings = BenchSettings(
                    threads: try parsed.int("threads", in: 1...1024) ?? 1,
                    repetitions: try parsed.int("repetitions", in: 1...100) ?? 5,
                    input: parsed.string("input"), costs: parsed.string("costs"),
                    train: parsed.string("train"),
                    back: try parsed.int("back", in: 0...1000) ?? 0, plots: parsed.string("plots"))
                let results = try group.run(settings)
                try output.write(parsed.flag("json") ? json(results) : table(results))
            }
            return .success
        } catch {
            return tool.exitStatus(reporting: error) { FileHandle.standardError.write(Data($0.utf8)) }
        }
    }

    private static func json(_ results: [BenchResult]) throws -> String {
        let objects = results.map { result -> [String: Any] in
            var object: [String: Any] = ["case": result.name]
            for (name, value) in result.figures { object[name] = value }
            return object
        }
        let data = try JSONSerialization.data(
            withJSONObject: objects, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
        return String(decoding: data, as: UTF8.self) + "\n"
    }

    private static func table(_ results: [BenchResult]) -> String {
        results.map { result in
            let figures = result.figures.map { "  \($0.name) \(String(format: "%.4g", $0.value))" }
            return ([result.name] + figures).joined(separator: "\n")
        }.joined(separator: "\n") + "\n"
    }
}

/// What to measure with.
struct BenchSettings: Sendable {
    var threads: Int
    var repetitions: Int
    var input: String?
    /// Where the costs of the book's operations are written.
    var costs: String?
    /// What coefficients of capacity are learnt from.
    var train: String?
    /// Weeks at the end that are left out.
    var back: Int
    /// Where frontiers are drawn.
    var plots: String?

    /// The median of the seconds that some work takes.
    func medianSeconds(_ work: () throws -> Void) rethrows -> Double {
        var seconds: [Double] = []
        for _ in 0..<repetitions {
            let start = ContinuousClock().now
            try work()
            let took = ContinuousClock().now - start
            seconds.append(Double(took.components.seconds) + Double(took.components.attoseconds) * 1e-18)
        }
        seconds.sort()
        return seconds[seconds.count / 2]
    }
}

/// One measured case.
struct BenchResult: Sendable {
    var name: String
    var figures: [(name: String, value: Double)]
}

/// Cases of one part of the tool.
struct BenchGroup: Sendable {
    var name: String
    var abstract: String
    var run: @Sendable (BenchSettings) throws -> [BenchResult]
}
