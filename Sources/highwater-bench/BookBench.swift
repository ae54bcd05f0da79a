import Numerics
import OrderBook

extension BenchGroup {
    /// The exact book.
    static let book = BenchGroup(
        name: "book", abstract: "Messages a second through exact books, queues and matching included."
    ) { settings in
        [1, 40].map { books in
            let flow = OrderFlowSample(books: books, messages: 2_000_000, seed: 1)
            var fills = 0
            let seconds = settings.medianSeconds { fills = flow.run() }
            let count = Double(flow.messages.count)
            return BenchResult(
                name: "book, \(books) \(books == 1 ? "book" : "books") in turn",
                figures: [
                    ("messages_per_second", count / seconds),
                    ("nanoseconds_per_message", seconds / count * 1e9),
                    ("fills", Double(fills)), ("messages", count), ("adds", Double(flow.adds)),
                    ("cancels", Double(flow.cancels)), ("aggressive", Double(flow.aggressive)),
                    ("resting_orders_per_book", Double(flow.resting) / Double(books)),
                ])
        }
    }
}

/// A flow with the mix of NASDAQ's GOOG on 2012-06-21 (LOBSTER): 49 % new orders, 45 % cancels, 6 % that trade, most
/// new ones within a few ticks of the touch, each cancel any resting order of its book.
struct OrderFlowSample {
    enum Kind: UInt8 {
        case add, cancel, take
    }

    struct Message {
        var book: Int32
        var kind: Kind
        var order: Order
    }

    private(set) var messages: [Message] = []
    private(set) var adds = 0
    private(set) var cancels = 0
    private(set) var aggressive = 0
    private(set) var resting = 0
    private let bookCount: Int

    /// Runs the flow once to know what rests, and writes it down.
    init(books count: Int, messages total: Int, seed: UInt64) {
        bookCount = count
        var random = Random(seed: seed)
        let books = (0..<count).map { _ in Book(capacity: 256) }
        var live = [[UInt64]](repeating: [], count: count)
        var next: UInt64 = 1
        messages.reserveCapacity(total)
        for index in 0..<total {
            let place = index % count
            let book = books[place]
            let side: Side = random.uniform() < 0.5 ? .buy : .sell
            let luck = random.uniform()
            if book.orderCount > 200, luck < 0.45 + (book.orderCount > 1500 ? 0.1 : 0) {
                // A cancel of an order that still rests; traded ones are dropped from the list on the way.
                while !live[place].isEmpty {
                    let chosen = random.index(below: live[place].count)
                    let id = live[place][chosen]
                    live[place].swapAt(chosen, live[place].count - 1)
                    live[place].removeLast()
                    guard book.remaining(id) != nil else { continue }
                    book.cancel(id)
                    cancels += 1
                    messages.append(
                        Message(
                            book: Int32(place), kind: .cancel,
                            order: Order(id: id, side: side, price: 1, quantity: 1)))
                    break
                }
                continue
            }
            let isTaking = book.orderCount > 200 && luck < 0.51
            let order = OrderFlowSample.order(next, side, isTaking: isTaking, book, &random)
            next += 1
            let outcome = book.submit(order)
            if isTaking { aggressive += 1 } else { adds += 1 }
            if outcome.status == .resting { live[place].append(order.id) }
            messages.append(Message(book: Int32(place), kind: isTaking ? .take : .add, order: order))
        }
        resting = books.reduce(0) { $0 + $1.orderCount }
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
        let distance = 1 + Int64(random.exponential() * 8)
        return Order(
            id: id, side: side, price: side == .buy ? middle - distance : middle + 1 + distance,
            quantity: quantity)
    }

    /// Sends all messages through fresh books; gives the number of fills, so that nothing can be left out.
    func run() -> Int {
        let books = (0..<bookCount).map { _ in Book(capacity: 256) }
        var fills = 0
        messages.withUnsafeBufferPointer { messages in
            for index in messages.indices {
                let book = books[Int(messages[index].book)]
                switch messages[index].kind {
                case .cancel: book.cancel(messages[index].order.id)
                case .add, .take: fills &+= book.submit(messages[index].order).fills
                }
            }
        }
        return fills
    }
}
