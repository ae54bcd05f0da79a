import OrderBook
import Tables
import Units

extension CommandTables {
    /// A trade of the book; the taker of LOBSTER's executions is not known.
    struct BookTrade: Sendable {
        let message: Int
        let time: String?
        let price: Int64
        let quantity: Int64
        let maker: String
        let taker: String?
        let takerSide: Side
        var isHidden = false
    }

    static let bookTrades = TableSchema<BookTrade>(
        "book --trades", of: "book --trades", "A trade.",
        [
            .integer(
                "message", in: "messages", "Number of the message that caused it, counted from 1.", \.message),
            .text("time", in: "as in the input", "The message's time.", \.time),
            .integer("price", in: "ticks", "Trade price.") { Int($0.price) },
            .integer("quantity", in: "lots", "Traded quantity.") { Int($0.quantity) },
            .text("maker", in: .name, "The resting order.", \.maker),
            .text(
                "taker", in: .name, "The incoming order; empty if the input does not identify it.", \.taker),
            .text("taker_side", in: .word, "Side of the incoming order: buy or sell.") { "\($0.takerSide)" },
            .flag("hidden", "Whether the resting order was hidden.", \.isHidden),
        ])

    /// What a message was in work.
    struct BookWork: Sendable {
        let message: Int
        let time: String?
        let kind: String
        let order: UInt64?
        let outcome: Outcome
        /// Whether it took an order out, or lots off it.
        let isCancel: Bool
        let nanoseconds: Double?
    }

    static let bookWork = TableSchema<BookWork>(
        "book --work", of: "book --work", "A message, or a stop that a message triggered, and its work.",
        [
            .integer("message", in: "messages", "Number of the message, counted from 1.", \.message),
            .text("time", in: "as in the input", "Time of the message.", \.time),
            .text("kind", in: .word, "Kind of message.", \.kind),
            .text("status", in: .word, "The book's response.") { word($0.outcome.status) },
            .integer("levels_swept", in: "levels", "Price levels traded through.") {
                $0.outcome.levelsSwept
            },
            .integer("fills", in: "fills", "Resting orders traded with.") { $0.outcome.fills },
            .integer("cancels", in: "orders", "Orders cancelled.") {
                $0.outcome.cancels + ($0.isCancel ? 1 : 0)
            },
            .text("order", in: .name, "The order concerned.") { $0.order.map { String($0) } },
            .integer("filled", in: "lots", "Quantity traded.") { Int($0.outcome.filled) },
            .number("service_ns", in: "ns", "Service time of the message.", \.nanoseconds).only(
                with: "--costs"),
        ])

    /// An answer as the tables write it.
    private static func word(_ status: Outcome.Status) -> String {
        switch status {
        case .wouldTrade: "would_trade"
        case .notFillable: "not_fillable"
        default: "\(status)"
        }
    }

    /// A generated order, as `book --format-in csv` reads it.
    struct FlowOrder: Sendable {
        let type: String
        let id: UInt64
        var side: Side?
        var price: Int64?
        var quantity: Int64?
    }

    static let flowOrders = TableSchema<FlowOrder>(
        "flow --orders", of: "flow --orders", "A generated message, in the format of 'book --format-in csv'.",
        [
            .text("type", in: .word, "limit, market or cancel.", \.type),
            .integer("id", in: .name, "Order id.") { Int($0.id) },
            .text("side", in: .word, "buy or sell.") { $0.side.map { "\($0)" } },
            .integer("price", in: "ticks", "Limit price; empty for a market order.") {
                $0.price.map { Int($0) }
            },
            .integer("quantity", in: "lots", "Order quantity.") { $0.quantity.map { Int($0) } },
        ])

    /// A fact of order flow.
    struct FlowFact: Sendable {
        let name: String
        let observed: Double
        let generated: Double?
    }

    static let flow = TableSchema<FlowFact>(
        "flow", of: "flow", "A statistic of the order flow.",
        [
            .text("fact", in: .name, "Name of the statistic, ending in its unit.", \.name),
            .number("observed", in: "as its name says", "Value in the input.", \.observed),
            .number("generated", in: "as its name says", "Value in the generated flow.", \.generated),
        ])
}
