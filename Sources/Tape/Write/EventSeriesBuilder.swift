import Units

/// Sums the events of one series by second, in whatever order they come.
///
/// The second at hand is kept open, with its hundred bins; a second that comes back later makes a further
/// row, which merges with the first when the page is put in order.
final class EventSeriesBuilder {
    let id: SeriesID
    /// Rows that are closed and not yet coded.
    private(set) var pending = RowBatch()
    /// Whether each pending row starts after the one before it.
    private(set) var isAscending = true
    private(set) var seen: [Period: SeenIDs] = [:]
    /// Events without an id.
    private(set) var anonymousCount: Int64 = 0
    /// Whether events were dropped because the tape holds their ids.
    private(set) var repeatsKnown = false

    // Behind a pointer, because each access to a class's own variable would be checked for exclusivity at run
    // time.
    let open: UnsafeMutablePointer<OpenRow>
    /// The milliseconds and counts of the open second's bins; see `PackedBin.add`.
    let bins: UnsafeMutablePointer<UInt64>

    struct OpenRow {
        var row = TapeRow(start: .min)
        /// Which bins hold events.
        var occupied: (low: UInt64, high: UInt64) = (0, 0)
    }

    private var day = Period(isEvents: true, holding: 0)
    private var daySeen = SeenIDs()
    private var known: [Period: IntervalSet] = [:]
    private var dayKnown = IntervalSet()
    private var spans: [Int64: ClosedRange<Int64>] = [:]
    private var spanDay = Int64.min
    private var span: ClosedRange<Int64> = 0...0
    private var codedDay = Int64.min

    init(id: SeriesID) {
        self.id = id
        open = .allocate(capacity: 1)
        open.initialize(to: OpenRow())
        bins = .allocate(capacity: 128)
        bins.initialize(repeating: 0, count: 128)
    }

    deinit {
        open.deinitialize(count: 1)
        open.deallocate()
        bins.deallocate()
    }

    // MARK: Ids

    /// Registers ids; false, and nothing registered, where one of them was there already.
    @inline(__always)
    func register(
        ids: ClosedRange<Int64>, second: Int64, known: (Period) throws(TapeError) -> IntervalSet
    ) throws(TapeError) -> Bool {
        if second < day.start || second >= day.start + 86_400 || seen.isEmpty {
            try turnDay(to: second, known: known)
        }
        if !dayKnown.isEmpty, dayKnown.overlaps(ids) {
            repeatsKnown = true
            return false
        }
        return daySeen.insert(ids)
    }

    /// The ids that can follow one another, from the first one on, without asking whether they were there
    /// before: those behind the last one seen, up to the first that the tape knows. Empty where ids do not
    /// simply rise.
    func risingIDs(second: Int64) -> Range<Int64> {
        guard second >= day.start, second < day.start + 86_400, !seen.isEmpty, let next = daySeen.next else {
            return 0..<0
        }
        return next..<max(next, dayKnown.lowerBound(from: next) ?? .max)
    }

    /// Registers ids that follow the last one seen, as `risingIDs` has allowed.
    func extend(toBefore end: Int64) {
        daySeen.extend(through: end - 1)
    }

    /// The ids by day.
    func idsByPeriod() -> [Period: IntervalSet] {
        if !seen.isEmpty { seen[day] = daySeen }
        return seen.mapValues(\.all)
    }

    func countAnonymous(_ count: Int64) {
        anonymousCount = anonymousCount.addingSaturating(count)
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

    // MARK: Events

    /// Opens the row of an instant's second and counts events in it; true where that closed another row.
    @inline(__always)
    func count(_ count: Int64, second: Int64, nanosecond: Int64, isResolved: Bool) -> Bool {
        let turns = second != open.pointee.row.start
        if turns { turnRow(to: second) }
        open.pointee.row.count = open.pointee.row.count.addingSaturating(count)
        guard isResolved, count > 0 else { return turns }
        let bin = addToBin(UInt64(truncatingIfNeeded: nanosecond / 1_000_000), count: UInt64(count))
        if bin < 64 {
            open.pointee.occupied.low |= 1 &<< bin
        } else {
            open.pointee.occupied.high |= 1 &<< (bin &- 64)
        }
        return turns
    }

    /// Counts events in the bin of a millisecond of the open second and returns the bin, which the caller
    /// marks as occupied.
    @inline(__always)
    func addToBin(_ millisecond: UInt64, count: UInt64) -> UInt64 {
        let bin = (millisecond &* 6554) &>> 16
        PackedBin.add(
            count, millisecond: millisecond &- bin &* 10, to: &bins[Int(truncatingIfNeeded: bin)])
        return bin
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
        if let last = pending.rows.last?.start, last >= open.pointee.row.start { isAscending = false }
        withUnsafeTemporaryAllocation(of: PackedBin.self, capacity: 128) { closed in
            guard let base = closed.baseAddress else { return }
            var count = closeBins(&open.pointee.occupied.low, from: 0, into: base, 0)
            count = closeBins(&open.pointee.occupied.high, from: 64, into: base, count)
            pending.append(open.pointee.row, bins: UnsafeBufferPointer(start: base, count: count))
        }
        open.pointee.row = TapeRow(start: .min)
    }

    /// Rows in time order, one a second; there are none pending afterwards.
    func takePending() -> RowBatch {
        let batch = isAscending ? pending : pending.normalised()
        pending = RowBatch()
        isAscending = true
        return batch
    }

    /// Drops the rows that were coded already.
    func removePending() {
        pending.removeAll()
        isAscending = true
    }

    func turnRow(to second: Int64) {
        flush()
        open.pointee.row.start = second
        let day = second / 86_400
        if day != spanDay {
            saveSpan()
            spanDay = day
            span = spans[day] ?? second...second
        }
        if second < span.lowerBound { span = second...span.upperBound }
        if second > span.upperBound { span = span.lowerBound...second }
    }

    /// Whether rows of a second's day were coded by the hour already.
    func hasCodedHours(of second: Int64) -> Bool { codedDay == second / 86_400 }

    /// Notes that rows of a second's day were coded by the hour.
    func noteCodedHours(of second: Int64) {
        codedDay = second / 86_400
    }

    /// When there were events.
    func eventSpans() -> EventSpans {
        saveSpan()
        return EventSpans(
            days: spans.values.sorted { $0.lowerBound < $1.lowerBound }, isAnonymous: anonymousCount > 0)
    }

    private func saveSpan() {
        if spanDay != .min { spans[spanDay] = span }
    }

    private func closeBins(
        _ occupied: inout UInt64, from base: Int, into closed: UnsafeMutablePointer<PackedBin>, _ count: Int
    ) -> Int {
        var rest = occupied
        var count = count
        while rest != 0 {
            let bin = base &+ rest.trailingZeroBitCount
            closed[count] = PackedBin(bin: UInt64(truncatingIfNeeded: bin), open: bins[bin])
            bins[bin] = 0
            count &+= 1
            rest &= rest &- 1
        }
        occupied = 0
        return count
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
