import Numerics
import OrderBook

/// Messages for many books, which is measured after some of them have filled the books.
struct OrderFlowSample {
    /// What fills the books first.
    var warmUp: [BookMessage] = []
    /// What is measured.
    var messages: [BookMessage] = []
    /// How many books.
    var books: Int

    /// A flow with the mix of NASDAQ's GOOG on 2012-06-21 (LOBSTER): 49 % new orders, 45 % cancels, 6 % that trade, most
    /// new ones within a few ticks of the touch, each cancel any resting order of its book.
    static func synthetic(books count: Int, messages total: Int, seed: UInt64) -> OrderFlowSample {
        var random = Random(seed: seed)
        let books = (0..<count).map { _ in Book(capacity: 256) }
        var live = [[UInt64]](repeating: [], count: count)
        var next: UInt64 = 1
        var all: [BookMessage] = []
        all.reserveCapacity(total)
        for turn in 0..<total {
            let place = turn % count
            let book = books[place]
            let side: Side = random.uniform() < 0.5 ? .buy : .sell
            let luck = random.uniform()
            if book.orderCount > 200, luck < 0.45 {
                if let id = takeAny(&live[place], of: book, &random) {
                    book.cancel(id)
                    all.append(.cancel(id, book: place))
                }
                continue
            }
            let isTaking = book.orderCount > 200 && luck < 0.51
            let order = order(next, side, isTaking: isTaking, book, &random)
            next += 1
            if book.submit(order).status == .resting { live[place].append(order.id) }
            all.append(BookMessage(.submit, order, book: place))
        }
        return OrderFlowSample(all, warmUp: all.count / 10, books: count)
    }

    /// exchange-core's published mix: 9 % new orders, 3 % that trade, 6 % cancels, 82 % moves to another price.
    static func moves(books count: Int, messages total: Int, seed: UInt64) -> OrderFlowSample {
        var random = Random(seed: seed)
        let books = (0..<count).map { _ in Book(capacity: 1024) }
        var live = [[UInt64]](repeating: [], count: count)
        var next: UInt64 = 1
        var all: [BookMessage] = []
        all.reserveCapacity(total)
        for turn in 0..<total {
            let place = turn % count
            let book = books[place]
            let side: Side = random.uniform() < 0.5 ? .buy : .sell
            let luck = book.orderCount > 800 ? random.uniform() : 0
            let message: BookMessage
            switch luck {
            case ..<0.09:
                message = BookMessage(
                    .submit, order(next, side, isTaking: false, book, &random), book: place)
            case ..<0.12:
                message = BookMessage(
                    .submit, order(next, side, isTaking: true, book, &random), book: place)
            case ..<0.18:
                guard let id = takeAny(&live[place], of: book, &random) else { continue }
                message = .cancel(id, book: place)
            default:
                guard let id = takeAny(&live[place], of: book, &random) else { continue }
                let moved = order(id, side, isTaking: false, book, &random)
                message = BookMessage(.replace, moved, book: place, target: id)
            }
            next += 1
            let outcome = book.apply(message)
            if outcome.status == .resting { live[place].append(message.order.id) }
            all.append(message)
        }
        return OrderFlowSample(all, warmUp: count * 1000, books: count)
    }

    init(_ all: [BookMessage], warmUp count: Int, books: Int) {
        warmUp = Array(all.prefix(count))
        messages = Array(all.dropFirst(count))
        self.books = books
    }

    /// Any order that still rests, taken from the list; traded ones are dropped on the way.
    private static func takeAny(_ live: inout [UInt64], of book: Book, _ random: inout Random) -> UInt64? {
        while !live.isEmpty {
            let chosen = random.index(below: live.count)
            let id = live[chosen]
            live.swapAt(chosen, live.count - 1)
            live.removeLast()
            if book.remaining(id) != nil { return id }
        }
        return nil
    }

    private static func order(
        _ id: UInt64, _ side: Side, isTaking: Bool, _ book: Book, _ random: inout Random
    ) -> Order {
        let quantity = Int64(1 + random.index(below: 200))
        if isTaking {
            return Order(
                id: id, side: side, price: 0, quantity: 2 * quantity, kind: .market,
                timeInForce: .immediateOrCancel)
        }
        let middle = ((book.best(.buy) ?? 9_998) + (book.best(.sell) ?? 10_002)) / 2
        let distance = 1 + Int64(saturating: random.exponential() * 8)
        return Order(
            id: id, side: side, price: side == .buy ? middle - distance : middle + 1 + distance,
            quantity: quantity)
    }
}
