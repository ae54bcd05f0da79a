import OrderBook

/// A book as slow and as plain as can be: one list of orders in the order in which they came, searched anew each time,
/// and one of stops.
struct ReferenceBook {
    struct Resting {
        var id: UInt64
        var side: Side
        var price: Int64
        var shown: Int64
        var hidden: Int64
        var display: Int64
        var owner: UInt32
    }

    /// What became of one order: a message may set off several.
    struct Event: Equatable {
        var order: UInt64
        var outcome: Outcome
        var fills: [Fill]
    }

    var orders: [Resting] = []
    var stops: [(order: Order, trigger: Int64)] = []
    var isHalted = false
    var lastPrice: Int64?

    // MARK: Messages

    /// Submits an order and all stops that fire.
    mutating func submit(_ order: Order) -> [Event] {
        if !isHalted, isWaiting(order.id) {
            return [
                Event(order: order.id, outcome: Outcome(isValid(order) ? .duplicate : .invalid), fills: [])
            ]
        }
        return [arrive(order)] + cascade()
    }

    /// Places a stop.
    mutating func stop(_ order: Order, trigger: Int64) -> [Event] {
        func answer(_ status: Outcome.Status) -> [Event] {
            [Event(order: order.id, outcome: Outcome(status), fills: [])]
        }
        if isHalted { return answer(.halted) }
        guard isValid(order), (1...Order.valueMax).contains(trigger) else { return answer(.invalid) }
        if isWaiting(order.id) || isResting(order.id) { return answer(.duplicate) }
        stops.append((order, trigger))
        return answer(.waiting) + cascade()
    }

    mutating func replace(_ id: UInt64, with order: Order) -> [Event] {
        func answer(_ status: Outcome.Status) -> [Event] {
            [Event(order: order.id, outcome: Outcome(status), fills: [])]
        }
        if isHalted { return answer(.halted) }
        guard isResting(id) else { return answer(.unknown) }
        guard isValid(order) else { return answer(.invalid) }
        if isWaiting(order.id) { return answer(.duplicate) }
        var copy = self
        _ = copy.cancel(id)
        let event = copy.arrive(order)
        // A duplicate is another order that rests, and then nothing happens.
        if event.outcome.status == .duplicate { return [event] }
        self = copy
        return [event] + cascade()
    }

    mutating func cancel(_ id: UInt64) -> Outcome {
        if let index = stops.firstIndex(where: { $0.order.id == id }) {
            stops.remove(at: index)
            return Outcome(.done)
        }
        guard let index = orders.firstIndex(where: { $0.id == id }) else { return Outcome(.unknown) }
        orders.remove(at: index)
        return Outcome(.done)
    }

    mutating func reduce(_ id: UInt64, by lots: Int64) -> Outcome {
        guard let index = orders.firstIndex(where: { $0.id == id }) else { return Outcome(.unknown) }
        guard lots > 0 else { return Outcome(.invalid) }
        let hidden = min(orders[index].hidden, lots)
        guard lots - hidden < orders[index].shown else {
            orders.remove(at: index)
            return Outcome(.done)
        }
        orders[index].hidden -= hidden
        orders[index].shown -= lots - hidden
        return Outcome(.done)
    }

    // MARK: Stops

    private func isWaiting(_ id: UInt64) -> Bool { stops.contains { $0.order.id == id } }
    private func isResting(_ id: UInt64) -> Bool { orders.contains { $0.id == id } }

    /// Fires stops, one after the other, until none is left that the last price fires.
    private mutating func cascade() -> [Event] {
        var events: [Event] = []
        while !isHalted, let price = lastPrice {
            // The furthest passed of each side, the first in the list of equals.
            var buy: Int?
            var sell: Int?
            for (index, stop) in stops.enumerated() {
                if stop.order.side == .buy, stop.trigger <= price {
                    if buy.map({ stop.trigger < stops[$0].trigger }) ?? true { buy = index }
                }
                if stop.order.side == .sell, stop.trigger >= price {
                    if sell.map({ stop.trigger > stops[$0].trigger }) ?? true { sell = index }
                }
            }
            guard let next = [buy, sell].compactMap({ $0 }).min() else { break }
            events.append(arrive(stops.remove(at: next).order))
        }
        return events
    }

    // MARK: Matching

    private func isValid(_ order: Order) -> Bool {
        let values: ClosedRange<Int64> = 1...Order.valueMax
        guard values.contains(order.quantity), (0...order.quantity).contains(order.display),
            order.kind != .limit || values.contains(order.price)
        else { return false }
        return order.kind == .limit || (order.timeInForce != .postOnly && order.display == 0)
    }

    /// The order of the other side that trades first: the best price, then the earliest in the list.
    private func firstMaker(for order: Order) -> Int? {
        var best: Int?
        for (index, resting) in orders.enumerated() where resting.side != order.side {
            if order.kind == .limit {
                if order.side == .buy ? resting.price > order.price : resting.price < order.price { continue }
            }
            guard let found = best else {
                best = index
                continue
            }
            let isBetter =
                order.side == .buy ? resting.price < orders[found].price : resting.price > orders[found].price
            if isBetter { best = index }
        }
        return best
    }

    /// One order, without what it sets off.
    private mutating func arrive(_ order: Order) -> Event {
        func answer(_ status: Outcome.Status) -> Event {
            Event(order: order.id, outcome: Outcome(status), fills: [])
        }
        if isHalted { return answer(.halted) }
        guard isValid(order) else { return answer(.invalid) }
        let mayRest =
            order.kind == .limit && (order.timeInForce == .goodTillCancel || order.timeInForce == .postOnly)
        if mayRest, isResting(order.id) { return answer(.duplicate) }
        if order.timeInForce == .postOnly, firstMaker(for: order) != nil { return answer(.wouldTrade) }
        if order.timeInForce == .fillOrKill {
            // Probing is trading on a copy.
            var copy = self
            var trial = order
            trial.timeInForce = .immediateOrCancel
            let event = copy.arrive(trial)
            if order.kind == .marketByAmount {
                let left = order.quantity - event.fills.reduce(0) { $0 + $1.price * $1.quantity }
                let next = copy.firstMaker(for: trial).map { copy.orders[$0].price } ?? 0
                guard let last = event.fills.last, left < max(last.price, next) else {
                    return answer(.notFillable)
                }
            } else if event.outcome.filled < order.quantity {
                return answer(.notFillable)
            }
        }
        return match(order)
    }

    private mutating func match(_ order: Order) -> Event {
        var outcome = Outcome(.filled)
        var fills: [Fill] = []
        var left = order.quantity
        var isStopped = false
        var prices: Set<Int64> = []
        while left > 0, !isStopped, let index = firstMaker(for: order) {
            let maker = orders[index]
            if maker.owner == order.owner, maker.owner != 0, order.prevention != .none {
                if order.prevention != .expireTaker {
                    orders.remove(at: index)
                    outcome.cancels += 1
                }
                isStopped = order.prevention != .expireMaker
                continue
            }
            let wanted = order.kind == .marketByAmount ? left / maker.price : left
            let traded = min(wanted, maker.shown)
            if traded == 0 { break }
            left -= order.kind == .marketByAmount ? traded * maker.price : traded
            prices.insert(maker.price)
            fills.append(Fill(maker: maker.id, taker: order.id, price: maker.price, quantity: traded))
            lastPrice = maker.price
            outcome.filled += traded
            if traded < maker.shown {
                orders[index].shown -= traded
            } else {
                var again = orders.remove(at: index)
                again.shown = min(again.display, again.hidden)
                again.hidden -= again.shown
                if again.shown > 0 { orders.append(again) }
            }
        }
        outcome.levelsSwept = prices.count
        outcome.fills = fills.count
        if left > 0 {
            let rests =
                order.kind == .limit && !isStopped
                && (order.timeInForce == .goodTillCancel || order.timeInForce == .postOnly)
            outcome.status = rests ? .resting : order.timeInForce == .fillOrKill ? .filled : .expired
            if rests {
                let shown = order.display > 0 ? min(order.display, left) : left
                orders.append(
                    Resting(
                        id: order.id, side: order.side, price: order.price, shown: shown,
                        hidden: left - shown, display: order.display, owner: order.owner))
            }
        }
        return Event(order: order.id, outcome: outcome, fills: fills)
    }

    // MARK: State

    /// The orders of a side in the order in which they would trade.
    func queue(_ side: Side) -> [Resting] {
        let own = orders.filter { $0.side == side }
        return own.enumerated().sorted { one, other in
            if one.element.price != other.element.price {
                return side == .buy
                    ? one.element.price > other.element.price : one.element.price < other.element.price
            }
            return one.offset < other.offset
        }.map(\.element)
    }

    /// The digest that a book of this state has: FNV-1a over side, then id, price, shown and hidden lots in turn.
    func stateHash() -> UInt64 {
        var words: [UInt64] = []
        for side in Side.allCases {
            words.append(side == .buy ? 1 : 2)
            for order in queue(side) {
                words += [order.id] + [order.price, order.shown, order.hidden].map { UInt64(bitPattern: $0) }
            }
        }
        return words.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ $1) &* 0x100_0000_01B3 }
    }
}
