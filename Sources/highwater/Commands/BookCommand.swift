import CommandLineKit
import Foundation
import OrderBook
import Pipeline
import Reporting

extension Command {
    /// The exact book, message by message.
    static let book = Command(
        spec: CommandSpec(
            name: "book", abstract: "Run messages through the exact order book and print it after each.",
            discussion: """
                lobster: messages of LOBSTER's reconstructed NASDAQ data; of the seed book, the first row is where the \
                book starts, and of later rows the last level is read where one comes into sight. csv: a table with the \
                columns type,id,side,price,quantity and, where needed, new_id,owner,tif,stp,display,trigger; types are \
                limit, market, amount, stop, cancel, reduce, replace, halt and resume. Rows are in LOBSTER's layout: \
                ask price, ask size, bid price, bid size, level by level.
                """,
            options: [
                .value(
                    "input", placeholder: "file", help: "The messages.",
                    completion: .file(extensions: ["csv"])),
                .value(
                    "format-in", placeholder: "format", help: "Their format.", defaultText: "csv",
                    choices: ["lobster", "csv"]),
                .value(
                    "seed-book", placeholder: "file", help: "LOBSTER's orderbook file.",
                    completion: .file(extensions: ["csv"])),
                .value(
                    "levels", placeholder: "n", help: "Levels of each side to print.",
                    defaultText: "the seed book's, or 10"),
                .value(
                    "trades", placeholder: "file", help: "Write every trade there.",
                    completion: .file(extensions: ["csv"])),
                .value(
                    "work", placeholder: "file", help: "Write there what each message was in work.",
                    completion: .file(extensions: ["csv"])), Output.file,
            ]),
        run: { context in
            let path = try context.required("input", "the messages")
            let levels = try context.arguments.int("levels", in: 1...1000)
            let lines = try BookLines(path: path)
            var output = BookOutput(context)
            context.progress.begin("book", total: nil)
            if context.arguments.string("format-in") == "lobster" {
                try replayLobster(lines, levels: levels, context, &output)
            } else {
                try BookTable(lines, levels: levels ?? 10).run(&output)
            }
            try output.finish(context)
            context.progress.finish()
            return .success
        })

    private static func replayLobster(
        _ lines: BookLines, levels: Int?, _ context: Context, _ output: inout BookOutput
    ) throws {
        var messages: [LobsterMessage] = []
        for (index, line) in lines.lines.enumerated() {
            guard let message = LobsterMessage(line: line) else {
                throw ToolError(
                    "not a LOBSTER message: expected time,type,order,size,price,direction", file: lines.path,
                    line: index + 1, column: 1, exit: .badInput)
            }
            messages.append(message)
        }
        let seed = try context.arguments.string("seed-book").map { try BookLines(path: $0) }
        if let seed, seed.lines.count != messages.count {
            throw ToolError(
                "has \(seed.lines.count) rows where there are \(messages.count) messages", file: seed.path,
                exit: .badInput)
        }
        func row(_ index: Int) throws -> LobsterRow? {
            guard let seed else { return nil }
            guard let row = LobsterRow(line: seed.lines[index]) else {
                throw ToolError(
                    "not a row of an orderbook file: expected groups of ask price, ask size, bid price, bid size",
                    file: seed.path, line: index + 1, column: 1, exit: .badInput)
            }
            return row
        }
        let first = messages.isEmpty ? nil : try row(0)
        var prices = messages.filter { $0.type <= 4 }.map(\.price)
        prices += ((first?.asks ?? []) + (first?.bids ?? [])).compactMap { $0?.price }
        var replay = LobsterReplay(first: first, tick: LobsterReplay.tick(of: prices))
        let shown = levels ?? first?.asks.count ?? 10
        for (index, message) in messages.enumerated() {
            // The first row of the book file is the book after the first message.
            if index > 0 || first == nil { replay.apply(message, row: try row(index)) }
            output.row(replay.row(levels: shown))
            output.lobster(message, index: index)
        }
        if replay.mismatches > 0 {
            context.note("\(replay.mismatches) messages named shares that the book did not hold")
        }
    }
}

/// The lines of a text file, blank ones at the end left out.
struct BookLines {
    let path: String
    let lines: [Substring]

    init(path: String) throws {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw ToolError("no such file", file: path, exit: .badInput)
        }
        guard !isDirectory.boolValue, let data = FileManager.default.contents(atPath: path) else {
            throw ToolError("a folder, or it cannot be read", file: path, exit: .badInput)
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw ToolError("not text in UTF-8", file: path, exit: .badInput)
        }
        self.path = path
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map {
            $0.hasSuffix("\r") ? $0.dropLast() : $0
        }
        while lines.last?.isEmpty == true { lines.removeLast() }
        guard !lines.isEmpty else { throw ToolError("there is no line in it", file: path, exit: .badInput) }
        self.lines = lines
    }
}

/// Collects the book's rows, trades and work.
struct BookOutput {
    private var rows: [UInt8] = []
    private var trades: DataTable?
    private var work: DataTable?
    /// The aggressive order that executions belong to: those of one time and side.
    private var open: (index: Int, time: Substring, side: Side, prices: Set<Int64>, fills: Int)?

    init(_ context: Context) {
        if context.arguments.string("trades") != nil {
            trades = DataTable(columns: [
                "message", "time", "price", "quantity", "maker", "taker", "taker_side", "hidden",
            ])
        }
        if context.arguments.string("work") != nil {
            work = DataTable(columns: [
                "message", "time", "kind", "status", "levels_swept", "fills", "cancels",
            ])
        }
    }

    mutating func row(_ text: String) {
        rows.append(contentsOf: text.utf8)
        rows.append(0x0A)
    }

    mutating func trade(message: Int, fill: Fill, side: Side) {
        trades?.append([
            .count(message), .missing, .number(Double(fill.price)), .number(Double(fill.quantity)),
            .text(String(fill.maker)), .text(String(fill.taker)), .text("\(side)"), .flag(false),
        ])
    }

    mutating func work(message: Int, kind: String, _ outcome: Outcome) {
        work?.append([
            .count(message), .missing, .text(kind), .text("\(outcome.status)"), .count(outcome.levelsSwept),
            .count(outcome.fills), .count(outcome.cancels),
        ])
    }

    /// A LOBSTER message: executions of one time and side are the work of one aggressive order.
    mutating func lobster(_ message: LobsterMessage, index: Int) {
        let isExecution = message.type == 4 || message.type == 5
        if isExecution {
            trades?.append([
                .count(index + 1), .text(String(message.time)), .number(Double(message.price)),
                .number(Double(message.size)), .text(String(message.order)), .missing,
                .text("\(message.side.opposite)"), .flag(message.type == 5),
            ])
        }
        if let last = open, !isExecution || last.time != message.time || last.side != message.side { flush() }
        switch message.type {
        case 1: plain(index, message, "limit", cancels: 0)
        case 2, 3: plain(index, message, message.type == 2 ? "reduce" : "cancel", cancels: 1)
        case 4, 5:
            if open == nil { open = (index, message.time, message.side, [], 0) }
            open?.prices.insert(message.price)
            open?.fills += 1
        default: break
        }
    }

    private mutating func plain(_ index: Int, _ message: LobsterMessage, _ kind: String, cancels: Int) {
        work?.append([
            .count(index + 1), .text(String(message.time)), .text(kind),
            .text(kind == "limit" ? "resting" : "done"), .count(0), .count(0), .count(cancels),
        ])
    }

    private mutating func flush() {
        guard let last = open else { return }
        work?.append([
            .count(last.index + 1), .text(String(last.time)), .text("aggressive"), .text("filled"),
            .count(last.prices.count), .count(last.fills), .count(0),
        ])
        open = nil
    }

    mutating func finish(_ context: Context) throws {
        flush()
        if let trades, let path = context.arguments.string("trades") {
            try ResultFolder.write(trades.bytes, to: path)
        }
        if let work, let path = context.arguments.string("work") {
            try ResultFolder.write(work.bytes, to: path)
        }
        try Output.write(rows, context)
    }
}
