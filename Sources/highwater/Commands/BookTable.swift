import CommandLineKit
import OrderBook
import Units

/// A table of messages for the exact book.
struct BookTable {
    private let lines: BookLines
    private let levels: Int
    private let columns: [String: Int]

    private static let names = [
        "type", "id", "side", "price", "quantity", "new_id", "owner", "tif", "stp", "display", "trigger",
    ]
    private static let times: [String: TimeInForce] = [
        "gtc": .goodTillCancel, "ioc": .immediateOrCancel, "fok": .fillOrKill, "post_only": .postOnly,
    ]
    private static let preventions: [String: SelfTradePrevention] = [
        "none": .none, "expire_maker": .expireMaker, "expire_taker": .expireTaker, "expire_both": .expireBoth,
    ]

    init(_ lines: BookLines, levels: Int) throws {
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
                    columns[name] == nil ? "unknown column '\(name)'" : "the column '\(name)' comes twice",
                    file: lines.path, line: 1, column: place,
                    suggestion: nearMiss(to: name, among: BookTable.names), exit: .badInput)
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
            let row = Row(
                fields: line.split(separator: ",", omittingEmptySubsequences: false), columns: columns,
                file: lines.path, line: index + 1)
            try apply(row, message: index, to: book, &stops, &output)
            output.row(
                LobsterRow.text(
                    asks: book.levels(.sell, limit: levels), bids: book.levels(.buy, limit: levels),
                    levels: levels))
        }
    }

    private func apply(
        _ row: Row, message: Int, to book: Book, _ stops: inout StopBook, _ output: inout BookOutput
    ) throws {
        let type = try row.text("type")
        switch type {
        case "limit", "market", "amount":
            var collected = output
            book.submit(try order(row, type), firing: &stops) { order, outcome in
                for fill in book.fills { collected.trade(message: message, fill: fill, side: order.side) }
                collected.work(message: message, kind: type, outcome)
            }
            output = collected
        case "stop":
            stops.add(
                try order(row, row.has("price") ? "limit" : "market"), trigger: try row.number("trigger"))
            output.work(message: message, kind: type, Outcome(.resting))
        case "cancel":
            let id = try row.id("id")
            let outcome = stops.cancel(id) ? Outcome(.done) : book.cancel(id)
            output.work(message: message, kind: type, outcome)
        case "reduce":
            let outcome = book.reduce(try row.id("id"), by: try row.number("quantity"))
            output.work(message: message, kind: type, outcome)
        case "replace":
            var order = try order(row, "limit")
            let old = order.id
            if row.has("new_id") { order.id = try row.id("new_id") }
            let outcome = book.replace(old, with: order)
            for fill in book.fills { output.trade(message: message, fill: fill, side: order.side) }
            output.work(message: message, kind: type, outcome)
        case "halt": book.halt()
        case "resume": book.resume()
        default:
            let known = [
                "limit", "market", "amount", "stop", "cancel", "reduce", "replace", "halt", "resume",
            ]
            throw row.error("type", "unknown type '\(type)'", suggestion: nearMiss(to: type, among: known))
        }
    }

    private func order(_ row: Row, _ type: String) throws -> Order {
        let side = try row.word("side", ["buy": Side.buy, "sell": .sell, "b": .buy, "s": .sell], nil)
        return Order(
            id: try row.id("id"), side: side, price: type == "limit" ? try row.number("price") : 0,
            quantity: try row.number("quantity"),
            owner: row.has("owner") ? UInt32(clamping: try row.number("owner")) : 0,
            kind: type == "limit" ? .limit : type == "market" ? .market : .marketByAmount,
            timeInForce: try row.word("tif", BookTable.times, .goodTillCancel),
            prevention: try row.word("stp", BookTable.preventions, SelfTradePrevention.none),
            display: row.has("display") ? try row.number("display") : 0)
    }

    /// One line with its columns.
    private struct Row {
        var fields: [Substring]
        var columns: [String: Int]
        var file: String
        var line: Int

        private func field(_ name: String) -> Substring? {
            columns[name].flatMap { fields.indices.contains($0) && !fields[$0].isEmpty ? fields[$0] : nil }
        }

        func has(_ name: String) -> Bool { field(name) != nil }

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
                throw error(name, "'\(text)' is not an id: a whole number, 0 or more")
            }
            return value
        }

        func word<Value>(_ name: String, _ values: [String: Value], _ absent: Value?) throws -> Value {
            guard let field = field(name) else {
                if let absent { return absent }
                throw error(name, "'\(name)' is missing")
            }
            guard let value = values[field.lowercased()] else {
                let known = values.keys.sorted()
                throw error(
                    name, "'\(field)' is none of \(known.joined(separator: ", "))",
                    suggestion: nearMiss(to: String(field), among: known))
            }
            return value
        }
    }
}
