/// A trade between an arriving and a resting order.
public struct Fill: Sendable, Equatable {
    /// The resting order.
    public var maker: UInt64
    /// The arriving one.
    public var taker: UInt64
    /// The resting order's price, in ticks.
    public var price: Int64
    /// Lots.
    public var quantity: Int64

    public init(maker: UInt64, taker: UInt64, price: Int64, quantity: Int64) {
        self.maker = maker
        self.taker = taker
        self.price = price
        self.quantity = quantity
    }
}

/// What the book did with a message: its answer, and the work that it was.
public struct Outcome: Sendable, Equatable {
    /// The answer.
    public var status: Status
    /// Lots that traded.
    public var filled: Int64 = 0
    /// Price levels from which something was taken.
    public var levelsSwept = 0
    /// Trades.
    public var fills = 0
    /// Resting orders that were cancelled on the way, by self-trade prevention.
    public var cancels = 0

    /// An answer without work.
    @inline(__always)
    public init(_ status: Status) {
        self.status = status
    }

    /// An answer.
    public enum Status: UInt8, Sendable, CaseIterable {
        /// Traded in full.
        case filled
        /// Rests, in part or as a whole.
        case resting
        /// What did not trade has expired.
        case expired
        /// Cancelled, reduced or replaced as asked.
        case done
        /// A stop order waits for its trigger.
        case waiting
        /// The id already rests or waits.
        case duplicate
        /// No such order rests.
        case unknown
        /// A price, quantity or display out of range.
        case invalid
        /// A post-only order would have traded.
        case wouldTrade
        /// A fill-or-kill order could not be filled.
        case notFillable
        /// The book is halted.
        case halted

        /// The answers to a message that did what it asked for.
        public static let successes: Set<Status> = [.filled, .resting, .expired, .done, .waiting]
    }
}
