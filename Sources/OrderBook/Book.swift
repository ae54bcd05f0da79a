/// A limit order book of one symbol: price-time priority in whole ticks and lots.
///
///     let book = Book()
///     book.submit(Order(id: 1, side: .sell, price: 101, quantity: 5))
///     let outcome = book.submit(Order(id: 2, side: .buy, price: 101, quantity: 3))
///     book.fills[0]   // 3 lots at 101, maker 1, taker 2
///
/// One writer at a time, as on an exchange. Nothing is allocated while no more orders rest than have rested before and
/// prices stay near the touch. Stop orders are kept by `StopBook`, outside.
public final class Book {
    /// The trades of the last message, in order.
    public var fills: UnsafeBufferPointer<Fill> { UnsafeBufferPointer(start: fillStore, count: fillCount) }
    /// The price of the last trade; nil before the first.
    public private(set) var lastPrice: Int64?
    /// Whether matching is halted: orders are rejected, cancels are not.
    public private(set) var isHalted = false
    /// Orders that rest.
    public var orderCount: Int { index.count }

    private let sides: UnsafeMutablePointer<Ladder>
    private var nodes: UnsafeMutablePointer<Node>
    private var details: UnsafeMutablePointer<Detail>
    private var nodeCapacity: Int
    private var nodeCount = 0
    private var free: Int32 = -1
    private var index: OrderIndex
    private var fillStore: UnsafeMutablePointer<Fill>
    private var fillCapacity = 64
    private var fillCount = 0

    /// What is touched of a resting order with every message: half a cache line.
    private struct Node {
        var id: UInt64
        /// The price above three bits: the side, whether more of the order is hidden, whether it has an owner.
        var packed: Int64
        /// Lots that are shown.
        var quantity: Int64
        var next: Int32
        var previous: Int32

        @inline(__always)
        var price: Int64 { packed >> 3 }
        @inline(__always)
        var side: Side { packed & 1 == 0 ? .buy : .sell }
        @inline(__always)
        var isIceberg: Bool { packed & 2 != 0 }
        @inline(__always)
        var key: Int64 { packed & 1 == 0 ? price : -price }

        @inline(__always)
        var hasOwner: Bool { packed & 4 != 0 }

        @inline(__always)
        static func pack(_ price: Int64, _ side: Side, isIceberg: Bool, hasOwner: Bool) -> Int64 {
            price << 3 | (hasOwner ? 4 : 0) | (isIceberg ? 2 : 0) | Int64(side.rawValue)
        }
    }

    /// What icebergs and orders with an owner have besides.
    private struct Detail {
        /// Lots of an iceberg that are not shown.
        var reserve: Int64
        /// Lots that an iceberg shows at a time; 0: all.
        var display: Int64
        var owner: UInt32
    }

    /// An empty book with room for so many orders before it has to grow.
    public init(capacity: Int = 1024) {
        sides = .allocate(capacity: 2)
        sides.initialize(to: Ladder())
        (sides + 1).initialize(to: Ladder())
        nodeCapacity = max(16, capacity)
        nodes = .allocate(capacity: nodeCapacity)
        details = .allocate(capacity: nodeCapacity)
        index = OrderIndex(capacity: nodeCapacity)
        fillStore = .allocate(capacity: fillCapacity)
    }

    deinit {
        sides[0].deallocate()
        sides[1].deallocate()
        sides.deinitialize(count: 2)
        sides.deallocate()
        nodes.deallocate()
        details.deallocate()
        index.deallocate()
        fillStore.deallocate()
    }

    /// Stops matching; orders are rejected until `resume`, cancels and reductions are not.
    public func halt() { isHalted = true }

    /// Goes on matching.
    public func resume() { isHalted = false }

    // MARK: Messages

    /// An order arrives: it trades with what rests, and rests, expires or is rejected.
    @discardableResult
    public func submit(_ order: Order) -> Outcome {
        fillCount = 0
        if isHalted { return Outcome(.halted) }
        guard isValid(order) else { return Outcome(.invalid) }
        let opposite = sides + Int(order.side.opposite.rawValue)
        let limit = order.kind == .limit ? Book.key(order.price, order.side.opposite) : .min
        let crosses = !opposite.pointee.isEmpty && opposite.pointee.bestKey >= limit
        if !crosses {
            switch (order.kind, order.timeInForce) {
            case (.limit, .goodTillCancel), (.limit, .postOnly):
                return Outcome(rest(order, quantity: order.quantity) ? .resting : .duplicate)
            case (_, .fillOrKill): return Outcome(.notFillable)
            default: return Outcome(.expired)
            }
        }
        if order.mayRest, node(of: order.id) >= 0 { return Outcome(.duplicate) }
        if order.timeInForce == .postOnly { return Outcome(.wouldTrade) }
        if order.timeInForce == .fillOrKill, !isFillable(order, limit: limit) { return Outcome(.notFillable) }
        return match(order, opposite, limit)
    }

    /// Takes an order out of the book.
    @discardableResult
    public func cancel(_ id: UInt64) -> Outcome {
        fillCount = 0
        let node = removeFromIndex(id)
        guard node >= 0 else { return Outcome(.unknown) }
        unlink(node)
        return Outcome(.done)
    }

    /// Makes an order smaller by some lots, its place in the queue kept; by all of them or more, it is cancelled.
    @discardableResult
    public func reduce(_ id: UInt64, by lots: Int64) -> Outcome {
        fillCount = 0
        let place = node(of: id)
        guard place >= 0 else { return Outcome(.unknown) }
        guard lots > 0 else { return Outcome(.invalid) }
        let node = nodes + Int(place)
        // Lots that are not shown go first.
        let reserve = hidden(place)
        let hidden = min(reserve, lots)
        let shown = lots - hidden
        guard shown < node.pointee.quantity else { return cancel(id) }
        if hidden > 0 { setReserve(reserve - hidden, of: place) }
        node.pointee.quantity -= shown
        sides[Int(node.pointee.side.rawValue)].change(node.pointee.key) { $0.quantity &-= shown }
        return Outcome(.done)
    }

    /// Lots of an order that are not shown.
    @inline(__always)
    private func hidden(_ place: Int32) -> Int64 {
        nodes[Int(place)].isIceberg ? details[Int(place)].reserve : 0
    }

    /// What an iceberg has left to show.
    private func setReserve(_ reserve: Int64, of place: Int32) {
        details[Int(place)].reserve = reserve
        if reserve == 0 { nodes[Int(place)].packed &= ~2 }
    }

    /// Cancels an order and submits another in its place, at the back of its queue, in one step: nothing changes where
    /// the new one is invalid or its id taken.
    @discardableResult
    public func replace(_ id: UInt64, with order: Order) -> Outcome {
        fillCount = 0
        if isHalted { return Outcome(.halted) }
        guard node(of: id) >= 0 else { return Outcome(.unknown) }
        guard isValid(order) else { return Outcome(.invalid) }
        if order.mayRest, order.id != id, node(of: order.id) >= 0 { return Outcome(.duplicate) }
        cancel(id)
        return submit(order)
    }

    /// Takes all orders of one price out of the book; gives how many there were.
    @discardableResult
    public func cancelAll(_ side: Side, at price: Int64) -> Int {
        fillCount = 0
        var count = 0
        while true {
            let head = sides[Int(side.rawValue)].level(Book.key(price, side)).head
            guard head >= 0 else { return count }
            cancel(nodes[Int(head)].id)
            count += 1
        }
    }

    @inline(__always)
    private func isValid(_ order: Order) -> Bool {
        let values: ClosedRange<Int64> = 1...Order.valueMax
        guard values.contains(order.quantity), order.display >= 0, order.display <= order.quantity else {
            return false
        }
        switch order.kind {
        case .limit: return values.contains(order.price)
        // What expires cannot rest, and a part of an order cannot be hidden that never rests.
        case .market: return order.timeInForce != .postOnly && order.display == 0
        case .marketByAmount:
            return order.timeInForce != .postOnly && order.timeInForce != .fillOrKill && order.display == 0
        }
    }

    // MARK: Matching

    /// A price as a ladder's key.
    @inline(__always)
    private static func key(_ price: Int64, _ side: Side) -> Int64 { side == .buy ? price : -price }

    private func match(
        _ order: Order, _ opposite: UnsafeMutablePointer<Ladder>, _ limit: Int64
    ) -> Outcome {
        var outcome = Outcome(.filled)
        let isByAmount = order.kind == .marketByAmount
        var left = order.quantity
        var isStopped = false
        while left > 0, !isStopped, !opposite.pointee.isEmpty, opposite.pointee.bestKey >= limit {
            let level = opposite.pointee.bestLevel
            let price = nodes[Int(level.pointee.head)].price
            var took = false
            while left > 0, level.pointee.count > 0 {
                let place = level.pointee.head
                let node = nodes + Int(place)
                if isOwn(place, order) {
                    if order.prevention != .expireTaker {
                        dropHead(level, place, node)
                        outcome.cancels &+= 1
                    }
                    if order.prevention != .expireMaker {
                        isStopped = true
                        break
                    }
                    continue
                }
                var traded = min(node.pointee.quantity, left)
                if isByAmount {
                    traded = min(node.pointee.quantity, left / price)
                    if traded == 0 {
                        isStopped = true
                        break
                    }
                    left &-= traded &* price
                } else {
                    left &-= traded
                }
                took = true
                record(Fill(maker: node.pointee.id, taker: order.id, price: price, quantity: traded))
                outcome.filled &+= traded
                level.pointee.quantity &-= traded
                node.pointee.quantity &-= traded
                if node.pointee.quantity == 0 {
                    if node.pointee.isIceberg {
                        refresh(level, place, node)
                    } else {
                        dropHead(level, place, node)
                    }
                }
            }
            if took { outcome.levelsSwept &+= 1 }
            if level.pointee.count == 0 { opposite.pointee.closeBest() }
        }
        outcome.fills = fillCount
        if fillCount > 0 { lastPrice = fillStore[fillCount - 1].price }
        if left > 0 {
            if order.kind == .limit, order.timeInForce == .goodTillCancel, !isStopped {
                _ = rest(order, quantity: left)
                outcome.status = .resting
            } else {
                outcome.status = .expired
            }
        }
        return outcome
    }

    /// Removes the first order of a level, which has traded in full or is cancelled.
    @inline(__always)
    private func dropHead(
        _ level: UnsafeMutablePointer<PriceLevel>, _ place: Int32, _ node: UnsafeMutablePointer<Node>
    ) {
        _ = removeFromIndex(node.pointee.id)
        level.pointee.quantity &-= node.pointee.quantity
        level.pointee.count &-= 1
        level.pointee.head = node.pointee.next
        if node.pointee.next >= 0 {
            nodes[Int(node.pointee.next)].previous = -1
        } else {
            level.pointee.tail = -1
        }
        giveBack(place)
    }

    /// An iceberg shows its next slice, which goes to the back of the queue.
    private func refresh(
        _ level: UnsafeMutablePointer<PriceLevel>, _ place: Int32, _ node: UnsafeMutablePointer<Node>
    ) {
        let detail = details[Int(place)]
        let slice = min(detail.display, detail.reserve)
        node.pointee.quantity = slice
        setReserve(detail.reserve &- slice, of: place)
        level.pointee.quantity &+= slice
        guard level.pointee.tail != place else { return }
        level.pointee.head = node.pointee.next
        nodes[Int(node.pointee.next)].previous = -1
        nodes[Int(level.pointee.tail)].next = place
        node.pointee.previous = level.pointee.tail
        node.pointee.next = -1
        level.pointee.tail = place
    }

    /// Whether a fill-or-kill order would be filled, nothing being changed.
    private func isFillable(_ order: Order, limit: Int64) -> Bool {
        let ladder = sides[Int(order.side.opposite.rawValue)]
        var left = order.quantity
        for key in ladder.keys(limit: .max) {
            guard key >= limit else { return false }
            var place = ladder.level(key).head
            // What is hidden comes after all that is shown at its price.
            var shown: Int64 = 0
            var hidden: Int64 = 0
            while place >= 0 {
                let node = nodes[Int(place)]
                if isOwn(place, order) {
                    if order.prevention != .expireMaker { return shown >= left }
                } else {
                    shown += node.quantity
                    hidden += self.hidden(place)
                    if shown >= left { return true }
                }
                place = node.next
            }
            left -= shown + hidden
            if left <= 0 { return true }
        }
        return false
    }

    @inline(__always)
    private func record(_ fill: Fill) {
        if fillCount == fillCapacity { growFills() }
        fillStore[fillCount] = fill
        fillCount &+= 1
    }

    private func growFills() {
        let larger = UnsafeMutablePointer<Fill>.allocate(capacity: fillCapacity * 2)
        larger.moveInitialize(from: fillStore, count: fillCount)
        fillStore.deallocate()
        fillStore = larger
        fillCapacity *= 2
    }

    /// Whether a resting order is of the arriving one's owner, who minds.
    @inline(__always)
    private func isOwn(_ place: Int32, _ order: Order) -> Bool {
        order.owner != 0 && order.prevention != .none && nodes[Int(place)].hasOwner
            && details[Int(place)].owner == order.owner
    }

    /// The node of an id; −1 where it does not rest.
    @inline(__always)
    private func node(of id: UInt64) -> Int32 {
        let nodes = self.nodes
        return index.node(of: id) { nodes[Int($0)].id == id }
    }

    @inline(__always)
    private func removeFromIndex(_ id: UInt64) -> Int32 {
        let nodes = self.nodes
        return index.remove(id) { nodes[Int($0)].id == id }
    }

    // MARK: Resting orders

    /// Puts an order at the back of its queue; false where its id rests already.
    @inline(__always)
    private func rest(_ order: Order, quantity: Int64) -> Bool {
        let place = take()
        let nodes = self.nodes
        guard index.insert(order.id, node: place, { nodes[Int($0)].id == order.id }) else {
            giveBack(place)
            return false
        }
        let isIceberg = order.display > 0 && order.display < quantity
        let shown = isIceberg ? order.display : quantity
        if isIceberg || order.owner != 0 {
            details[Int(place)] = Detail(
                reserve: quantity &- shown, display: order.display, owner: order.owner)
        }
        sides[Int(order.side.rawValue)].open(Book.key(order.price, order.side)) { level in
            nodes[Int(place)] = Node(
                id: order.id,
                packed: Node.pack(
                    order.price, order.side, isIceberg: isIceberg, hasOwner: order.owner != 0),
                quantity: shown, next: -1, previous: level.tail)
            if level.tail >= 0 { nodes[Int(level.tail)].next = place } else { level.head = place }
            level.tail = place
            level.count &+= 1
            level.quantity &+= shown
        }
        return true
    }

    /// Takes a node that is in no index any more out of its queue.
    @inline(__always)
    private func unlink(_ place: Int32) {
        let node = nodes[Int(place)]
        let nodes = self.nodes
        sides[Int(node.side.rawValue)].change(node.key) { level in
            if node.previous >= 0 {
                nodes[Int(node.previous)].next = node.next
            } else {
                level.head = node.next
            }
            if node.next >= 0 {
                nodes[Int(node.next)].previous = node.previous
            } else {
                level.tail = node.previous
            }
            level.count &-= 1
            level.quantity &-= node.quantity
        }
        giveBack(place)
    }

    @inline(__always)
    private func giveBack(_ place: Int32) {
        nodes[Int(place)].next = free
        free = place
    }

    @inline(__always)
    private func take() -> Int32 {
        if free >= 0 {
            let place = free
            free = nodes[Int(place)].next
            return place
        }
        if nodeCount == nodeCapacity { growNodes() }
        nodeCount &+= 1
        return Int32(nodeCount &- 1)
    }

    private func growNodes() {
        let larger = UnsafeMutablePointer<Node>.allocate(capacity: nodeCapacity * 2)
        larger.moveInitialize(from: nodes, count: nodeCount)
        nodes.deallocate()
        nodes = larger
        let moreDetails = UnsafeMutablePointer<Detail>.allocate(capacity: nodeCapacity * 2)
        moreDetails.moveInitialize(from: details, count: nodeCount)
        details.deallocate()
        details = moreDetails
        nodeCapacity *= 2
    }
}

extension Book {
    /// A level as it is shown.
    public struct Level: Sendable, Equatable {
        /// Ticks.
        public var price: Int64
        /// Lots that are shown.
        public var quantity: Int64
        /// Orders.
        public var orders: Int

        /// A level.
        public init(price: Int64, quantity: Int64, orders: Int) {
            self.price = price
            self.quantity = quantity
            self.orders = orders
        }
    }

    /// The best levels of a side, at most so many. O(window + limit).
    public func levels(_ side: Side, limit: Int) -> [Level] {
        let ladder = sides[Int(side.rawValue)]
        return ladder.keys(limit: limit).map { key in
            let level = ladder.level(key)
            return Level(price: side == .buy ? key : -key, quantity: level.quantity, orders: Int(level.count))
        }
    }

    /// The best price of a side; nil where it is empty.
    public func best(_ side: Side) -> Int64? {
        let ladder = sides[Int(side.rawValue)]
        guard !ladder.isEmpty else { return nil }
        return side == .buy ? ladder.bestKey : -ladder.bestKey
    }

    /// Lots that an order has left, hidden ones included; nil where it does not rest.
    public func remaining(_ id: UInt64) -> Int64? {
        let place = node(of: id)
        return place >= 0 ? nodes[Int(place)].quantity + hidden(place) : nil
    }

    /// The orders of a side in the order in which they would trade: id, price, shown and hidden lots.
    public func queue(_ side: Side) -> [(id: UInt64, price: Int64, shown: Int64, hidden: Int64)] {
        let ladder = sides[Int(side.rawValue)]
        var found: [(id: UInt64, price: Int64, shown: Int64, hidden: Int64)] = []
        for key in ladder.keys(limit: .max) {
            var place = ladder.level(key).head
            while place >= 0 {
                let node = nodes[Int(place)]
                found.append((node.id, node.price, node.quantity, hidden(place)))
                place = node.next
            }
        }
        return found
    }

    /// A digest of everything that rests, in order: equal books have equal digests (FNV-1a over 64-bit words).
    public func stateHash() -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func add(_ word: UInt64) { hash = (hash ^ word) &* 0x100_0000_01B3 }
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
