import CommandLineKit
import Foundation
import Planning
import Tables
import Units

/// What `place` is told.
struct PlaceOptions: OptionGroup {
    @Option(
        .text, placeholder: "file", help: "Table symbol,load.", required: "a table symbol,load",
        completion: .file(extensions: ["csv"]))
    var input: String
    @Option(
        .number(in: Double.leastNormalMagnitude...1e300), placeholder: "load",
        help: "Capacity of one shard, in the unit of the loads.", required: "the capacity of one shard")
    var capacity: Double
    @Option(
        .integer(in: 1...1_000_000), placeholder: "n", help: "Number of shards.",
        defaultText: "as few as possible")
    var shards: Int?
    let output = TableOutput()
}

extension Command {
    /// Symbols to shards.
    static let place = Command(
        name: "place",
        abstract: "Place symbols on as few shards as possible, or evenly on a given number.",
        discussion: """
            Prints the number of shards, its lower bound and the imbalance to standard error. If shards \
            exceed their capacity, prints the most even placement and exits with 1.
            """,
        examples: [
            "highwater place --input loads.csv --capacity 1000"
        ],
        options: PlaceOptions.self,
        run: { given, context in
            let path = given.input
            let loads = try LoadTable(path: path).loads
            let result: PlacementResult
            do {
                result = try placeOnShards(
                    loads: loads.map { ($0.symbol, $0.load) }, capacity: given.capacity, shards: given.shards)
            } catch PlacementError.repeated(let symbol, let first, let second) {
                throw ToolError(
                    "duplicate symbol '\(symbol)', already in line \(loads[first].line)", file: path,
                    line: loads[second].line, column: 1, exit: .badInput)
            }
            let table = CommandTables.placed.table(
                loads.indices.map { (loads[$0].symbol, result.shardOfSymbol[$0], loads[$0].load) },
                format: given.output.format)
            try given.output.write(table)
            tell(result, loads, context)
            guard result.overloadedShards.isEmpty else {
                throw ToolError(overload(result, loads, capacity: given.capacity), file: path, exit: .failure)
            }
            return .success
        })

    /// What does not fit, in a sentence.
    private static func overload(_ result: PlacementResult, _ loads: [LoadTable.Row], capacity: Double)
        -> String
    {
        let fullest = NumberText.figure((result.shardLoads.max() ?? 0) / capacity)
        if let symbol = result.oversizedSymbols.first {
            return "'\(loads[symbol].symbol)' alone exceeds the capacity of one shard: "
                + "\(NumberText.figure(loads[symbol].load / capacity)) times the capacity"
        }
        return "does not fit: the fullest of \(result.shardCount) shards is at \(fullest) times its "
            + "capacity; at least \(result.lowerBound) shards are needed"
    }

    private static func tell(_ result: PlacementResult, _ loads: [LoadTable.Row], _ context: Context) {
        let proof =
            result.gap < 0
            ? "too few" : result.isCountOptimal ? "the minimum" : "not proven minimal"
        context.note(
            "bins \(result.shardCount), lower bound \(result.lowerBound), gap \(result.gap) "
                + "(\(proof)), imbalance \(NumberText.figure(result.imbalance, digits: 6))")
    }
}

/// A table `symbol,load`.
struct LoadTable {
    struct Row {
        var symbol: String
        var load: Double
        var line: Int
    }

    var loads: [Row] = []

    init(path: String) throws {
        for record in try CSVReader.records(ofFile: path) {
            let line = record[0].line
            if line == 1, record.map({ $0.text.lowercased() }) == ["symbol", "load"] { continue }
            guard record.count == 2 else {
                throw ToolError(
                    "expected symbol,load, but found \(record.count) fields", file: path,
                    line: line, column: 1, exit: .badInput)
            }
            guard let load = Double(decimal: record[1].text.trimmingCharacters(in: .whitespaces)),
                load >= 0
            else {
                throw ToolError(
                    "'\(record[1].text.prefix(40))' is not a load: expected a number of 0 or more",
                    file: path,
                    line: record[1].line, column: record[1].column, exit: .badInput)
            }
            loads.append(Row(symbol: record[0].text, load: load, line: line))
        }
        guard !loads.isEmpty else { throw ToolError("the table has no rows", file: path, exit: .badInput) }
    }
}
