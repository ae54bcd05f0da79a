import Units

/// Sums the events of one series by second, in whatever order they come.
///
/// The second at hand is kept open, with its hundred bins; a second that comes back later makes a further row, which
/// merges with the first when the batch is put in order.
final class EventSeriesBuilder {
    let id: SeriesID
    private(set) var pending = RowBatch()
    private(set) var seen: [Period: SeenIDs] = [:]
    /// Events without an id.
    private(set) var anonymousCount: Int64 = 0

    // Behind a pointer, because each access to a class's own variable would be checked for exclusivity at run time.
    private let open: UnsafeMutablePointer<OpenRow>
    private let binCounts: UnsafeMutablePointer<UInt64>
    private let binMilliseconds: UnsafeMutablePointer<UInt64>

    private struct OpenRow {
        var row = TapeRow(start: .min)
        var occupied: (low: UInt64, high: UInt64) = (0, 0)
    }

    private var day = Period(isEvents: true, holding: 0)
    private var daySeen = SeenIDs()
    private var known: [Period: IntervalSet] = [:]
    private var dayKnown = IntervalSet()
    /// The first and last second of each day's events.
    private(set) var spans: [Int64: ClosedRange<Int64>] = [:]

    init(id: SeriesID) {
        self.id = id
        open = .allocate(capacity: 1)
        open.initialize(to: OpenRow())
        binCounts = .allocate(capacity: RowBatch.binsPerSecond)
        binCounts.initialize(repeating: 0, count: RowBatch.binsPerSecond)
        binMilliseconds = .allocate(capacity: RowBatch.binsPerSecond)
        binMilliseconds.initialize(repeating: 0, count: RowBatch.binsPerSecond)
    }

    deinit {
        open.deinitialize(count: 1)
        open.deallocate()
        binCounts.deallocate()
        binMilliseconds.deallocate()
    }

    /// Registers ids; false, and nothing registered, where one of them was there already.
    @inline(__always)
    func register(
        ids: ClosedRange<Int64>, second: Int64, known: (Period) throws(TapeError) -> IntervalSet
    ) throws(TapeError) -> Bool {
        if second < day.start || second >= day.start + 86_400 || seen.isEmpty {
            try turnDay(to: second, known: known)
        }
        if !dayKnown.isEmpty, dayKnown.overlaps(ids) { return false }
        return daySeen.insert(ids)
    }

    /// The ids by day.
    func idsByPeriod() -> [Period: IntervalSet] {
        if !seen.isEmpty { seen[day] = daySeen }
        return seen.mapValues(\.all)
    }

    func countAnonymous(_ count: Int64) {
        anonymousCount = anonymousCount.addingSaturating(count)
    }

    /// Opens the row of an instant's second and counts events in it; true where that closed another row.
    @inline(__always)
    func count(_ count: Int64, second: Int64, nanosecond: Int64, isResolved: Bool) -> Bool {
        let turns = second != open.pointee.row.start
        if turns { turnRow(to: second) }
        open.pointee.row.count = open.pointee.row.count.addingSaturating(count)
        guard isResolved else { return turns }
        let bin = Int(nanosecond / 10_000_000)
        binCounts[bin] = min(binCounts[bin] &+ UInt64(count), PackedBin.countMax)
        binMilliseconds[bin] |= 1 << UInt64(nanosecond / 1_000_000 - Int64(bin) * 10)
        if bin < 64 {
            open.pointee.occupied.low |= 1 << UInt64(bin)
        } else {
            open.pointee.occupied.high |= 1 << UInt64(bin - 64)
        }
        return turns
    }

    /// Adds a price, a quantity and a notional to the open row.
    @inline(__always)
    func trade(_ point: PricePoint, quantity: Int128, notional: Int128, count: Int64, side: TradeSide) {
        open.pointee.row.addTrade(point, quantity: quantity, notional: notional, count: count, side: side)
    }

    /// Adds a response to the open row.
    @inline(__always)
    func response(status: Int, bytes: Int64) {
        open.pointee.row.addResponse(status: status, bytes: bytes)
    }

    /// Closes the open row.
    func flush() {
        guard open.pointee.row.start != .min else { return }
        for half in 0..<2 {
            var mask = half == 0 ? open.pointee.occupied.low : open.pointee.occupied.high
            while mask != 0 {
                let bin = half * 64 + mask.trailingZeroBitCount
                pending.appendBin(
                    PackedBin(
                        bin: UInt64(bin), milliseconds: binMilliseconds[bin], count: binCounts[bin]))
                binCounts[bin] = 0
                binMilliseconds[bin] = 0
                mask &= mask - 1
            }
        }
        pending.append(open.pointee.row)
        open.pointee = OpenRow()
    }

    func takePending() -> RowBatch {
        let batch = pending.normalised()
        pending.removeAll()
        return batch
    }

    private func turnRow(to second: Int64) {
        flush()
        open.pointee.row = TapeRow(start: second)
        let day = second / 86_400
        if let span = spans[day] {
            spans[day] = min(span.lowerBound, second)...max(span.upperBound, second)
        } else {
            spans[day] = second...second
        }
    }

    private func turnDay(
        to second: Int64, known lookUp: (Period) throws(TapeError) -> IntervalSet
    ) throws(TapeError) {
        if !seen.isEmpty { seen[day] = daySeen }
        day = Period(isEvents: true, holding: second)
        daySeen = seen[day] ?? SeenIDs()
        // The copy in the table is emptied, so that growing `daySeen` copies nothing.
        seen[day] = SeenIDs()
        if known[day] == nil { known[day] = try lookUp(day) }
        dayKnown = known[day] ?? IntervalSet()
    }
}

extension TapeRow {
    @inline(__always)
    mutating func addTrade(
        _ point: PricePoint, quantity added: Int128, notional value: Int128, count: Int64, side: TradeSide
    ) {
        quantity = quantity.addingSaturating(added)
        notional = notional.addingSaturating(value)
        quantitySquares = quantitySquares.addingSaturating(FixedPoint.square(added))
        notionalSquares = notionalSquares.addingSaturating(FixedPoint.square(value))
        switch side {
        case .buy: buys = buys.addingSaturating(count)
        case .sell: sells = sells.addingSaturating(count)
        case .unknown: break
        }
        if prices == nil { prices = PriceRange(point) } else { prices?.add(point) }
    }

    @inline(__always)
    mutating func addResponse(status: Int, bytes added: Int64) {
        statuses.add(status: status)
        bytes = bytes.addingSaturating(Int128(added))
        bytesSquares = bytesSquares.addingSaturating(Int128(added) * Int128(added))
    }
}

/// Which side took the liquidity.
public enum TradeSide: Sendable {
    /// The taker bought.
    case buy
    /// The taker sold.
    case sell
    /// The source does not say.
    case unknown
}
