import CommandLineKit
import Foundation

/// The benchmarks: what was measured on this machine, and the command that measures it again.
enum Bench {
    static let groups: [BenchGroup] = [.queue, .book, .ingest, .forecast, .capacity, .run]

    static let tool = CommandLineTool(
        name: "highwater-bench", version: "0.1.0",
        abstract: "Measure Highwater on this machine: medians over repetitions, rates per second.",
        commands: groups.map { group in
            CommandSpec(name: group.name, abstract: group.abstract, options: NoOptions.self)
        },
        globalOptions: BenchOptions.self)

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
                let given = try BenchOptions(parsed)
                let results = try group.run(BenchSettings(given))
                try output.write(given.json ? json(results) : table(results))
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

/// The options of every group.
struct BenchOptions: OptionGroup {
    @Flag(help: "Print a list of objects instead of a table.") var json: Bool
    @Option(.integer(in: 1...1024), placeholder: "n", help: "Threads to use.") var threads = 1
    @Option(.integer(in: 1...100), placeholder: "n", help: "Number of repetitions to take the median of.")
    var repetitions = 5
    @Option(.text, placeholder: "path", help: "Measure on this input instead of synthetic data.")
    var input: String?
    @Option(
        .text, placeholder: "path",
        help: "book: write the cost of each operation to FILE, as `highwater book --costs` reads it.")
    var costs: String?
    @Option(
        .text, placeholder: "path",
        help: "capacity: learn coefficients from this table, up to the held-out weeks.",
        defaultText: "built in")
    var train: String?
    @Option(
        .integer(in: 0...1000), placeholder: "weeks",
        help: "capacity: number of last weeks to hold out.")
    var back = 0
    @Option(.text, placeholder: "folder", help: "capacity: draw the cost frontiers into this folder.")
    var plots: String?
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

    init(_ given: BenchOptions) {
        threads = given.threads
        repetitions = given.repetitions
        input = given.input
        costs = given.costs
        train = given.train
        back = given.back
        plots = given.plots
    }

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
