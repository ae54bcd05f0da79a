/// What a book is made of. It lives behind a pointer, so that many books lie in a row without a count of references.
///
/// Reading order: the messages here, `BookCore+Matching.swift`, `BookCore+Resting.swift`.
struct BookCore {
    var index: OrderIndex
    var slab: Slab
    /// The buyers' side and the sellers'.
    let ladders: UnsafeMutablePointer<Ladder>
    var fillCount: Int32 = 0
    var isHalted = false
    // The first cache line ends here; the second is for trades.
    var fillCapacity: Int32 = 64
    var fills: UnsafeMutablePointer<Fill>
    /// The price of the last trade; 0 before the first.
    var lastPrice: Int64 = 0
    var growths = 0
    private let padding: (Int, Int, Int, Int) = (0, 0, 0, 0)

    init(capacity: Int) {
        ladders = allocateAligned(2)
        ladders.initialize(to: Ladder())
        (ladders + 1).initialize(to: Ladder())
        slab = Slab(capacity: capacity + capacity / 4)
        index = OrderIndex(capacity: capacity)
        fills = .allocate(capacity: Int(fillCapacity))
    }

    func deallocate() {
        ladders[0].deallocate()
        ladders[1].deallocate()
        ladders.deallocate()
        slab.deallocate()
        index.deallocate()
        fills.deallocate()
    }

    /// How often any of its parts had to allocate more room.
    var allGrowths: Int {
        growths + Int(slab.growths) + Int(index.growths) + Int(ladders[0].growths + ladders[1].growths)
    }

    /// A price as a ladder's key.
    @inline(__always)
    static func key(_ price: Int64, _ side: Side) -> Int64 {
        // Without a branch: sides come at random.
        let sign = 0 &- Int64(side.rawValue)
        return (price ^ sign) &- sign
    }

    /// The record of an id; 0 where it does not rest.
    @inline(__always)
    func place(of id: UInt64) -> Int32 { index.place(of: id, in: slab.records) }

    // MARK: Messages

    /// An order arrives: it trades with what rests, and rests, expires or is rejected.
    @inline(__always)
    mutating func submit(_ order: Order) -> Outcome {
        fillCount = 0
        if isHalted { return Outcome(.halted) }
        guard order.isValid else { return Outcome(.invalid) }
        let opposite = order.side.opposite
        let limit = order.kind == .limit ? BookCore.key(order.price, opposite) : Ladder.none + 1
        if ladders[Int(opposite.rawValue)].bestKey < limit {
            if order.mayRest { return Outcome(rest(order, quantity: order.quantity) ? .resting : .duplicate) }
            return Outcome(order.timeInForce == .fillOrKill ? .notFillable : .expired)
        }
        return aggress(order, limit)
    }

    /// An order arrives that the other side's best price suits.
    @inline(never)
    private mutating func aggress(_ order: Order, _ limit: Int64) -> Outcome {
        if order.mayRest, place(of: order.id) != 0 { return Outcome(.duplicate) }
        if order.timeInForce == .postOnly { return Outcome(.wouldTrade) }
        if order.timeInForce == .fillOrKill, !isFillable(order, limit) { return Outcome(.notFillable) }
        return match(order, limit)
    }

    /// Takes an order out of the book.
    @inline(__always)
    mutating func cancel(_ id: UInt64) -> Outcome {
        fillCount = 0
        let place = index.remove(id, in: slab.records)
        guard place != 0 else { return Outcome(.unknown) }
        unlink(place)
        return Outcome(.done)
    }

    /// Makes an order smaller by some lots, its place in the queue kept; by all of them or more, it is cancelled.
    @inline(__always)
    mutating func reduce(_ id: UInt64, by lots: Int64) -> Outcome {
        fillCount = 0
        let place = place(of: id)
        guard place != 0 else { return Outcome(.unknown) }
        guard lots > 0 else { return Outcome(.invalid) }
        let record = slab.records + Int(place)
        // Lots that are not shown go first.
        let reserve = hidden(place)
        let hidden = min(reserve, lots)
        let shown = lots &- hidden
        guard shown < record.pointee.quantity else { return cancel(id) }
        if hidden > 0 { setReserve(reserve &- hidden, of: place) }
        record.pointee.quantity &-= shown
        slab.records[record.pointee.level].quantity &-= shown
        return Outcome(.done)
    }

    /// Cancels an order and submits another in its place, at the back of its queue.
    @inline(__always)
    mutating func replace(_ id: UInt64, with order: Order) -> Outcome {
        fillCount = 0
        if isHalted { return Outcome(.halted) }
        let place = place(of: id)
        guard place != 0 else { return Outcome(.unknown) }
        guard order.isValid else { return Outcome(.invalid) }
        let opposite = order.side.opposite
        if order.id == id, order.mayRest,
            ladders[Int(opposite.rawValue)].bestKey < BookCore.key(order.price, opposite)
        {
            // A plain move: the record and its place in the index stay.
            move(place, order)
            return Outcome(.resting)
        }
        return exchange(id, order)
    }

    @inline(never)
    private mutating func exchange(_ id: UInt64, _ order: Order) -> Outcome {
        if order.mayRest, order.id != id, place(of: order.id) != 0 { return Outcome(.duplicate) }
        _ = cancel(id)
        return submit(order)
    }

    /// Takes all orders of one price out of the book; gives how many there were.
    mutating func cancelAll(_ side: Side, at price: Int64) -> Int {
        fillCount = 0
        let level = ladders[Int(side.rawValue)].level(BookCore.key(price, side))
        guard level != 0 else { return 0 }
        let count = Int(slab.records[Int(level)].tag)
        for _ in 0..<count { _ = cancel(slab.records[Int(slab.records[Int(level)].next)].id) }
        return count
    }
}
