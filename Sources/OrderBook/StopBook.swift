/// Stop orders: they wait outside the book until the last price gets to their trigger, and then arrive as plain orders.
///
/// A stop to buy fires at its trigger or above, one to sell at its trigger or below. Of those that a trade fires, the one
/// whose trigger the price passed first goes first, the older one of equals; their own trades may fire others. That is how
/// a cascade begins.
public struct StopBook: Sendable {
    /// A waiting order.
    private struct Stop: Sendable {
        var trigger: Int64
        var sequence: Int
        var order: Order
    }

    /// Stops to buy by rising trigger, stops to sell by falling one; the next to fire is the last.
    private var buys: [Stop] = []
    private var sells: [Stop] = []
    private var sequence = 0

    /// No stops.
    public init() {}

    /// How many wait.
    public var count: Int { buys.count + sells.count }

    /// Adds an order that waits for its trigger.
    public mutating func add(_ order: Order, trigger: Int64) {
        sequence += 1
        let stop = Stop(trigger: trigger, sequence: sequence, order: order)
        if order.side == .buy {
            let place = buys.firstIndex { $0.trigger <= trigger } ?? buys.count
            buys.insert(stop, at: place)
        } else {
            let place = sells.firstIndex { $0.trigger >= trigger } ?? sells.count
            sells.insert(stop, at: place)
        }
    }

    /// Takes a waiting order away; false where there is none of this id.
    public mutating func cancel(_ id: UInt64) -> Bool {
        let before = count
        buys.removeAll { $0.order.id == id }
        sells.removeAll { $0.order.id == id }
        return count < before
    }

    /// The next order that a last price fires; nil where none does.
    public mutating func next(lastPrice: Int64) -> Order? {
        let buy = buys.last.flatMap { $0.trigger <= lastPrice ? $0 : nil }
        let sell = sells.last.flatMap { $0.trigger >= lastPrice ? $0 : nil }
        switch (buy, sell) {
        case (let buy?, let sell?):
            return buy.sequence < sell.sequence ? buys.removeLast().order : sells.removeLast().order
        case (_?, nil): return buys.removeLast().order
        case (nil, _?): return sells.removeLast().order
        case (nil, nil): return nil
        }
    }
}

extension Book {
    /// Submits an order and then every stop that its trades fire, and those that theirs do.
    ///
    /// - Parameters:
    ///   - order: The order.
    ///   - stops: The waiting ones; those that fire are taken out.
    ///   - onOutcome: Told of each order with its outcome, while `fills` holds its trades.
    public func submit(_ order: Order, firing stops: inout StopBook, onOutcome: (Order, Outcome) -> Void) {
        onOutcome(order, submit(order))
        while !isHalted, let price = lastPrice, let fired = stops.next(lastPrice: price) {
            onOutcome(fired, submit(fired))
        }
    }
}
