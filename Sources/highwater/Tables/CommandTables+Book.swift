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
            .integer("message", in: "messages", "The message that caused it, from 1.", \.message),
            .text("time", in: "as in the input", "The message's time.", \.time),
            .integer("price", in: "ticks", "The price.") { Int($0.price) },
            .integer("quantity", in: "lots", "The quantity.") { Int($0.quantity) },
            .text("maker", in: .name, "The order that rested.", \.maker),
            .text("taker", in: .name, "The order that came; empty where the input does not tell.", \.taker),
            .text("taker_side", in: .word, "buy or sell.") { "\($0.takerSide)" },
            .flag("hidden", "Whether the order that rested was hidden.", \.isHidden),
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
        "book --work", of: "book --work", "A message, or a stop that one fired, in work.",
        [
            .integer("message", in: "messages", "The message, from 1.", \.message),
            .text("time", in: "as in the input", "Its time.", \.time),
            .text("kind", in: .word, "What it was.", \.kind),
            .text("status", in: .word, "How the book answered.") { word($0.outcome.status) },
            .integer("levels_swept", in: "levels", "Price levels that it traded through.") {
                $0.outcome.levelsSwept
            },
            .integer("fills", in: "fills", "Orders that it traded with.") { $0.outcome.fills },
            .integer("cancels", in: "orders", "Orders that it took out.") {
                $0.outcome.cancels + ($0.isCancel ? 1 : 0)
            },
            .text("order", in: .name, "The order that it is about.") { $0.order.map { String($0) } },
            .integer("filled", in: "lots", "What it traded.") { Int($0.outcome.filled) },
            .number("service_ns", in: "ns", "The time it takes.", \.nanoseconds).only(with: "--costs"),
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
        "flow --orders", of: "flow --orders", "A generated message, as 'book --format-in csv' reads it.",
        [
            .text("type", in: .word, "limit, market or cancel.", \.type),
            .integer("id", in: .name, "The order.") { Int($0.id) },
            .text("side", in: .word, "buy or sell.") { $0.side.map { "\($0)" } },
            .integer("price", in: "ticks", "The limit; empty for a market order.") {
                $0.price.map { Int($0) }
            },
            .integer("quantity", in: "lots", "The quantity.") { $0.quantity.map { Int($0) } },
        ])

    /// A fact of order flow.
    struct FlowFact: Sendable {
        let name: String
        let observed: Double
        let generated: Double?
    }

    static let flow = TableSchema<FlowFact>(
        "flow", of: "flow", "A fact of order flow.",
        [
            .text("fact", in: .name, "The fact, with its unit last.", \.name),
            .number("observed", in: "as its name says", "Its figure in the input.", \.observed),
            .number("generated", in: "as its name says", "In what the model generated.", \.generated),
        ])
}
