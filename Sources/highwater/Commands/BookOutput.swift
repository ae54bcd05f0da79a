import CommandLineKit
import Files
import OrderBook
import Pipeline
import Tables

/// Collects the book's rows, trades and work.
struct BookOutput {
    /// The rows so far, as text.
    var rows: [UInt8] = []
    private var trades: TableWriter<CommandTables.BookTrade>?
    private var work: TableWriter<CommandTables.BookWork>?
    private let costs: OperationCosts?
    private let given: BookOptions?
    /// The aggressive order that executions belong to: those of one time and side.
    private var open: (index: Int, message: LobsterMessage, prices: Set<Int64>, outcome: Outcome)?

    /// Collects nothing.
    static var empty: BookOutput { BookOutput() }

    private init() { (costs, given) = (nil, nil) }

    init(_ given: BookOptions, _ costs: OperationCosts?) {
        self.costs = costs
        self.given = given
        if given.trades != nil {
            trades = CommandTables.bookTrades.writer()
        }
        if given.work != nil {
            work = CommandTables.bookWork.writer(with: costs == nil ? [] : ["--costs"])
        }
    }

    mutating func trade(message: Int, time: String?, fill: Fill, side: Side) {
        trades?.append(
            CommandTables.BookTrade(
                message: message, time: time, price: fill.price, quantity: Int64(fill.quantity),
                maker: String(fill.maker), taker: String(fill.taker), takerSide: side))
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
        work?.append(
            CommandTables.BookWork(
                message: message, time: time, kind: kind, order: order, outcome: outcome, isCancel: done,
                nanoseconds: costs.map { costs in operation.map { costs.nanoseconds($0, outcome) } ?? 0 }))
    }

    /// A LOBSTER message: executions of one time and side are the work of one aggressive order.
    mutating func lobster(_ message: LobsterMessage, index: Int) {
        let isExecution = message.type == 4 || message.type == 5
        if isExecution {
            trades?.append(
                CommandTables.BookTrade(
                    message: index + 1, time: String(message.time), price: message.price,
                    quantity: Int64(message.size), maker: String(message.order), taker: nil,
                    takerSide: message.side.opposite, isHidden: message.type == 5))
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

    mutating func finish() throws {
        flush()
        if let trades, let path = given?.trades {
            try ResultFile.write(trades.table.bytes, to: path)
        }
        if let work, let path = given?.work {
            try ResultFile.write(work.table.bytes, to: path)
        }
        try given?.output.write(rows)
    }
}
