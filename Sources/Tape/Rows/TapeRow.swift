import Units

/// What the tape keeps of one series in one interval: one second of events, or one bar of its source's own length.
///
/// Every field merges by an associative and commutative rule (sums, extremes, ends by a total order), so that a tape
/// does not depend on the order in which its files arrived.
public struct TapeRow: Sendable, Equatable {
    /// The start of the interval, in whole seconds since the epoch.
    public var start: Int64
    /// Events: trades, requests or messages; the whole part of `y` for metrics.
    public var count: Int64
    /// The part of a metric below one, in units of 1e-8; 0 for events.
    public var countFraction: Int64 = 0
    /// Sum of quantities, in units of 1e-8.
    public var quantity: Int128 = 0
    /// Sum of price times quantity (for coin-margined contracts, of their face value), in units of 1e-8.
    public var notional: Int128 = 0
    /// Sum of response sizes, in whole bytes.
    public var bytes: Int128 = 0
    /// Sum of squared quantities, in units of 1e-16.
    public var quantitySquares: Int128 = 0
    /// Sum of squared notionals, in units of 1e-16.
    public var notionalSquares: Int128 = 0
    /// Sum of squared response sizes, in bytes².
    public var bytesSquares: Int128 = 0
    /// Events whose taker bought.
    public var buys: Int64 = 0
    /// Events whose taker sold.
    public var sells: Int64 = 0
    /// Requests by class of status.
    public var statuses = StatusCounts()
    /// Open, high, low and close; nil where nothing had a price.
    public var prices: PriceRange?

    /// A row with a count and nothing else.
    public init(start: Int64, count: Int64 = 0) {
        self.start = start
        self.count = count
    }

    /// The start of the interval.
    public var time: Timestamp { Timestamp(seconds: start) }

    /// The count as a number; `y` of the contract.
    public var y: Double { TapeRow.y(count: count, fraction: countFraction) }

    static func y(count: Int64, fraction: Int64) -> Double { Double(count) + Double(fraction) * 1e-8 }

    /// Requests that the service answered with 4xx (429 included) or 5xx.
    public var errors: Int64 {
        statuses.clientError.addingSaturating(statuses.tooManyRequests).addingSaturating(statuses.serverError)
    }

    /// Requests that were offered and refused: 429 and 5xx.
    public var refused: Int64 { statuses.tooManyRequests.addingSaturating(statuses.serverError) }

    /// Adds another row of the same interval.
    public mutating func merge(_ other: TapeRow) {
        add(count: other.count, fraction: other.countFraction)
        quantity = quantity.addingSaturating(other.quantity)
        notional = notional.addingSaturating(other.notional)
        bytes = bytes.addingSaturating(other.bytes)
        quantitySquares = quantitySquares.addingSaturating(other.quantitySquares)
        notionalSquares = notionalSquares.addingSaturating(other.notionalSquares)
        bytesSquares = bytesSquares.addingSaturating(other.bytesSquares)
        buys = buys.addingSaturating(other.buys)
        sells = sells.addingSaturating(other.sells)
        statuses.merge(other.statuses)
        guard let added = other.prices else { return }
        guard var mine = prices else {
            prices = added
            return
        }
        mine.merge(added)
        prices = mine
    }

    private mutating func add(count added: Int64, fraction: Int64) {
        let parts = countFraction + fraction
        let carry: Int64 = parts >= FixedPoint.unitsPerOne ? 1 : 0
        count = count.addingSaturating(added).addingSaturating(carry)
        countFraction = count == .max ? 0 : parts - carry * FixedPoint.unitsPerOne
    }
}

/// Requests by class of status.
public struct StatusCounts: Sendable, Equatable {
    /// 2xx.
    public var success: Int64 = 0
    /// 3xx.
    public var redirect: Int64 = 0
    /// 4xx without 429.
    public var clientError: Int64 = 0
    /// 429: refused by a rate limit.
    public var tooManyRequests: Int64 = 0
    /// 5xx.
    public var serverError: Int64 = 0

    public init() {}

    /// Counts one more request; a status outside 200 to 599 belongs to no class.
    @inline(__always)
    public mutating func add(status: Int) {
        switch status {
        case 200..<300: success = success.addingSaturating(1)
        case 300..<400: redirect = redirect.addingSaturating(1)
        case 429: tooManyRequests = tooManyRequests.addingSaturating(1)
        case 400..<500: clientError = clientError.addingSaturating(1)
        case 500..<600: serverError = serverError.addingSaturating(1)
        default: break
        }
    }

    mutating func merge(_ other: StatusCounts) {
        success = success.addingSaturating(other.success)
        redirect = redirect.addingSaturating(other.redirect)
        clientError = clientError.addingSaturating(other.clientError)
        tooManyRequests = tooManyRequests.addingSaturating(other.tooManyRequests)
        serverError = serverError.addingSaturating(other.serverError)
    }
}

/// The first, highest, lowest and last price of an interval, in units of 1e-8.
public struct PriceRange: Sendable, Equatable {
    /// The first trade.
    public var open: PricePoint
    /// The highest price.
    public var high: Int64
    /// The lowest price.
    public var low: Int64
    /// The last trade.
    public var close: PricePoint

    /// The range of a single trade.
    public init(_ point: PricePoint) {
        open = point
        close = point
        high = point.price
        low = point.price
    }

    /// A range from its parts, as a bar gives it.
    public init(open: PricePoint, high: Int64, low: Int64, close: PricePoint) {
        self.open = open
        self.high = high
        self.low = low
        self.close = close
    }

    /// Takes in one more trade.
    @inline(__always)
    mutating func add(_ point: PricePoint) {
        if point < open { open = point }
        if close < point { close = point }
        if point.price > high { high = point.price }
        if point.price < low { low = point.price }
    }

    mutating func merge(_ other: PriceRange) {
        if other.open < open { open = other.open }
        if close < other.close { close = other.close }
        high = max(high, other.high)
        low = min(low, other.low)
    }
}

/// A trade as the total order sees it: by time, then id, then price, then quantity.
public struct PricePoint: Sendable, Equatable, Comparable {
    /// Nanoseconds since the epoch.
    public var nanoseconds: Int64
    /// The venue's trade id, or `PricePoint.noID`.
    public var id: Int64
    /// The price, in units of 1e-8.
    public var price: Int64
    /// The quantity in units of 1e-8 where there is no id; 0 where an id decides already.
    public var quantity: Int64

    /// What stands for the id of a trade that has none.
    public static let noID = Int64.min

    public init(nanoseconds: Int64, id: Int64 = PricePoint.noID, price: Int64, quantity: Int64 = 0) {
        self.nanoseconds = nanoseconds
        self.id = id
        self.price = price
        self.quantity = quantity
    }

    /// The total order.
    @inline(__always)
    public static func < (one: PricePoint, other: PricePoint) -> Bool {
        if one.nanoseconds != other.nanoseconds { return one.nanoseconds < other.nanoseconds }
        if one.id != other.id { return one.id < other.id }
        if one.price != other.price { return one.price < other.price }
        return one.quantity < other.quantity
    }
}
