/// A side of the book.
public enum Side: UInt8, Sendable, CaseIterable {
    /// Wants to buy.
    case buy
    /// Wants to sell.
    case sell

    /// The other one.
    @inline(__always)
    public var opposite: Side { self == .buy ? .sell : .buy }
}

/// What becomes of the part of an order that does not trade at once.
public enum TimeInForce: UInt8, Sendable, CaseIterable {
    /// It rests until it is cancelled.
    case goodTillCancel
    /// It expires.
    case immediateOrCancel
    /// The order trades as a whole or not at all; the book is probed before anything trades.
    case fillOrKill
    /// The order rests; it is rejected if any part would trade.
    case postOnly
}

/// What happens where an order would trade with one of the same owner.
public enum SelfTradePrevention: UInt8, Sendable, CaseIterable {
    /// They trade.
    case none
    /// The resting order is cancelled, and matching goes on.
    case expireMaker
    /// What is left of the arriving order is cancelled.
    case expireTaker
    /// Both are cancelled.
    case expireBoth
}

/// An order as it arrives. Prices are whole ticks, quantities whole lots.
public struct Order: Sendable, Equatable {
    /// The caller's name for it; unique among orders that rest.
    public var id: UInt64
    /// Buy or sell.
    public var side: Side
    /// Ticks; ignored for market orders.
    public var price: Int64
    /// Lots; for a market order by amount, ticks times lots that may be spent or taken in.
    public var quantity: Int64
    /// Who sent it, for self-trade prevention; 0 is nobody, who never meets himself.
    public var owner: UInt32
    /// How it is priced.
    public var kind: Kind
    /// What becomes of the rest.
    public var timeInForce: TimeInForce
    /// What happens where it meets its owner.
    public var prevention: SelfTradePrevention
    /// Lots that an iceberg shows at a time; 0 shows all.
    public var display: Int64

    /// How an order is priced.
    public enum Kind: UInt8, Sendable, CaseIterable {
        /// At its price or better.
        case limit
        /// At any price, until its quantity is filled; what is left expires.
        case market
        /// At any price, until its amount (ticks times lots) is used up; what is left expires.
        case marketByAmount
    }

    /// An order.
    public init(
        id: UInt64, side: Side, price: Int64, quantity: Int64, owner: UInt32 = 0, kind: Kind = .limit,
        timeInForce: TimeInForce = .goodTillCancel, prevention: SelfTradePrevention = .none,
        display: Int64 = 0
    ) {
        self.id = id
        self.side = side
        self.price = price
        self.quantity = quantity
        self.owner = owner
        self.kind = kind
        self.timeInForce = timeInForce
        self.prevention = prevention
        self.display = display
    }

    /// Whether a part of it may come to rest.
    @inline(__always)
    var mayRest: Bool {
        kind == .limit && (timeInForce == .goodTillCancel || timeInForce == .postOnly)
    }

    /// Prices and quantities beyond this are rejected, so that no sum can overflow.
    public static let valueMax: Int64 = 1 << 50
}

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

    /// A trade.
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
        /// The id already rests.
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
    }
}
