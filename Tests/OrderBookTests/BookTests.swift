import OrderBook
import TestSupport
import Testing

@Suite("The order book")
struct BookTests {
    private func limit(_ id: UInt64, _ side: Side, _ price: Int64, _ quantity: Int64) -> Order {
        Order(id: id, side: side, price: price, quantity: quantity)
    }

    @Test("price comes before time, and time decides among equals")
    func priority() {
        let book = Book()
        book.submit(limit(1, .sell, 102, 5))
        book.submit(limit(2, .sell, 101, 5))
        book.submit(limit(3, .sell, 101, 5))
        let outcome = book.submit(limit(9, .buy, 102, 12))
        #expect(book.fills.map(\.maker) == [2, 3, 1] && book.fills.map(\.quantity) == [5, 5, 2])
        #expect(outcome.status == .filled && outcome.levelsSwept == 2 && outcome.fills == 3)
        #expect(book.lastPrice == 102 && book.remaining(1) == 3)
    }

    @Test("a reduction keeps the place in the queue, a replacement loses it")
    func places() {
        let book = Book()
        for id in 1...3 { book.submit(limit(UInt64(id), .buy, 100, 10)) }
        book.reduce(1, by: 4)
        book.replace(2, with: limit(2, .buy, 100, 10))
        #expect(book.queue(.buy).map(\.id) == [1, 3, 2])
        #expect(book.reduce(1, by: 6).status == .done && book.remaining(1) == nil)
    }

    @Test("an iceberg's next slice goes to the back of the queue")
    func iceberg() {
        let book = Book()
        var iceberg = limit(1, .sell, 100, 25)
        iceberg.display = 10
        book.submit(iceberg)
        book.submit(limit(2, .sell, 100, 10))
        #expect(book.levels(.sell, limit: 1) == [Book.Level(price: 100, quantity: 20, orders: 2)])
        book.submit(limit(9, .buy, 100, 22))
        #expect(book.fills.map(\.maker) == [1, 2, 1] && book.fills.map(\.quantity) == [10, 10, 2])
        #expect(book.queue(.sell).map(\.shown) == [8] && book.queue(.sell).map(\.hidden) == [5])
    }

    @Test("fill or kill probes first and leaves the book as it was")
    func fillOrKill() {
        let book = Book()
        book.submit(limit(1, .sell, 100, 5))
        book.submit(limit(2, .sell, 101, 5))
        let before = book.stateHash()
        var order = limit(9, .buy, 101, 11)
        order.timeInForce = .fillOrKill
        #expect(book.submit(order).status == .notFillable && book.stateHash() == before && book.fills.isEmpty)
        order.quantity = 10
        #expect(book.submit(order).status == .filled && book.orderCount == 0)
    }

    @Test("orders by amount spend what they can, in whole lots")
    func byAmount() {
        let book = Book()
        book.submit(limit(1, .sell, 30, 2))
        book.submit(limit(2, .sell, 40, 9))
        let order = Order(id: 9, side: .buy, price: 0, quantity: 199, kind: .marketByAmount)
        let outcome = book.submit(order)
        #expect(book.fills.map(\.quantity) == [2, 3] && outcome.status == .expired && outcome.filled == 5)
    }

    @Test("who would trade with himself does as he asked", arguments: SelfTradePrevention.allCases)
    func selfTrades(mode: SelfTradePrevention) {
        let book = Book()
        book.submit(Order(id: 1, side: .sell, price: 100, quantity: 5, owner: 7))
        book.submit(Order(id: 2, side: .sell, price: 100, quantity: 5, owner: 8))
        let outcome = book.submit(
            Order(id: 9, side: .buy, price: 100, quantity: 5, owner: 7, prevention: mode))
        switch mode {
        case .none: #expect(book.fills.map(\.maker) == [1] && outcome.cancels == 0)
        case .expireMaker:
            #expect(book.fills.map(\.maker) == [2] && outcome.cancels == 1 && book.orderCount == 0)
        case .expireTaker: #expect(book.fills.isEmpty && outcome.status == .expired && book.orderCount == 2)
        case .expireBoth: #expect(book.fills.isEmpty && outcome.cancels == 1 && book.orderCount == 1)
        }
    }

    @Test("a halted book takes cancels and no orders")
    func halted() {
        let book = Book()
        book.submit(limit(1, .buy, 100, 5))
        book.halt()
        #expect(book.submit(limit(2, .sell, 100, 5)).status == .halted)
        #expect(book.cancel(1).status == .done)
        book.resume()
        #expect(book.submit(limit(2, .sell, 100, 5)).status == .resting)
    }

    @Test("what cannot be is rejected, and sums never overflow")
    func limits() {
        let book = Book()
        for order in [
            limit(1, .buy, 0, 1), limit(1, .buy, 1, 0), limit(1, .buy, -5, 1), limit(1, .buy, .max, 1),
            limit(1, .buy, 1, .max), limit(1, .buy, 1, .min),
        ] { #expect(book.submit(order).status == .invalid) }
        for id in 1...100 {
            #expect(book.submit(limit(UInt64(id), .buy, Order.valueMax, Order.valueMax)).status == .resting)
        }
        #expect(book.submit(limit(1, .buy, 5, 5)).status == .duplicate)
        #expect(book.reduce(1, by: .max).status == .done)
        #expect(book.levels(.buy, limit: 1).first?.orders == 99)
    }

    @Test("levels far from the touch come back when the touch moves there")
    func farLevels() {
        let book = Book()
        let prices: [Int64] = [1, 500, 5_000, 50_000, 1_000_000, 1 << 40]
        for (index, price) in prices.enumerated() { book.submit(limit(UInt64(index + 1), .sell, price, 1)) }
        #expect(book.levels(.sell, limit: 10).map(\.price) == prices)
        for price in prices {
            #expect(book.best(.sell) == price)
            book.submit(limit(99, .buy, 1 << 41, 1))
            #expect(book.fills.first?.price == price)
        }
        #expect(book.best(.sell) == nil && book.best(.buy) == nil)
    }
}

@Suite("Stops")
struct StopTests {
    @Test("a trade fires stops, whose trades fire others: a cascade")
    func cascade() {
        let book = Book()
        for (id, price) in [(1, 100), (2, 98), (3, 96), (4, 94)] {
            book.submit(Order(id: UInt64(id), side: .buy, price: Int64(price), quantity: 10))
        }
        var stops = StopBook()
        func stop(_ id: UInt64, _ trigger: Int64, _ side: Side = .sell) {
            stops.add(Order(id: id, side: side, price: 0, quantity: 10, kind: .market), trigger: trigger)
        }
        stop(13, 95)
        stop(11, 99)
        stop(12, 97)
        stop(14, 90)
        stop(15, 150, .buy)
        var fired: [UInt64] = []
        // Takes all of 100 and one of 98, which is below the first trigger.
        let order = Order(id: 10, side: .sell, price: 0, quantity: 11, kind: .market)
        book.submit(order, firing: &stops) { order, outcome in
            fired.append(order.id)
            #expect(outcome.filled > 0)
        }
        #expect(fired == [10, 11, 12, 13] && stops.count == 2)
        #expect(stops.cancel(14) && !stops.cancel(14) && stops.count == 1)
    }

    @Test("stops of one trigger fire in the order in which they came")
    func order() {
        var stops = StopBook()
        for id in 1...4 {
            stops.add(
                Order(id: UInt64(id), side: .buy, price: 0, quantity: 1, kind: .market),
                trigger: id == 4 ? 99 : 100)
        }
        var fired: [UInt64] = []
        while let order = stops.next(lastPrice: 100) { fired.append(order.id) }
        #expect(fired == [4, 1, 2, 3])
        #expect(stops.next(lastPrice: 200) == nil)
    }
}
