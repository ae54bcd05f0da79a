import OrderBook
import TestSupport
import Testing

@Suite("The order book against a plain one")
struct DifferentialTests {
    /// Every kind of message at random; books drift, so that windows move and far levels are used.
    @Test(
        "does what a plain book does: same answers, same trades, same state after every message",
        arguments: 1...48)
    func differential(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let book = Book(capacity: 16)
        var stops = StopBook()
        var reference = ReferenceBook()
        var flow = RandomFlow(seed: seed)
        for step in 0..<2500 {
            var ours: [ReferenceBook.Event] = []
            let theirs: [ReferenceBook.Event]
            func note(_ order: Order, _ outcome: Outcome) {
                ours.append(.init(order: order.id, outcome: outcome, fills: Array(book.fills)))
            }
            if step % 500 == 0 { flow.drift() }
            let id = flow.id()
            switch Int.random(in: 0..<20, using: &random) {
            case 0..<4:
                let outcome = stops.cancel(id) ? Outcome(.done) : book.cancel(id)
                ours = [.init(order: id, outcome: outcome, fills: [])]
                theirs = [.init(order: id, outcome: reference.cancel(id), fills: [])]
            case 4, 5:
                let lots = Int64.random(in: 0...8, using: &random)
                ours = [.init(order: id, outcome: book.reduce(id, by: lots), fills: Array(book.fills))]
                theirs = [.init(order: id, outcome: reference.reduce(id, by: lots), fills: [])]
            case 6:
                let order = flow.order(id: flow.id())
                book.replace(id, with: order, firing: &stops, onOutcome: note)
                theirs = reference.replace(id, with: order)
            case 7 where step % 50 == 0:
                book.halt()
                reference.isHalted = true
                continue
            case 8 where book.isHalted:
                book.resume()
                reference.isHalted = false
                continue
            case 9, 10:
                let order = flow.order(id: id)
                let trigger = flow.price()
                book.place(stop: order, trigger: trigger, in: &stops, onOutcome: note)
                theirs = reference.stop(order, trigger: trigger)
            default:
                let order = flow.order(id: id)
                book.submit(order, firing: &stops, onOutcome: note)
                theirs = reference.submit(order)
            }
            #expect(ours == theirs, "step \(step)")
            #expect(book.stateHash() == reference.stateHash(), "step \(step)")
            #expect(book.lastPrice == reference.lastPrice && stops.count == reference.stops.count)
            guard ours == theirs, book.stateHash() == reference.stateHash() else { return }
            if step % 40 == 0 { compareLevels(book, reference) }
        }
        #expect(book.lastPrice != nil)
    }

    private func compareLevels(_ book: Book, _ reference: ReferenceBook) {
        for side in Side.allCases {
            let plain = reference.queue(side)
            let levels = book.levels(side, limit: .max)
            #expect(book.best(side) == plain.first?.price)
            #expect(
                levels.map(\.price)
                    == plain.map(\.price).reduce(into: []) { if $0.last != $1 { $0.append($1) } })
            for level in levels {
                let own = plain.filter { $0.price == level.price }
                #expect(level.orders == own.count && level.quantity == own.reduce(0) { $0 + $1.shown })
            }
        }
        #expect(book.orderCount == reference.orders.count)
        for order in reference.orders { #expect(book.remaining(order.id) == order.shown + order.hidden) }
    }

    @Test("many books in a row do what each does alone")
    func set() {
        let count = 5
        let set = BookSet(count: count, capacity: 16)
        let books = (0..<count).map { _ in Book() }
        var flow = RandomFlow(seed: 9)
        var random = SplitMix64(seed: 9)
        var work = BookSet.Work()
        var messages: [BookMessage] = []
        for _ in 0..<20_000 {
            let place = Int.random(in: 0..<count, using: &random)
            let id = flow.id()
            let message: BookMessage
            let outcome: Outcome
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<3: (message, outcome) = (.cancel(id, book: place), books[place].cancel(id))
            case 3: (message, outcome) = (.reduce(id, by: 3, book: place), books[place].reduce(id, by: 3))
            case 4:
                let order = flow.order(id: flow.id())
                message = BookMessage(.replace, order, book: place, target: id)
                outcome = books[place].replace(id, with: order)
            default:
                let order = flow.order(id: id)
                message = BookMessage(.submit, order, book: place)
                outcome = books[place].submit(order)
            }
            messages.append(message)
            work.fills += outcome.fills
            work.filled += outcome.filled
            let isReject = ![.filled, .resting, .expired, .done].contains(outcome.status)
            work.rejects += isReject ? 1 : 0
        }
        #expect(messages.withUnsafeBufferPointer { set.apply($0) } == work)
        #expect(set.orderCount == books.reduce(0) { $0 + $1.orderCount } && work.fills > 1000)
        for place in 0..<count { #expect(set.stateHash(of: place) == books[place].stateHash()) }
    }
}

/// Orders of every kind at random around a price that drifts.
struct RandomFlow {
    private var random: SplitMix64
    private var centre: Int64 = 10_000
    private let spread: Int64

    init(seed: UInt64) {
        random = SplitMix64(seed: seed &+ 1000)
        // A third of the flows use far more prices than a window has.
        spread = seed % 3 == 0 ? 9000 : 12
    }

    mutating func id() -> UInt64 { UInt64.random(in: 1...300, using: &random) }

    mutating func price() -> Int64 { max(0, centre + Int64.random(in: -spread...spread, using: &random)) }

    mutating func drift() { centre = max(20, centre + Int64.random(in: -9000...9000, using: &random)) }

    mutating func order(id: UInt64) -> Order {
        let kinds: [Order.Kind] = [.limit, .limit, .limit, .limit, .market, .marketByAmount]
        let kind = kinds[Int.random(in: 0..<6, using: &random)]
        let times = TimeInForce.allCases
        let time =
            Bool.random(using: &random) ? .goodTillCancel : times[Int.random(in: 0..<4, using: &random)]
        let quantity = Int64.random(in: 0...30, using: &random)
        let isIceberg = Int.random(in: 0..<5, using: &random) == 0
        return Order(
            id: id, side: Bool.random(using: &random) ? .buy : .sell, price: price(),
            quantity: kind == .marketByAmount ? quantity * centre : quantity,
            owner: UInt32.random(in: 0...3, using: &random), kind: kind, timeInForce: time,
            prevention: SelfTradePrevention.allCases[Int.random(in: 0..<4, using: &random)],
            display: isIceberg ? Int64.random(in: 0...12, using: &random) : 0)
    }
}
