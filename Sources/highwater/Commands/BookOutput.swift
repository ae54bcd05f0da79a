import CommandLineKit
import OrderBook
import Pipeline
import Tables

/// Collects the book's rows, trades and work.
struct BookOutput {
    /// The rows so far, as text.
    var rows: [UInt8] = []
    private var trades: DataTable?
    private var work: DataTable?
    private let costs: OperationCosts?
    /// The aggressive order that executions belong to: those of one time and side.
    private var open: (index: Int, message: LobsterMessage, prices: Set<Int64>, outcome: Outcome)?

    /// Collects nothing.
    static let empty = BookOutput()

    private init() { costs = nil }

    init(_ context: Context, _ costs: OperationCosts?) {
        self.costs = costs
        if context.arguments.string("trades") != nil {
            trades = DataTable(columns: [
                "message", "time", "price", "quantity", "maker", "taker", "taker_side", "hidden",
            ])
        }
        if context.arguments.string("work") != nil {
            work = DataTable(
                columns: [
                    "message", "time", "kind", "status", "levels_swept", "fills", "cancels", "order",
                    "filled",
                ] + (costs == nil ? [] : ["service_ns"]))
        }
    }

    mutating func trade(message: Int, time: String?, fill: Fill, side: Side) {
        trades?.append([
            .count(message), .optional(time), .count(Int(fill.price)), .count(Int(fill.quantity)),
            .text(String(fill.maker)), .text(String(fill.taker)), .text("\(side)"), .flag(false),
        ])
    }

    /// What a message, or a stop that it fired, was in work; `operation` is nil for one that costs nothing.
    mutating func work(
        message: Int, time: String?, kind: String, order: UInt64?, _ operation: BookMessage.Kind?,
        _ outcome: Outcome
    ) {
        guard work != nil else { return }
        // A message that takes an order out, or lots off it, is a cancel of that one.
        let isCancel = operation == .cancel || operation == .reduce || operation == .replace
        let done = isCancel && Outcome.Status.successes.contains(outcome.status)
        var cells: [DataTable.Cell] = [
            .count(message), .optional(time), .text(kind), .text(BookOutput.word(outcome.status)),
            .count(outcome.levelsSwept), .count(outcome.fills), .count(outcome.cancels + (done ? 1 : 0)),
            .optional(order.map { String($0) }), .count(Int(outcome.filled)),
        ]
        if let costs {
            cells.append(.number(operation.map { costs.nanoseconds($0, outcome) } ?? 0))
        }
        work?.append(cells)
    }

    /// An answer as the tables write it.
    private static func word(_ status: Outcome.Status) -> String {
        switch status {
        case .wouldTrade: "would_trade"
        case .notFillable: "not_fillable"
        default: "\(status)"
        }
    }

    /// A LOBSTER message: executions of one time and side are the work of one aggressive order.
    mutating func lobster(_ message: LobsterMessage, index: Int) {
        let isExecution = message.type == 4 || message.type == 5
        if isExecution {
            trades?.append([
                .count(index + 1), .text(String(message.time)), .count(Int(message.price)),
                .count(Int(message.size)), .text(String(message.order)), .missing,
                .text("\(message.side.opposite)"), .flag(message.type == 5),
            ])
        }
        if let last = open,
            !isExecution || last.message.time != message.time || last.message.side != message.side
        {
            flush()
        }
        switch message.type {
        case 1: plain(index, message, "limit", .submit, Outcome(.resting))
        case 2: plain(index, message, "reduce", .reduce, Outcome(.done))
        case 3: plain(index, message, "cancel", .cancel, Outcome(.done))
        case 4, 5:
            if open == nil { open = (index, message, [], Outcome(.filled)) }
            open?.prices.insert(message.price)
            open?.outcome.fills += 1
            open?.outcome.filled += message.size
        default: break
        }
    }

    private mutating func plain(
        _ index: Int, _ message: LobsterMessage, _ kind: String, _ operation: BookMessage.Kind,
        _ outcome: Outcome
    ) {
        work(
            message: index + 1, time: String(message.time), kind: kind, order: message.order, operation,
            outcome)
    }

    private mutating func flush() {
        guard var last = open else { return }
        last.outcome.levelsSwept = last.prices.count
        work(
            message: last.index + 1, time: String(last.message.time), kind: "aggressive", order: nil, .submit,
            last.outcome)
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
