import OrderBook

/// A book as slow and as plain as can be: one list of orders in the order in which they came, searched anew each time.
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

    var orders: [Resting] = []
    var isHalted = false

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

    /// Submits an order; `fills` gets its trades.
    mutating func submit(_ order: Order, fills: inout [Fill]) -> Outcome {
        fills = []
        if isHalted { return Outcome(.halted) }
        let values: ClosedRange<Int64> = 1...Order.valueMax
        guard values.contains(order.quantity), (0...order.quantity).contains(order.display),
            order.kind != .limit || values.contains(order.price)
        else { return Outcome(.invalid) }
        if order.kind != .limit, order.timeInForce == .postOnly || order.display != 0 {
            return Outcome(.invalid)
        }
        if order.kind == .marketByAmount, order.timeInForce == .fillOrKill { return Outcome(.invalid) }
        let mayRest =
            order.kind == .limit && (order.timeInForce == .goodTillCancel || order.timeInForce == .postOnly)
        if mayRest, orders.contains(where: { $0.id == order.id }) { return Outcome(.duplicate) }
        if order.timeInForce == .postOnly, firstMaker(for: order) != nil { return Outcome(.wouldTrade) }
        if order.timeInForce == .fillOrKill {
            // Probing is trading on a copy.
            var copy = self
            var trial = order
            trial.timeInForce = .immediateOrCancel
            var ignored: [Fill] = []
            if copy.submit(trial, fills: &ignored).filled < order.quantity { return Outcome(.notFillable) }
        }
        return match(order, fills: &fills)
    }

    private mutating func match(_ order: Order, fills: inout [Fill]) -> Outcome {
        var outcome = Outcome(.filled)
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
        guard left > 0 else { return outcome }
        let rests =
            order.kind == .limit && !isStopped
            && (order.timeInForce == .goodTillCancel || order.timeInForce == .postOnly)
        outcome.status = rests ? .resting : order.timeInForce == .fillOrKill ? .notFillable : .expired
        if rests {
            let shown = order.display > 0 ? min(order.display, left) : left
            orders.append(
                Resting(
                    id: order.id, side: order.side, price: order.price, shown: shown, hidden: left - shown,
                    display: order.display, owner: order.owner))
        }
        return outcome
    }

    mutating func cancel(_ id: UInt64) -> Outcome {
        guard let index = orders.firstIndex(where: { $0.id == id }) else { return Outcome(.unknown) }
        orders.remove(at: index)
        return Outcome(.done)
    }

    mutating func reduce(_ id: UInt64, by lots: Int64) -> Outcome {
        guard let index = orders.firstIndex(where: { $0.id == id }) else { return Outcome(.unknown) }
        guard lots > 0 else { return Outcome(.invalid) }
        let hidden = min(orders[index].hidden, lots)
        guard lots - hidden < orders[index].shown else { return cancel(id) }
        orders[index].hidden -= hidden
        orders[index].shown -= lots - hidden
        return Outcome(.done)
    }

    mutating func replace(_ id: UInt64, with order: Order, fills: inout [Fill]) -> Outcome {
        fills = []
        if isHalted { return Outcome(.halted) }
        guard orders.contains(where: { $0.id == id }) else { return Outcome(.unknown) }
        var copy = self
        _ = copy.cancel(id)
        let outcome = copy.submit(order, fills: &fills)
        if [.invalid, .duplicate].contains(outcome.status) { return outcome }
        self = copy
        return outcome
    }

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
}
