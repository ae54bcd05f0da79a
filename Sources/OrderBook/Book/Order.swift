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
    /// The order trades as a whole or not at all; the book is probed before anything trades. One by amount trades as a
    /// whole when less than a lot's price is left of it.
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
    /// Ticks; ignored for market orders.
    public var price: Int64
    /// Lots; for a market order by amount, ticks times lots that may be spent or taken in.
    public var quantity: Int64
    /// Lots that an iceberg shows at a time; 0 shows all.
    public var display: Int64
    /// Who sent it, for self-trade prevention; 0 is nobody, who never meets himself.
    public var owner: UInt32
    /// Buy or sell.
    public var side: Side
    /// How it is priced.
    public var kind: Kind
    /// What becomes of the rest.
    public var timeInForce: TimeInForce
    /// What happens where it meets its owner.
    public var prevention: SelfTradePrevention

    /// How an order is priced.
    public enum Kind: UInt8, Sendable, CaseIterable {
        /// At its price or better.
        case limit
        /// At any price, until its quantity is filled; what is left expires.
        case market
        /// At any price, until its amount (ticks times lots) is used up; what is left expires.
        case marketByAmount
    }

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

    /// Whether price, quantity and display are in range and its parts go together.
    @inline(__always)
    public var isValid: Bool {
        // One comparison for 1...valueMax: what is below wraps to something large.
        let values = UInt64(Order.valueMax)
        guard UInt64(bitPattern: quantity &- 1) < values,
            UInt64(bitPattern: display) <= UInt64(bitPattern: quantity)
        else { return false }
        if kind == .limit { return UInt64(bitPattern: price &- 1) < values }
        // What expires cannot rest, and a part of an order cannot be hidden that never rests.
        return timeInForce != .postOnly && display == 0
    }

    /// Prices and quantities beyond this are rejected, so that no sum can overflow.
    public static let valueMax: Int64 = 1 << 50
}
