/// A limit order book of one symbol: price-time priority in whole ticks and lots.
///
///     let book = Book()
///     book.submit(Order(id: 1, side: .sell, price: 101, quantity: 5))
///     let outcome = book.submit(Order(id: 2, side: .buy, price: 101, quantity: 3))
///     book.fills[0]   // 3 lots at 101, maker 1, taker 2
///
/// One writer at a time, as on an exchange. Nothing is allocated while no more orders rest than have rested before and
/// prices stay near the touch. Stop orders are kept by `StopBook`, outside. Many books: `BookSet`.
public final class Book {
    let core: UnsafeMutablePointer<BookCore>

    /// An empty book with room for so many orders before it has to grow.
    public init(capacity: Int = 1024) {
        core = allocateAligned(1)
        core.initialize(to: BookCore(capacity: max(16, capacity)))
    }

    deinit {
        core.pointee.deallocate()
        core.deallocate()
    }

    /// The trades of the last message, in order.
    public var fills: UnsafeBufferPointer<Fill> {
        UnsafeBufferPointer(start: core.pointee.fills, count: Int(core.pointee.fillCount))
    }

    /// The price of the last trade; nil before the first.
    public var lastPrice: Int64? { core.pointee.lastPrice > 0 ? core.pointee.lastPrice : nil }

    /// Whether matching is halted: orders are rejected, cancels are not.
    public var isHalted: Bool { core.pointee.isHalted }

    /// Orders that rest.
    public var orderCount: Int { Int(core.pointee.index.count) }

    /// How often the book has allocated more room since it was made; it never allocates otherwise.
    public var growths: Int { core.pointee.allGrowths }

    /// Stops matching; orders are rejected until `resume`, cancels and reductions are not.
    public func halt() { core.pointee.isHalted = true }

    /// Goes on matching.
    public func resume() { core.pointee.isHalted = false }

    /// An order arrives: it trades with what rests, and rests, expires or is rejected.
    @discardableResult
    public func submit(_ order: Order) -> Outcome { core.pointee.submit(order) }

    /// Takes an order out of the book.
    @discardableResult
    public func cancel(_ id: UInt64) -> Outcome { core.pointee.cancel(id) }

    /// Makes an order smaller by some lots, its place in the queue kept; by all of them or more, it is cancelled.
    @discardableResult
    public func reduce(_ id: UInt64, by lots: Int64) -> Outcome { core.pointee.reduce(id, by: lots) }

    /// Cancels an order and submits another in its place, at the back of its queue, in one step: nothing changes where
    /// the new one is invalid or its id taken.
    @discardableResult
    public func replace(_ id: UInt64, with order: Order) -> Outcome { core.pointee.replace(id, with: order) }

    /// Takes all orders of one price out of the book; gives how many there were.
    @discardableResult
    public func cancelAll(_ side: Side, at price: Int64) -> Int { core.pointee.cancelAll(side, at: price) }

    /// Lets an order rest, whatever the other side holds; false where it is invalid or its id rests already.
    func restUnmatched(_ order: Order) -> Bool {
        order.isValid && core.pointee.rest(order, quantity: order.quantity)
    }

    /// Forgets the trades of the last message.
    func clearFills() { core.pointee.fillCount = 0 }
}
