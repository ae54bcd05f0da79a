import CommandLineKit
import Files
import OrderBook
import Pipeline
import Reporting

/// What `book` is told.
struct BookOptions: OptionGroup {
    /// How messages are written.
    enum Format: String, CaseIterable, Sendable {
        case lobster
        case csv
    }

    @Option(
        .text, placeholder: "file", help: "File of order messages.", required: "the file of order messages",
        completion: .file(extensions: ["csv", "zip"]))
    var input: String
    @Option(.choice, placeholder: "format", help: "Format of the messages.") var formatIn = Format.csv
    @Option(
        .text, placeholder: "file", help: "LOBSTER orderbook file that seeds the book.",
        defaultText: "from the archive",
        completion: .file(extensions: ["csv", "zip"]))
    var seedBook: String?
    @Option(
        .integer(in: 1...1000), placeholder: "n", help: "Price levels to print on each side.",
        defaultText: "as in the seed book, else 10")
    var levels: Int?
    @Option(
        .text, placeholder: "file", help: "Write every trade to FILE.", completion: .file(extensions: ["csv"])
    )
    var trades: String?
    @Option(
        .text, placeholder: "file", help: "Write the work done by each message to FILE.",
        completion: .file(extensions: ["csv"]))
    var work: String?
    @Option(
        .text, placeholder: "file",
        help: "Cost table (nanoseconds per operation) that turns work into service times.",
        completion: .file(extensions: ["csv"]))
    var costs: String?
    let output = FileOutput()
}

extension Command {
    /// The exact book, message by message.
    static let book = Command(
        name: "book", abstract: "Replay order messages through an exact order book and print it after each.",
        discussion: """
            Rows use LOBSTER's layout: ask price, ask size, bid price, bid size, level by level. lobster: \
            messages of LOBSTER's reconstructed NASDAQ data, or the archive as downloaded. The first row of \
            the seed book is the starting book; later rows supply only the last level, where it comes into \
            view. csv: a header and one row per message, in whole ticks and lots. Columns, in any order and \
            only where needed: type (limit, market, amount, stop, cancel, reduce, replace, halt, resume), id, \
            side (buy, sell), price, quantity, tif (gtc, ioc, fok, post_only), display (visible lots of an \
            iceberg), owner and stp (none, expire_maker, expire_taker, expire_both), trigger, new_id, time. \
            amount spends or receives a quantity of ticks times lots. stop becomes a limit order if it has a \
            price. reduce lowers the quantity. replace moves the order id to side, price and quantity, as \
            new_id if given.
            """,
        examples: [
            "highwater book --input messages.csv --format-in lobster --levels 5"
        ],
        options: BookOptions.self,
        run: { given, context in
            let path = given.input
            let costs = try given.costs.map(OperationCosts.init(path:))
            var output = BookOutput(given, costs)
            context.progress.begin("book", total: nil)
            switch given.formatIn {
            case .lobster:
                let messages = try TextLines(path: path, member: LobsterMember.messages)
                let seed = given.seedBook ?? (InputFile.isArchive(path) ? path : nil)
                let run = try LobsterRun(
                    messages, seed: seed.map { try TextLines(path: $0, member: LobsterMember.rows) })
                run.run(levels: given.levels, &output)
                if run.mismatches > 0 {
                    context.note("\(run.mismatches) messages referred to shares that the book did not hold")
                }
            case .csv:
                try BookTable(try TextLines(path: path), levels: given.levels ?? 10).run(&output)
            }
            try output.finish()
            context.progress.finish()
            return .success
        })
}

/// LOBSTER's messages, checked as a whole before the first is applied.
private final class LobsterRun {
    private var messages: [LobsterMessage] = []
    private var first: LobsterRow?
    /// Of each row of the seed book, its last level.
    private var bottoms: [LobsterRow] = []
    /// Messages that named shares which the book does not hold.
    private(set) var mismatches = 0

    init(_ lines: TextLines, seed: TextLines?) throws {
        messages = try lines.lobsterMessages()
        guard let seed else { return }
        guard seed.lines.count == messages.count else {
            throw ToolError(
                "has \(seed.lines.count) rows, but there are \(messages.count) messages", file: seed.path,
                exit: .badInput)
        }
        func noRow(_ index: Int) -> ToolError {
            ToolError(
                "not a row of an orderbook file: expected groups of ask price, ask size, bid price, bid size",
                file: seed.path, line: index + 1, column: 1, exit: .badInput)
        }
        first = LobsterRow(line: seed.lines[0])
        guard first != nil else { throw noRow(0) }
        bottoms = try seed.lines.enumerated().map { index, line in
            guard let row = LobsterRow(lastLevelOf: line) else { throw noRow(index) }
            return row
        }
    }

    func run(levels: Int?, _ output: inout BookOutput) {
        // Prices of all levels that the book will hold.
        var prices = messages.filter { (1...4).contains($0.type) }.map(\.price)
        for row in [first].compactMap({ $0 }) + bottoms {
            prices += (row.asks + row.bids).compactMap { $0?.price }
        }
        var replay = LobsterReplay(first: first, tick: LobsterReplay.tick(of: prices))
        let shown = levels ?? first?.asks.count ?? 10
        for (index, message) in messages.enumerated() {
            // The first row of the book file is the book after the first message.
            if index > 0 || first == nil {
                replay.apply(message, row: bottoms.isEmpty ? nil : bottoms[index])
            }
            replay.write(levels: shown, to: &output.rows)
            output.lobster(message, index: index)
        }
        mismatches = replay.mismatches
    }
}
