/// Rebuilds the book that LOBSTER's messages describe.
///
/// The messages cover a window of so many levels a side, so that the book has to be told what they leave out: it starts
/// from the first row of the `orderbook` file; a level that becomes visible at the bottom of the window, because one
/// above it went, is taken from that message's row; a level that leaves the window is forgotten, with its orders. Shares
/// of a level that no known order holds are one nameless order.
public struct LobsterReplay {
    /// The book, with prices in units of `tick`.
    public let book = Book(capacity: 4096)
    /// Dollars times 10,000 of a tick.
    public let tick: Int64
    /// Levels of the window; nil: all that the messages tell.
    public let window: Int?
    /// Messages that named shares which the book does not hold.
    public private(set) var mismatches = 0
    private var isHalted = false

    /// A replay from the first row of the `orderbook` file, if there is one.
    public init(first: LobsterRow?, tick: Int64) {
        self.tick = max(1, tick)
        window = first.map(\.asks.count)
        for level in first?.asks ?? [] { adopt(level, .sell) }
        for level in first?.bids ?? [] { adopt(level, .buy) }
    }

    /// The largest tick of which all prices that touch the book are multiples.
    public static func tick(of prices: some Sequence<Int64>) -> Int64 {
        var common: Int64 = 0
        for price in prices where price > 0 {
            var (one, other) = (common, price)
            while other != 0 { (one, other) = (other, one % other) }
            common = one
            if common == 1 { break }
        }
        return max(1, common)
    }

    /// Applies a message; `row` is that message's row of the `orderbook` file, of which the last level is read.
    public mutating func apply(_ message: LobsterMessage, row: LobsterRow?) {
        let price = message.price / tick
        switch message.type {
        case 1:
            let order = Order(id: message.order, side: message.side, price: price, quantity: message.size)
            // What the messages say rests, rests: in a halt, or before a cross, the sides may overlap.
            if !isHalted, crosses(order) { mismatches += 1 }
            if !book.restUnmatched(order) { mismatches += 1 }
        case 2, 3, 4: take(message, price: price)
        case 7:
            // −1: halted; 0: quotes are taken again; 1: trading is.
            isHalted = message.price != 1
            return
        default: return
        }
        settle(message.side, row: row)
    }

    private func crosses(_ order: Order) -> Bool {
        guard let best = book.best(order.side.opposite) else { return false }
        return order.side == .buy ? order.price >= best : order.price <= best
    }

    /// Shares leave: by reduction, deletion or execution.
    private mutating func take(_ message: LobsterMessage, price: Int64) {
        if book.remaining(message.order) != nil {
            if message.type == 3 {
                book.cancel(message.order)
            } else {
                book.reduce(message.order, by: message.size)
            }
            return
        }
        let nameless = LobsterReplay.namelessID(message.side, price)
        if book.reduce(nameless, by: message.size).status == .unknown { mismatches += 1 }
    }

    /// Forgets what left the window and takes in what entered it.
    private func settle(_ side: Side, row: LobsterRow?) {
        guard let window else { return }
        let levels = book.levels(side, limit: window + 1)
        if levels.count > window {
            book.cancelAll(side, at: levels[window].price)
        } else if levels.count < window {
            let bottom = (side == .sell ? row?.asks : row?.bids)?.last ?? nil
            if let bottom, !levels.contains(where: { $0.price == bottom.price / tick }) {
                adopt(bottom, side)
            }
        }
    }

    /// A level whose orders nobody knows.
    private func adopt(_ level: Book.Level?, _ side: Side) {
        guard let level else { return }
        let price = level.price / tick
        _ = book.restUnmatched(
            Order(
                id: LobsterReplay.namelessID(side, price), side: side, price: price, quantity: level.quantity)
        )
    }

    /// An id that no message has: those are far below.
    private static func namelessID(_ side: Side, _ price: Int64) -> UInt64 {
        1 << 63 | UInt64(side.rawValue) << 62 | UInt64(price)
    }

    /// Appends the book as a row of the `orderbook` file, for so many levels, with a line end.
    public func write(levels: Int, to text: inout [UInt8]) {
        LobsterRow.write(
            asks: scaled(.sell, levels), bids: scaled(.buy, levels), levels: levels, to: &text)
    }

    /// The book as a row of the `orderbook` file, for so many levels.
    public func row(levels: Int) -> String {
        LobsterRow.text(asks: scaled(.sell, levels), bids: scaled(.buy, levels), levels: levels)
    }

    private func scaled(_ side: Side, _ limit: Int) -> [Book.Level] {
        book.levels(side, limit: limit).map {
            Book.Level(price: $0.price * tick, quantity: $0.quantity, orders: $0.orders)
        }
    }
}
