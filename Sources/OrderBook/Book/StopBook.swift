/// Stop orders: they wait outside the book until the last price gets to their trigger, and then arrive as plain orders.
///
/// A stop to buy fires at its trigger or above, one to sell at its trigger or below. Of those that a trade fires, the one
/// whose trigger the price passed first goes first, the older one of equals; where stops to buy and to sell fire at once,
/// the older of the two that are next. Their own trades may fire others: that is how a cascade begins.
public struct StopBook: Sendable {
    /// A waiting order.
    private struct Stop: Sendable {
        var key: Key
        var order: Order
    }

    /// What stops go by: the larger fires first.
    private struct Key: Sendable, Comparable {
        /// The trigger, negative for stops to buy.
        var rank: Int64
        /// Negative, so that the older is the larger.
        var age: Int

        static func < (one: Key, other: Key) -> Bool {
            one.rank != other.rank ? one.rank < other.rank : one.age < other.age
        }
    }

    /// Stops to buy and stops to sell by rising key; the next to fire is the last.
    private var sides: [[Stop]] = [[], []]
    private var keys: [UInt64: (side: Side, key: Key)] = [:]
    private var sequence = 0

    public init() {}

    /// How many wait.
    public var count: Int { keys.count }

    /// Whether an order of this id waits.
    public func contains(_ id: UInt64) -> Bool { keys[id] != nil }

    /// Adds an order that waits for its trigger; false, and nothing added, where one of its id waits already. O(log n) and
    /// a move of those that fire before it.
    @discardableResult
    public mutating func add(_ order: Order, trigger: Int64) -> Bool {
        guard keys[order.id] == nil else { return false }
        sequence += 1
        let key = Key(rank: order.side == .buy ? -trigger : trigger, age: -sequence)
        let side = Int(order.side.rawValue)
        sides[side].insert(Stop(key: key, order: order), at: place(key, side))
        keys[order.id] = (order.side, key)
        return true
    }

    /// Takes a waiting order away; false where there is none of this id.
    @discardableResult
    public mutating func cancel(_ id: UInt64) -> Bool {
        guard let (side, key) = keys.removeValue(forKey: id) else { return false }
        sides[Int(side.rawValue)].remove(at: place(key, Int(side.rawValue)))
        return true
    }

    /// The first place whose key is not below this one.
    private func place(_ key: Key, _ side: Int) -> Int {
        var (low, high) = (0, sides[side].count)
        while low < high {
            let middle = (low + high) / 2
            if sides[side][middle].key < key { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The next order that a last price fires, which no longer waits; nil where none does.
    public mutating func next(lastPrice: Int64) -> Order? {
        let buy = sides[0].last.flatMap { -$0.key.rank <= lastPrice ? $0 : nil }
        let sell = sides[1].last.flatMap { $0.key.rank >= lastPrice ? $0 : nil }
        guard buy != nil || sell != nil else { return nil }
        let side = (buy?.key.age ?? .min) > (sell?.key.age ?? .min) ? 0 : 1
        let order = sides[side].removeLast().order
        keys[order.id] = nil
        return order
    }
}

extension Book {
    /// Submits an order and then every stop that its trades fire, and those that theirs do.
    ///
    /// - Parameters:
    ///   - order: The order.
    ///   - stops: The waiting ones; those that fire are taken out. The order must not have the id of one of them.
    ///   - onOutcome: Told of each order with its outcome, while `fills` holds its trades.
    public func submit(_ order: Order, firing stops: inout StopBook, onOutcome: (Order, Outcome) -> Void) {
        if !isHalted, stops.contains(order.id) {
            clearFills()
            onOutcome(order, Outcome(order.isValid ? .duplicate : .invalid))
            return
        }
        onOutcome(order, submit(order))
        fire(&stops, onOutcome)
    }

    /// Replaces an order and then submits every stop that the new one's trades fire.
    public func replace(
        _ id: UInt64, with order: Order, firing stops: inout StopBook, onOutcome: (Order, Outcome) -> Void
    ) {
        if !isHalted, remaining(id) != nil, order.isValid, stops.contains(order.id) {
            clearFills()
            onOutcome(order, Outcome(.duplicate))
            return
        }
        onOutcome(order, replace(id, with: order))
        fire(&stops, onOutcome)
    }

    /// A stop order arrives: it waits, or fires at once where the last price is at its trigger already.
    public func place(
        stop order: Order, trigger: Int64, in stops: inout StopBook, onOutcome: (Order, Outcome) -> Void
    ) {
        clearFills()
        if isHalted {
            onOutcome(order, Outcome(.halted))
        } else if !order.isValid || trigger < 1 || trigger > Order.valueMax {
            onOutcome(order, Outcome(.invalid))
        } else if remaining(order.id) != nil || !stops.add(order, trigger: trigger) {
            onOutcome(order, Outcome(.duplicate))
        } else {
            onOutcome(order, Outcome(.waiting))
            fire(&stops, onOutcome)
        }
    }

    private func fire(_ stops: inout StopBook, _ onOutcome: (Order, Outcome) -> Void) {
        while !isHalted, let price = lastPrice, let fired = stops.next(lastPrice: price) {
            onOutcome(fired, submit(fired))
        }
    }
}
