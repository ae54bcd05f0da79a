import Units

extension Book {
    /// A level as it is shown.
    public struct Level: Sendable, Equatable {
        /// Ticks.
        public var price: Int64
        /// Lots that are shown.
        public var quantity: Int64
        public var orders: Int

        public init(price: Int64, quantity: Int64, orders: Int) {
            self.price = price
            self.quantity = quantity
            self.orders = orders
        }
    }

    /// An order as it rests.
    public struct Resting: Sendable, Equatable {
        public var id: UInt64
        /// Ticks.
        public var price: Int64
        /// Lots that are shown.
        public var shown: Int64
        /// Lots that are not.
        public var hidden: Int64
    }

    /// The best levels of a side, at most so many. O(limit).
    public func levels(_ side: Side, limit: Int) -> [Level] {
        core.pointee.ladders[Int(side.rawValue)].levels(limit: limit, in: core.pointee.slab.records).map {
            let level = core.pointee.slab.records[Int($0)]
            return Level(price: level.price, quantity: level.quantity, orders: Int(level.tag))
        }
    }

    /// The best price of a side; nil where it is empty.
    public func best(_ side: Side) -> Int64? {
        let key = core.pointee.ladders[Int(side.rawValue)].bestKey
        guard key != Ladder.none else { return nil }
        return side == .buy ? key : -key
    }

    /// Lots that an order has left, hidden ones included; nil where it does not rest.
    public func remaining(_ id: UInt64) -> Int64? {
        let place = core.pointee.place(of: id)
        return place != 0 ? core.pointee.slab.records[Int(place)].quantity + core.pointee.hidden(place) : nil
    }

    /// The orders of a side in the order in which they would trade.
    public func queue(_ side: Side) -> [Resting] { core.pointee.queue(side) }

    /// A digest of everything that rests, in order: equal books have equal digests (FNV-1a over 64-bit words).
    public func stateHash() -> UInt64 { core.pointee.stateHash() }
}

extension BookCore {
    func queue(_ side: Side) -> [Book.Resting] {
        var found: [Book.Resting] = []
        for level in ladders[Int(side.rawValue)].levels(limit: .max, in: slab.records) {
            var place = slab.records[Int(level)].next
            while place != level {
                let record = slab.records[Int(place)]
                found.append(
                    Book.Resting(
                        id: record.id, price: slab.records[Int(level)].price, shown: record.quantity,
                        hidden: hidden(place)))
                place = record.next
            }
        }
        return found
    }

    func stateHash() -> UInt64 {
        var hash = FNV1a.empty
        func add(_ word: UInt64) { hash = FNV1a.extended(hash, by: word) }
        for side in Side.allCases {
            add(UInt64(side.rawValue) + 1)
            for order in queue(side) {
                add(order.id)
                add(UInt64(bitPattern: order.price))
                add(UInt64(bitPattern: order.shown))
                add(UInt64(bitPattern: order.hidden))
            }
        }
        return hash
    }
}
