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
        .text, placeholder: "file", help: "The messages.", required: "the messages",
        completion: .file(extensions: ["csv", "zip"]))
    var input: String
    @Option(.choice, placeholder: "format", help: "Their format.") var formatIn = Format.csv
    @Option(
        .text, placeholder: "file", help: "LOBSTER's orderbook file.", defaultText: "the archive's",
        completion: .file(extensions: ["csv", "zip"]))
    var seedBook: String?
    @Option(
        .integer(in: 1...1000), placeholder: "n", help: "Levels of each side to print.",
        defaultText: "the seed book's, or 10")
    var levels: Int?
    @Option(
        .text, placeholder: "file", help: "Write every trade there.", completion: .file(extensions: ["csv"]))
    var trades: String?
    @Option(
        .text, placeholder: "file", help: "Write there what each message was in work.",
        completion: .file(extensions: ["csv"]))
    var work: String?
    @Option(
        .text, placeholder: "file", help: "Nanoseconds by operation; the work gets a service time.",
        completion: .file(extensions: ["csv"]))
    var costs: String?
    let output = FileOutput()
}

extension Command {
    /// The exact book, message by message.
    static let book = Command(
        name: "book", abstract: "Run messages through the exact order book and print it after each.",
        discussion: """
            Rows are in LOBSTER's layout: ask price, ask size, bid price, bid size, level by level. \
            lobster: messages of LOBSTER's reconstructed NASDAQ data, or its archive as it is downloaded; of the \
            seed book, the first row is where the book starts, and of later rows the last level is read where one \
            comes into sight. \
            csv: a heading and a row for each message, in whole ticks and lots, with the columns that are needed, \
            in any order: type (limit, market, amount, stop, cancel, reduce, replace, halt, resume), id, side \
            (buy, sell), price, quantity, tif (gtc, ioc, fok, post_only), display (lots that an iceberg shows), \
            owner and stp (none, expire_maker, expire_taker, expire_both), trigger, new_id, time. amount spends \
            or takes in a quantity of ticks times lots; stop becomes a limit order where it has a price; reduce \
            takes off a quantity; replace moves the order id to side, price and quantity, as new_id if given.
            """,
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
                    context.note("\(run.mismatches) messages named shares that the book did not hold")
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
                "has \(seed.lines.count) rows where there are \(messages.count) messages", file: seed.path,
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
