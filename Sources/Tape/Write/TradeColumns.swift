import Units

/// A run of trades with ids as columns, which go into a `TapeDeltaBuilder` faster than one by one.
///
/// All numbers are below 2^60 and none is negative. The columns belong to the caller and must last for the
/// call.
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
    /// 1 where the taker sold, 0 where it bought; one byte a row.
    public var sells: UnsafePointer<UInt8>
    /// How many numbers lie from one row to the next in each of the other columns.
    public var stride: Int

    public init(
        times: UnsafePointer<Int64>, unitsPerSecond: Int64, isResolved: Bool, firstIDs: UnsafePointer<Int64>,
        lastIDs: UnsafePointer<Int64>, countsIDs: Bool, prices: UnsafePointer<Int64>,
        quantities: UnsafePointer<Int64>, notionals: UnsafePointer<Int64>, sells: UnsafePointer<UInt8>,
        stride: Int = 1
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
        self.stride = stride
    }

    /// One row as an event.
    @inline(__always)
    func event(_ index: Int) -> TradeEvent {
        let nanosecondsPerUnit = 1_000_000_000 / unitsPerSecond
        let place = index &* stride
        return TradeEvent(
            time: Timestamp(nanoseconds: times[place] &* nanosecondsPerUnit), isResolved: isResolved,
            count: countsIDs ? lastIDs[place] &- firstIDs[place] &+ 1 : 1,
            ids: firstIDs[place]...lastIDs[place], price: prices[place],
            quantity: Int128(quantities[place]), notional: Int128(notionals[place]),
            side: sells[index] == 1 ? .sell : .buy)
    }
}

extension EventSeriesBuilder {
    /// Adds the rows from `start` on that fall in the second of the open row, or of the first of them, and
    /// whose ids follow one another, and returns where it stopped: at `end`, or at a row that has to be
    /// looked at by itself.
    ///
    /// `turn` closes the open row where it is of another second.
    func addRun(
        _ columns: TradeColumns, from start: Int, to end: Int, turn: (Int64) -> Void
    ) -> Int {
        let units = columns.unitsPerSecond
        let stride = columns.stride
        guard start < end, open.pointee.row.start != .min else { return start }
        let place = start &* stride
        let id = columns.firstIDs[place]
        var base = open.pointee.row.start &* units
        var second = open.pointee.row.start
        let isTurning = UInt64(bitPattern: columns.times[place] &- base) >= UInt64(bitPattern: units)
        if isTurning {
            second = columns.times[place] / units
            base = second &* units
        }
        let ids = risingIDs(second: second)
        guard !ids.isEmpty, id == ids.lowerBound, columns.lastIDs[place] < ids.upperBound else {
            return start
        }
        if isTurning {
            turn(second)
            turnRow(to: second)
        }
        let run =
            columns.countsIDs
            ? columns.run(from: start, to: end, base: base, before: ids.upperBound, countsIDs: true)
            : columns.run(from: start, to: end, base: base, before: ids.upperBound, countsIDs: false)
        let sums = columns.sums(start..<run.end)
        if columns.isResolved { fillBins(columns, start..<run.end, base: base) }
        extend(toBefore: run.nextID)
        let prices =
            run.isAscending
            ? PriceRange(
                open: columns.point(start), high: run.high, low: run.low, close: columns.point(run.end - 1))
            : columns.prices(start..<run.end)
        add(run, sums, prices)
        return run.end
    }

    /// Adds a run of rows to the open one.
    @inline(__always)
    private func add(_ run: TradeColumns.Run, _ sums: TradeColumns.Sums, _ prices: PriceRange) {
        let row = open
        row.pointee.row.count = row.pointee.row.count.addingSaturating(run.count)
        row.pointee.row.sells = row.pointee.row.sells.addingSaturating(run.sold)
        row.pointee.row.buys = row.pointee.row.buys.addingSaturating(run.count &- run.sold)
        // A run of fewer than 2^7 rows of squares below 2^120 cannot overflow; see `runMax`.
        row.pointee.row.quantity = row.pointee.row.quantity.addingSaturating(Int128(sums.quantity))
        row.pointee.row.notional = row.pointee.row.notional.addingSaturating(Int128(sums.notional))
        row.pointee.row.quantitySquares = row.pointee.row.quantitySquares.addingSaturating(
            Int128(sums.quantitySquares))
        row.pointee.row.notionalSquares = row.pointee.row.notionalSquares.addingSaturating(
            Int128(sums.notionalSquares))
        if row.pointee.row.prices == nil {
            row.pointee.row.prices = prices
        } else {
            row.pointee.row.prices?.merge(prices)
        }
    }

    /// How many rows `addRun` takes at the most, so that its sums need no check.
    static let runMax = 100

    /// Counts the trades of rows of the open second by bin.
    private func fillBins(_ columns: TradeColumns, _ range: Range<Int>, base: Int64) {
        // Milliseconds by multiplication: exact for dividends below 10^9.
        let divisor = UInt64(max(columns.unitsPerSecond / 1000, 1))
        let reciprocal = UInt64.max / divisor &+ (divisor == 1 ? 0 : 1)
        let (times, stride) = (columns.times, columns.stride)
        let (firstIDs, lastIDs) = (columns.firstIDs, columns.lastIDs)
        var occupied = open.pointee.occupied
        var place = range.lowerBound &* stride
        for _ in 0..<range.count {
            let inSecond = UInt64(bitPattern: times[place] &- base)
            let millisecond = divisor == 1 ? inSecond : inSecond.multipliedFullWidth(by: reciprocal).high
            let trades = columns.countsIDs ? lastIDs[place] &- firstIDs[place] &+ 1 : 1
            let bin = addToBin(millisecond, count: UInt64(bitPattern: trades))
            let bit: UInt64 = 1 &<< (bin & 63)
            occupied.low |= bin < 64 ? bit : 0
            occupied.high |= bin < 64 ? 0 : bit
            place &+= stride
        }
        open.pointee.occupied = occupied
    }
}

// Loops of their own, because the sums of one loop would not fit the processor's registers.
extension TradeColumns {
    /// Rows of one second whose ids follow one another.
    fileprivate struct Run {
        var end: Int
        var nextID: Int64
        var count: Int64 = 0
        var sold: Int64 = 0
        var high: Int64 = 0
        var low: Int64 = .max
        /// Whether no row is earlier than the one before it. Ids rise, so that the first row is then the
        /// first trade, and the last row the last.
        var isAscending = true
    }

    /// The rows up to the first that is outside the second, or whose id does not follow; at least the first.
    @inline(__always)
    fileprivate func run(
        from start: Int, to end: Int, base: Int64, before idEnd: Int64, countsIDs: Bool
    ) -> Run {
        let units = UInt64(bitPattern: unitsPerSecond)
        let (times, firstIDs, lastIDs, prices, sells) = (times, firstIDs, lastIDs, prices, sells)
        let stride = stride
        var run = Run(end: start, nextID: firstIDs[start &* stride])
        var lastTime = times[start &* stride]
        var backward: Int64 = 0
        var place = start &* stride
        while run.end < end {
            let time = times[place]
            let id = firstIDs[place]
            guard UInt64(bitPattern: time &- base) < units, id == run.nextID else { break }
            let lastID = countsIDs ? lastIDs[place] : id
            guard lastID < idEnd else { break }
            run.nextID = lastID &+ 1
            let trades = countsIDs ? run.nextID &- id : 1
            run.count &+= trades
            run.sold &+= Int64(sells[run.end]) &* trades
            run.high = max(run.high, prices[place])
            run.low = min(run.low, prices[place])
            backward |= time &- lastTime
            lastTime = time
            run.end &+= 1
            place &+= stride
        }
        run.isAscending = backward >= 0
        return run
    }

    fileprivate typealias Sums = (
        quantity: UInt128, notional: UInt128, quantitySquares: UInt128, notionalSquares: UInt128
    )

    /// The sums of fewer than 2^7 rows.
    fileprivate func sums(_ range: Range<Int>) -> Sums {
        let (quantities, notionals, stride) = (quantities, notionals, stride)
        var quantity: UInt128 = 0
        var notional: UInt128 = 0
        var quantitySquares: UInt128 = 0
        var notionalSquares: UInt128 = 0
        var place = range.lowerBound &* stride
        for _ in 0..<range.count {
            let traded = UInt64(bitPattern: quantities[place])
            let value = UInt64(bitPattern: notionals[place])
            quantity &+= UInt128(traded)
            notional &+= UInt128(value)
            quantitySquares &+= UInt128(traded) &* UInt128(traded)
            notionalSquares &+= UInt128(value) &* UInt128(value)
            place &+= stride
        }
        return (quantity, notional, quantitySquares, notionalSquares)
    }

    /// A row as the total order of trades sees it.
    fileprivate func point(_ index: Int) -> PricePoint {
        let place = index &* stride
        return PricePoint(
            nanoseconds: times[place] &* (1_000_000_000 / unitsPerSecond), id: firstIDs[place],
            price: prices[place])
    }

    /// The range of some rows in any order.
    fileprivate func prices(_ range: Range<Int>) -> PriceRange {
        var result = PriceRange(point(range.lowerBound))
        for index in range.dropFirst() { result.add(point(index)) }
        return result
    }
}
