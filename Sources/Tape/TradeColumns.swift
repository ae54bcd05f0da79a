import Units

/// A run of trades with ids as columns, which go into a `TapeDeltaBuilder` faster than one by one.
///
/// All numbers are below 2^60 and none is negative. The columns belong to the caller and must last for the call.
public struct TradeColumns {
    /// Times since the epoch, in the unit below; within `Timestamp.plausible`.
    public var times: UnsafePointer<Int64>
    /// Units of time in a second: 1, 10³, 10⁶ or 10⁹.
    public var unitsPerSecond: Int64
    /// Whether the source's clock says more than whole seconds.
    public var isResolved: Bool
    /// The id of a trade, or the first one of those that a row stands for.
    public var firstIDs: UnsafePointer<Int64>
    /// The last id; the same as the first for single trades.
    public var lastIDs: UnsafePointer<Int64>
    /// Whether a row counts as many trades as it has ids, or as one.
    public var countsIDs: Bool
    /// Prices in units of 1e-8, positive.
    public var prices: UnsafePointer<Int64>
    /// Quantities in units of 1e-8.
    public var quantities: UnsafePointer<Int64>
    /// Notionals in units of 1e-8.
    public var notionals: UnsafePointer<Int64>
    /// 1 where the taker sold, 0 where it bought.
    public var sells: UnsafePointer<UInt8>

    /// Columns.
    public init(
        times: UnsafePointer<Int64>, unitsPerSecond: Int64, isResolved: Bool, firstIDs: UnsafePointer<Int64>,
        lastIDs: UnsafePointer<Int64>, countsIDs: Bool, prices: UnsafePointer<Int64>,
        quantities: UnsafePointer<Int64>, notionals: UnsafePointer<Int64>, sells: UnsafePointer<UInt8>
    ) {
        self.times = times
        self.unitsPerSecond = unitsPerSecond
        self.isResolved = isResolved
        self.firstIDs = firstIDs
        self.lastIDs = lastIDs
        self.countsIDs = countsIDs
        self.prices = prices
        self.quantities = quantities
        self.notionals = notionals
        self.sells = sells
    }

    /// One row as an event.
    @inline(__always)
    func event(_ index: Int) -> TradeEvent {
        let nanosecondsPerUnit = 1_000_000_000 / unitsPerSecond
        return TradeEvent(
            time: Timestamp(nanoseconds: times[index] &* nanosecondsPerUnit), isResolved: isResolved,
            count: countsIDs ? lastIDs[index] &- firstIDs[index] &+ 1 : 1,
            ids: firstIDs[index]...lastIDs[index], price: prices[index],
            quantity: Int128(quantities[index]), notional: Int128(notionals[index]),
            side: sells[index] == 1 ? .sell : .buy)
    }
}

extension EventSeriesBuilder {
    /// Adds the rows from `start` on that fall in the second of the open row and whose ids follow one another, and
    /// returns where it stopped: at `end`, or at a row that has to be looked at by itself.
    func addRun(_ columns: TradeColumns, from start: Int, to end: Int) -> Int {
        let units = columns.unitsPerSecond
        let second = open.pointee.row.start
        let ids = risingIDs(second: second)
        guard start < end, second != .min, !ids.isEmpty, columns.firstIDs[start] == ids.lowerBound,
            var prices = open.pointee.row.prices
        else { return start }
        let base = second &* units
        // Milliseconds by multiplication: exact for dividends below 10^9.
        let divisor = UInt64(max(units / 1000, 1))
        let reciprocal = UInt64.max / divisor &+ (divisor == 1 ? 0 : 1)
        let nanoseconds = 1_000_000_000 / units
        var nextID = ids.lowerBound
        var index = start
        var quantity: UInt128 = 0
        var notional: UInt128 = 0
        var quantitySquares: UInt128 = 0
        var notionalSquares: UInt128 = 0
        var count: Int64 = 0
        var sold: Int64 = 0
        var first = prices.open
        var last = prices.close
        while index < end {
            let inSecond = UInt64(bitPattern: columns.times[index] &- base)
            let id = columns.firstIDs[index]
            let lastID = columns.lastIDs[index]
            guard inSecond < UInt64(bitPattern: units), id == nextID, lastID < ids.upperBound else { break }
            let trades = columns.countsIDs ? lastID &- id &+ 1 : 1
            nextID = lastID &+ 1
            count &+= trades
            if columns.isResolved {
                let millisecond = divisor == 1 ? inSecond : inSecond.multipliedFullWidth(by: reciprocal).high
                addToBin(millisecond, count: UInt64(bitPattern: trades))
            }
            let traded = UInt64(bitPattern: columns.quantities[index])
            let value = UInt64(bitPattern: columns.notionals[index])
            quantity &+= UInt128(traded)
            notional &+= UInt128(value)
            quantitySquares &+= UInt128(traded) &* UInt128(traded)
            notionalSquares &+= UInt128(value) &* UInt128(value)
            sold &+= Int64(columns.sells[index]) &* trades
            let price = columns.prices[index]
            prices.high = max(prices.high, price)
            prices.low = min(prices.low, price)
            let time = columns.times[index] &* nanoseconds
            // Ids rise, so that of two trades at one time the later row is the later trade, unless a row from elsewhere
            // has opened or closed the second.
            if time > last.nanoseconds || (time == last.nanoseconds && id > last.id) {
                last = PricePoint(nanoseconds: time, id: id, price: price)
            } else {
                let point = PricePoint(nanoseconds: time, id: id, price: price)
                if point < first { first = point }
                if last < point { last = point }
            }
            index &+= 1
        }
        guard index > start else { return start }
        extend(toBefore: nextID)
        prices.open = first
        prices.close = last
        let row = open
        row.pointee.row.count = row.pointee.row.count.addingSaturating(count)
        row.pointee.row.sells = row.pointee.row.sells.addingSaturating(sold)
        row.pointee.row.buys = row.pointee.row.buys.addingSaturating(count &- sold)
        // A run of fewer than 2^7 rows of squares below 2^120 cannot overflow; see `runMax`.
        row.pointee.row.quantity = row.pointee.row.quantity.addingSaturating(Int128(quantity))
        row.pointee.row.notional = row.pointee.row.notional.addingSaturating(Int128(notional))
        row.pointee.row.quantitySquares = row.pointee.row.quantitySquares.addingSaturating(
            Int128(quantitySquares))
        row.pointee.row.notionalSquares = row.pointee.row.notionalSquares.addingSaturating(
            Int128(notionalSquares))
        row.pointee.row.prices = prices
        return index
    }

    /// How many rows `addRun` takes at the most, so that its sums need no check.
    static let runMax = 100
}
