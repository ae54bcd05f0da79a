import OrderBook
import TestSupport
import Testing

/// What the tests of other matching engines look at, in our own words.
@Suite("Behaviours of a matching engine")
struct BehaviourTests {
    private let book = Book()

    private func buy(
        _ id: UInt64, _ price: Int64, _ quantity: Int64, _ time: TimeInForce = .goodTillCancel
    ) -> Order {
        Order(id: id, side: .buy, price: price, quantity: quantity, timeInForce: time)
    }

    private func sell(
        _ id: UInt64, _ price: Int64, _ quantity: Int64, _ time: TimeInForce = .goodTillCancel
    ) -> Order {
        Order(id: id, side: .sell, price: price, quantity: quantity, timeInForce: time)
    }

    private func level(_ side: Side) -> [Int64] {
        book.levels(side, limit: 10).flatMap { [$0.price, $0.quantity, Int64($0.orders)] }
    }

    @Test("bids are sorted downward and asks upward, and neither trades while there is a spread")
    func sorted() {
        for (id, price) in [1250, 1252, 1251, 1249].enumerated() {
            book.submit(buy(UInt64(id), Int64(price), 100))
            #expect(book.submit(sell(UInt64(id) + 10, Int64(price) + 4, 100)).status == .resting)
        }
        #expect(book.levels(.buy, limit: 9).map(\.price) == [1252, 1251, 1250, 1249])
        #expect(book.levels(.sell, limit: 9).map(\.price) == [1253, 1254, 1255, 1256])
        #expect(book.best(.buy) == 1252 && book.best(.sell) == 1253)
    }

    @Test("an order trades at the resting price, and what is left of it rests at its own")
    func priceImprovement() {
        book.submit(sell(1, 100, 4))
        book.submit(sell(2, 101, 4))
        let outcome = book.submit(buy(3, 105, 10))
        #expect(outcome.status == .resting && outcome.filled == 8 && book.fills.map(\.price) == [100, 101])
        #expect(level(.buy) == [105, 2, 1] && level(.sell).isEmpty)
    }

    @Test("an order that takes part of the head leaves it at the head")
    func headKept() {
        book.submit(sell(1, 100, 10))
        book.submit(sell(2, 100, 10))
        book.submit(buy(3, 100, 4))
        book.submit(buy(4, 100, 8))
        #expect(book.fills.map(\.maker) == [1, 2] && book.fills.map(\.quantity) == [6, 2])
    }

    @Test("a market order takes all prices there are, and what is left expires on an empty book")
    func market() {
        let order = Order(id: 9, side: .buy, price: 0, quantity: 5, kind: .market)
        #expect(book.submit(order).status == .expired && book.fills.isEmpty)
        book.submit(sell(1, 100, 2))
        book.submit(sell(2, 900, 2))
        let outcome = book.submit(order)
        #expect(outcome.status == .expired && outcome.filled == 4 && outcome.levelsSwept == 2)
        #expect(book.orderCount == 0)
    }

    @Test("immediate or cancel trades what it can at its limit and never rests")
    func immediate() {
        book.submit(sell(1, 100, 2))
        book.submit(sell(2, 101, 2))
        let outcome = book.submit(buy(3, 100, 5, .immediateOrCancel))
        #expect(outcome.status == .expired && outcome.filled == 2 && book.best(.buy) == nil)
        #expect(book.submit(buy(4, 99, 5, .immediateOrCancel)).status == .expired)
        // Its id is free again, and one that rests may be taken by an order that never will.
        #expect(book.submit(buy(2, 100, 1, .immediateOrCancel)).status == .expired)
        #expect(book.submit(buy(3, 99, 1)).status == .resting)
    }

    @Test("fill or kill counts hidden lots, and its own orders only where they would be passed over")
    func fillOrKill() {
        var iceberg = sell(1, 100, 9)
        iceberg.display = 2
        book.submit(iceberg)
        #expect(book.submit(buy(2, 100, 10, .fillOrKill)).status == .notFillable)
        #expect(book.submit(buy(2, 100, 9, .fillOrKill)).status == .filled && book.fills.count == 5)
        for (id, owner) in [(3, 7), (4, 8)] {
            var order = sell(UInt64(id), 100, 5)
            order.owner = UInt32(owner)
            book.submit(order)
        }
        for (prevention, status) in [
            (SelfTradePrevention.expireTaker, Outcome.Status.notFillable), (.expireBoth, .notFillable),
            (.expireMaker, .filled),
        ] {
            var order = buy(5, 100, 5, .fillOrKill)
            order.owner = 7
            order.prevention = prevention
            #expect(book.submit(order).status == status, "\(prevention)")
        }
        #expect(book.orderCount == 0)
    }

    @Test("fill or kill by amount leaves less than a lot's price, or does nothing")
    func fillOrKillByAmount() {
        book.submit(sell(1, 100, 2))
        book.submit(sell(2, 110, 1))
        func spend(_ amount: Int64) -> Outcome {
            book.submit(
                Order(
                    id: 9, side: .buy, price: 0, quantity: amount, kind: .marketByAmount,
                    timeInForce: .fillOrKill))
        }
        // All three lots cost 310: for 420 there is not enough, and for 99 not even one is to be had.
        #expect(spend(420).status == .notFillable && book.fills.isEmpty)
        #expect(spend(99).status == .notFillable && book.orderCount == 2)
        let outcome = spend(309)
        #expect(outcome.status == .filled && outcome.filled == 2 && book.orderCount == 1)
        #expect(spend(219).status == .filled && book.orderCount == 0)
    }

    @Test("post only rests behind the touch and is turned away at it")
    func postOnly() {
        book.submit(sell(1, 100, 5))
        #expect(book.submit(buy(2, 100, 5, .postOnly)).status == .wouldTrade && book.fills.isEmpty)
        #expect(book.submit(buy(2, 99, 5, .postOnly)).status == .resting)
        #expect(level(.buy) == [99, 5, 1] && level(.sell) == [100, 5, 1])
    }

    @Test("cancelling the only order of a level takes the level away, and the one behind is the best")
    func cancelRestores() {
        book.submit(buy(1, 100, 5))
        book.submit(buy(2, 99, 6))
        #expect(book.cancel(1).status == .done && book.cancel(1).status == .unknown)
        #expect(level(.buy) == [99, 6, 1])
        book.submit(buy(1, 100, 7))
        #expect(level(.buy) == [100, 7, 1, 99, 6, 1])
    }

    @Test("cancels from the head, the middle and the tail of a queue leave the rest in order")
    func cancelAnywhere() {
        for id in 1...5 { book.submit(buy(UInt64(id), 100, Int64(id))) }
        for (id, left) in [(3, [1, 2, 4, 5]), (1, [2, 4, 5]), (5, [2, 4])] as [(UInt64, [UInt64])] {
            book.cancel(id)
            #expect(book.queue(.buy).map(\.id) == left)
        }
        #expect(level(.buy) == [100, 6, 2])
        book.submit(sell(9, 100, 6))
        #expect(book.fills.map(\.maker) == [2, 4] && book.best(.buy) == nil)
    }

    @Test("a reduction of nothing, of less than nothing or of what is not there is rejected")
    func reductions() {
        book.submit(buy(1, 100, 5))
        #expect(book.reduce(1, by: 0).status == .invalid && book.reduce(1, by: -1).status == .invalid)
        #expect(book.reduce(2, by: 1).status == .unknown && book.reduce(1, by: 2).status == .done)
        #expect(level(.buy) == [100, 3, 1])
        #expect(book.reduce(1, by: 300).status == .done && book.orderCount == 0)
    }

    @Test("an iceberg is reduced from its hidden part first, and its last slice may be short")
    func icebergs() {
        var iceberg = sell(1, 100, 10)
        iceberg.display = 4
        book.submit(iceberg)
        book.reduce(1, by: 5)
        #expect(book.queue(.sell).first?.shown == 4 && book.queue(.sell).first?.hidden == 1)
        book.submit(buy(2, 100, 4))
        #expect(level(.sell) == [100, 1, 1] && book.remaining(1) == 1)
        book.submit(buy(3, 100, 1))
        #expect(book.orderCount == 0)
    }

    @Test("a replacement moves in price and size, may trade, and keeps the old order where it cannot be")
    func replacements() {
        book.submit(buy(1, 100, 5))
        book.submit(sell(2, 105, 5))
        #expect(book.replace(1, with: buy(1, 101, 8)).status == .resting && level(.buy) == [101, 8, 1])
        #expect(book.replace(1, with: buy(7, 99, 2)).status == .resting && level(.buy) == [99, 2, 1])
        #expect(book.replace(1, with: buy(1, 99, 2)).status == .unknown)
        #expect(book.replace(7, with: buy(2, 99, 2)).status == .duplicate)
        #expect(book.replace(7, with: buy(7, 99, 0)).status == .invalid && book.remaining(7) == 2)
        let outcome = book.replace(7, with: buy(7, 105, 6))
        #expect(outcome.status == .resting && outcome.filled == 5 && level(.buy) == [105, 1, 1])
        // A move to where the order is already still loses its place.
        book.submit(buy(8, 105, 1))
        book.replace(7, with: buy(7, 105, 1))
        #expect(book.queue(.buy).map(\.id) == [8, 7])
        // To the other side.
        #expect(book.replace(7, with: sell(7, 110, 3)).status == .resting && level(.sell) == [110, 3, 1])
    }

    @Test("ids of any kind are told apart: dense, sparse, large, of one residue")
    func ids() {
        let ids: [UInt64] =
            (0..<500).map { $0 } + (1...500).map { $0 << 32 } + (0..<500).map { UInt64.max - $0 }
            + (1...500).map { 1000 + $0 * 1024 }
        for id in ids { #expect(book.submit(buy(id, Int64(1 + id % 97), 1)).status == .resting) }
        for id in ids { #expect(book.submit(buy(id, 5, 1)).status == .duplicate) }
        #expect(book.orderCount == ids.count)
        for id in ids { #expect(book.cancel(id).status == .done && book.remaining(id) == nil) }
        #expect(book.orderCount == 0 && book.best(.buy) == nil)
    }

    @Test("nothing is allocated once the book has been as large as it gets")
    func steadyState() {
        var flow = RandomFlow(seed: 4)
        func day() {
            for id in 1...300 as ClosedRange<UInt64> { book.cancel(id) }
            for _ in 0..<20_000 { book.submit(flow.order(id: flow.id())) }
        }
        day()
        let growths = book.growths
        let larger = Book(capacity: 4)
        for id in 1...300 as ClosedRange<UInt64> { larger.submit(buy(id, Int64(id), 1)) }
        for _ in 0..<5 { day() }
        #expect(book.growths == growths && larger.growths > 0)
    }
}

@Suite("Stops in a market")
struct StopBehaviourTests {
    private let book = Book()

    private func market(_ id: UInt64, _ side: Side, _ quantity: Int64) -> Order {
        Order(id: id, side: side, price: 0, quantity: quantity, kind: .market)
    }

    /// A book with a bid of 10 lots at each of 95 to 99 and an offer at each of 101 to 105; the last trade was at 100.
    private func open() {
        book.submit(Order(id: 1000, side: .buy, price: 100, quantity: 1))
        book.submit(market(1001, .sell, 1))
        for step in 1...5 as ClosedRange<UInt64> {
            book.submit(Order(id: step, side: .sell, price: 100 + Int64(step), quantity: 10))
            book.submit(Order(id: 10 + step, side: .buy, price: 100 - Int64(step), quantity: 10))
        }
    }

    @Test("before the first trade, and away from the last one, stops only wait")
    func waiting() {
        var stops = StopBook()
        var heard: [Outcome.Status] = []
        book.place(stop: market(50, .buy, 5), trigger: 1, in: &stops) { heard.append($1.status) }
        #expect(heard == [.waiting] && stops.count == 1)
        stops.cancel(50)
        open()
        book.place(stop: market(50, .buy, 5), trigger: 101, in: &stops) { heard.append($1.status) }
        book.place(stop: market(51, .sell, 5), trigger: 99, in: &stops) { heard.append($1.status) }
        #expect(heard == [.waiting, .waiting, .waiting] && stops.count == 2)
    }

    @Test("a stop whose trigger the last price has reached fires as it comes")
    func atOnce() {
        open()
        var stops = StopBook()
        var heard: [Outcome.Status] = []
        book.place(stop: market(50, .buy, 5), trigger: 100, in: &stops) { heard.append($1.status) }
        #expect(heard == [.waiting, .filled] && stops.count == 0 && book.lastPrice == 101)
    }

    @Test("a stop with a price becomes a limit order and may rest")
    func stopLimit() {
        open()
        var stops = StopBook()
        let order = Order(id: 50, side: .buy, price: 102, quantity: 30)
        book.place(stop: order, trigger: 101, in: &stops) { _, _ in }
        var heard: [UInt64] = []
        book.submit(market(60, .buy, 1), firing: &stops) { order, _ in heard.append(order.id) }
        #expect(heard == [60, 50] && book.remaining(50) == 11 && book.best(.buy) == 102)
    }

    @Test("an id waits or rests but once, and a halted book takes no stops and fires none")
    func rejections() {
        open()
        var stops = StopBook()
        var last: Outcome.Status = .done
        func place(_ id: UInt64, trigger: Int64 = 150, quantity: Int64 = 5) -> Outcome.Status {
            book.place(stop: market(id, .buy, quantity), trigger: trigger, in: &stops) { last = $1.status }
            return last
        }
        #expect(place(50) == .waiting && place(50) == .duplicate && place(1) == .duplicate)
        #expect(place(51, trigger: 0) == .invalid && place(51, quantity: 0) == .invalid)
        book.submit(Order(id: 50, side: .buy, price: 5, quantity: 1), firing: &stops) { last = $1.status }
        #expect(last == .duplicate && stops.count == 1)
        book.halt()
        #expect(place(52) == .halted && stops.count == 1)
    }

    @Test("a replacement that trades fires stops too")
    func replacement() {
        open()
        var stops = StopBook()
        book.place(stop: market(50, .buy, 15), trigger: 101, in: &stops) { _, _ in }
        var heard: [UInt64] = []
        let moved = Order(id: 11, side: .buy, price: 101, quantity: 5)
        book.replace(11, with: moved, firing: &stops) { order, _ in heard.append(order.id) }
        #expect(heard == [11, 50] && book.lastPrice == 102)
    }

    @Test("thousands of stops fire in the order of their triggers")
    func many() {
        open()
        var stops = StopBook()
        // 7919 is prime to 5000, so that every trigger comes once.
        for step in 0..<5000 as Range<UInt64> {
            stops.add(market(10_000 + step, .buy, 1), trigger: 200 + Int64(step * 7919 % 5000))
        }
        for step in 0..<2500 as Range<UInt64> {
            let isThere = stops.cancel(10_000 + step * 2)
            #expect(isThere)
        }
        var triggers: [UInt64] = []
        while let order = stops.next(lastPrice: 1_000_000) {
            triggers.append((order.id - 10_000) * 7919 % 5000)
        }
        #expect(triggers.count == 2500 && triggers == triggers.sorted() && stops.count == 0)
    }
}

@Suite("Costs of a book's operations")
struct OperationCostsTests {
    private let costs = OperationCosts(
        nanoseconds: [
            .add: 10, .cancel: 20, .reduce: 30, .replace: 40, .oneFill: 50, .furtherFill: 5,
        ], how: "made up")

    @Test("work becomes a service time")
    func service() {
        var outcome = Outcome(.resting)
        #expect(costs.nanoseconds(.submit, outcome) == 10 && costs.nanoseconds(.replace, outcome) == 40)
        outcome.fills = 3
        outcome.cancels = 1
        // A fill, two further ones, a resting order that self-trade prevention took out, and what is left rests.
        #expect(costs.nanoseconds(.submit, outcome) == 50 + 2 * 5 + 20 + 10)
        #expect(costs.nanoseconds(.cancel, Outcome(.done)) == 20)
        #expect(costs.nanoseconds(.reduce, Outcome(.done)) == 30)
    }

    @Test("a table comes back as it was written, and a bad one tells its place")
    func table() throws {
        let lines = costs.text.split(separator: "\n")
        #expect(try OperationCosts(lines: lines) == costs)
        for (place, line, expected) in [
            (0, "operation", (1, 1)), (2, "cancle,1,", (3, 1)), (2, "cancel,fast", (3, 8)),
            (2, "cancel,-1", (3, 8)), (2, "add,1", (3, 1)),
        ] as [(Int, Substring, (Int, Int))] {
            var bad = lines
            bad[place] = line
            let failure = #expect(throws: OperationCosts.Failure.self) { try OperationCosts(lines: bad) }
            #expect(failure?.line == expected.0 && failure?.column == expected.1, "\(line)")
        }
        #expect(throws: OperationCosts.Failure.self) { try OperationCosts(lines: Array(lines.dropLast())) }
    }

    @Test("the published costs can be read, and become the costs of an order flow")
    func published() throws {
        let path = Tool.checkout.appending(path: "Datasets/costs/book.csv").path
        let costs = try OperationCosts(lines: try TextLines(path: path).lines)
        #expect(OperationCosts.Operation.allCases.allSatisfy { (costs.nanoseconds[$0] ?? 0) > 0 })
        #expect(abs(costs.flowCosts.addSeconds * 1e9 - (costs.nanoseconds[.add] ?? 0)) < 1e-9)
    }
}
