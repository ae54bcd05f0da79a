import CommandLineKit
import OrderBook
import Units

/// A table of messages for the exact book.
struct BookTable {
    private let lines: TextLines
    private let levels: Int
    private let columns: [String: Int]

    private static let names = [
        "type", "id", "side", "price", "quantity", "new_id", "owner", "tif", "stp", "display", "trigger",
        "time",
    ]
    private static let types = [
        "limit", "market", "amount", "stop", "cancel", "reduce", "replace", "halt", "resume",
    ]
    private static let times: [String: TimeInForce] = [
        "gtc": .goodTillCancel, "ioc": .immediateOrCancel, "fok": .fillOrKill, "post_only": .postOnly,
    ]
    private static let preventions: [String: SelfTradePrevention] = [
        "none": .none, "expire_maker": .expireMaker, "expire_taker": .expireTaker, "expire_both": .expireBoth,
    ]

    init(_ lines: TextLines, levels: Int) throws {
        self.lines = lines
        self.levels = levels
        var columns: [String: Int] = [:]
        var place = 1
        for (index, field) in lines.lines[0].split(separator: ",", omittingEmptySubsequences: false)
            .enumerated()
        {
            let name = String(field)
            guard BookTable.names.contains(name), columns[name] == nil else {
                throw ToolError(
                    columns[name] == nil ? "unknown column '\(name)'" : "duplicate column '\(name)'",
                    file: lines.path, line: 1, column: place,
                    suggestion: columns[name] == nil ? nearMiss(to: name, among: BookTable.names) : nil,
                    exit: .badInput)
            }
            columns[name] = index
            place += field.count + 1
        }
        guard columns["type"] != nil else {
            throw ToolError(
                "the column 'type' is missing", file: lines.path, line: 1, column: 1, exit: .badInput)
        }
        self.columns = columns
    }

    /// Runs all messages.
    func run(_ output: inout BookOutput) throws {
        let book = Book()
        var stops = StopBook()
        for (index, line) in lines.lines.enumerated().dropFirst() {
            let row = try BookTableRow(line, columns: columns, file: lines.path, line: index + 1)
            try apply(row, message: index, to: book, &stops, &output)
            LobsterRow.write(
                asks: book.levels(.sell, limit: levels), bids: book.levels(.buy, limit: levels),
                levels: levels, to: &output.rows)
        }
    }

    private func apply(
        _ row: BookTableRow, message: Int, to book: Book, _ stops: inout StopBook, _ output: inout BookOutput
    ) throws {
        let type = try row.text("type").lowercased()
        let time = row.optional("time")
        var collected = output
        func tell(
            _ kind: String, _ order: UInt64?, _ operation: BookMessage.Kind?, _ outcome: Outcome,
            side: Side = .buy
        ) {
            if outcome.fills > 0 {
                for fill in book.fills {
                    collected.trade(message: message, time: time, fill: fill, side: side)
                }
            }
            collected.work(
                message: message, time: time, kind: kind, order: order, operation, outcome)
        }
        // The first answer is the message's own, those after it are of stops that it fired.
        var isFirst = true
        func answer(_ operation: BookMessage.Kind?) -> (Order, Outcome) -> Void {
            { order, outcome in
                tell(
                    isFirst ? type : "stop", order.id, isFirst ? operation : .submit, outcome,
                    side: order.side)
                isFirst = false
            }
        }
        // The rows so far must not be copied.
        output = BookOutput.empty
        defer { output = collected }
        try perform(row, type, on: book, &stops, tell: { tell($0, $1, $2, $3) }, answer: answer)
    }

    /// Does what a row says: `tell` is told what came of it, `answer` makes what is told of each order in turn.
    private func perform(
        _ row: BookTableRow, _ type: String, on book: Book, _ stops: inout StopBook,
        tell: (String, UInt64?, BookMessage.Kind?, Outcome) -> Void,
        answer: (BookMessage.Kind?) -> (Order, Outcome) -> Void
    ) throws {
        switch type {
        case "limit", "market", "amount":
            book.submit(try order(row, type), firing: &stops, onOutcome: answer(.submit))
        case "stop":
            let order = try order(row, row.has("price") ? "limit" : "market")
            book.place(
                stop: order, trigger: try row.number("trigger"), in: &stops, onOutcome: answer(.submit))
        case "cancel":
            let id = try row.id("id")
            tell(type, id, .cancel, stops.cancel(id) ? Outcome(.done) : book.cancel(id))
        case "reduce":
            let id = try row.id("id")
            tell(type, id, .reduce, book.reduce(id, by: try row.number("quantity")))
        case "replace":
            var order = try order(row, "limit")
            let old = order.id
            if row.has("new_id") { order.id = try row.id("new_id") }
            book.replace(old, with: order, firing: &stops, onOutcome: answer(.replace))
        case "halt":
            book.halt()
            tell(type, nil, nil, Outcome(.done))
        case "resume":
            book.resume()
            tell(type, nil, nil, Outcome(.done))
        default:
            throw row.error(
                "type", "unknown type '\(type)'", suggestion: nearMiss(to: type, among: BookTable.types))
        }
    }

    private func order(_ row: BookTableRow, _ type: String) throws -> Order {
        let side = try row.word("side", ["buy": Side.buy, "sell": .sell, "b": .buy, "s": .sell], nil)
        let owner = row.has("owner") ? try row.number("owner") : 0
        guard let owner = UInt32(exactly: owner) else {
            throw row.error("owner", "'owner' must be a whole number from 0 to \(UInt32.max)")
        }
        return Order(
            id: try row.id("id"), side: side, price: type == "limit" ? try row.number("price") : 0,
            quantity: try row.number("quantity"), owner: owner,
            kind: type == "limit" ? .limit : type == "market" ? .market : .marketByAmount,
            timeInForce: try row.word("tif", BookTable.times, .goodTillCancel),
            prevention: try row.word("stp", BookTable.preventions, SelfTradePrevention.none),
            display: row.has("display") ? try row.number("display") : 0)
    }
}

/// One line with its columns.
struct BookTableRow {
    private let fields: [Substring]
    private let columns: [String: Int]
    private let file: String
    private let line: Int

    /// Fields that are missing at the end of a line are empty ones.
    init(_ text: Substring, columns: [String: Int], file: String, line: Int) throws {
        fields = text.split(separator: ",", omittingEmptySubsequences: false)
        self.columns = columns
        self.file = file
        self.line = line
        if fields.count > columns.count {
            let column = fields.prefix(columns.count).reduce(1) { $0 + $1.count + 1 }
            throw ToolError(
                "expected \(columns.count) fields, as in the header, but found \(fields.count)", file: file,
                line: line,
                column: column, exit: .badInput)
        }
    }

    private func field(_ name: String) -> Substring? {
        columns[name].flatMap { fields.indices.contains($0) && !fields[$0].isEmpty ? fields[$0] : nil }
    }

    func has(_ name: String) -> Bool { field(name) != nil }

    func optional(_ name: String) -> String? { field(name).map { String($0) } }

    func error(_ name: String, _ message: String, suggestion: String? = nil) -> ToolError {
        let place = columns[name] ?? 0
        let column = fields.prefix(place).reduce(1) { $0 + $1.count + 1 }
        return ToolError(
            message, file: file, line: line, column: column, suggestion: suggestion, exit: .badInput)
    }

    func text(_ name: String) throws -> String {
        guard let field = field(name) else { throw error(name, "'\(name)' is missing") }
        return String(field)
    }

    func number(_ name: String) throws -> Int64 {
        let text = try text(name)
        guard let value = Int64(text) else { throw error(name, "'\(text)' is not a whole number") }
        return value
    }

    func id(_ name: String) throws -> UInt64 {
        let text = try text(name)
        guard let value = UInt64(text) else {
            throw error(name, "'\(text)' is not an id: expected a whole number of 0 or more")
        }
        return value
    }

    func word<Value>(_ name: String, _ values: [String: Value], _ absent: Value?) throws -> Value {
        guard let field = field(name) else {
            if let absent { return absent }
            throw error(name, "'\(name)' is missing")
        }
        guard let value = values[field.lowercased()] else {
            let known = values.keys.filter { $0.count > 1 }.sorted()
            throw error(
                name, "'\(field)' is unknown; expected one of \(known.joined(separator: ", "))",
                suggestion: nearMiss(to: String(field), among: known))
        }
        return value
    }
}
