import Units

/// One trade, or one row that stands for several, as it goes into the tape.
public struct TradeEvent: Sendable {
    /// When; within `Timestamp.plausible`.
    public var time: Timestamp
    /// Whether the source's clock says more than whole seconds.
    public var isResolved: Bool
    /// How many trades the row stands for.
    public var count: Int64
    /// The venue's ids of those trades, or nil.
    public var ids: ClosedRange<Int64>?
    /// The price, in units of 1e-8.
    public var price: Int64
    /// The quantity, in units of 1e-8, not negative.
    public var quantity: Int128
    /// The notional, in units of 1e-8, not negative.
    public var notional: Int128
    /// Who took the liquidity.
    public var side: TradeSide

    public init(
        time: Timestamp, isResolved: Bool, count: Int64 = 1, ids: ClosedRange<Int64>?, price: Int64,
        quantity: Int128, notional: Int128, side: TradeSide
    ) {
        self.time = time
        self.isResolved = isResolved
        self.count = count
        self.ids = ids
        self.price = price
        self.quantity = quantity
        self.notional = notional
        self.side = side
    }
}

/// Sees the events that a builder takes in, one by one and in their order; duplicates by id never come.
public protocol EventObserver: AnyObject {
    func observe(_ trade: TradeEvent, of series: SeriesID)
    /// A request or message of a series; `isResolved` as in `TradeEvent`.
    func observe(requestAt time: Timestamp, isResolved: Bool, of series: SeriesID)
}

/// What became of a bar.
public enum BarOutcome: Sendable {
    /// It is new.
    case added
    /// The same bar was there already.
    case duplicate
    /// A different bar of the same series, step and start was there already.
    case conflict
}

/// Sums the events and bars of one input, or of a part of one, into a `TapeDelta`.
///
/// Rows may come in any order. Memory stays bounded: rows are coded when an hour or a day is over, and
/// whenever 131,072 are pending.
public final class TapeDeltaBuilder {
    private let known: KnownRows
    private let keepsOverlap: Bool
    private let store: PageStore?
    private let encoder = PageEncoder()
    private var events: [EventSeriesBuilder] = []
    private var handles: [SeriesID: Int] = [:]
    private var bars: [BarSeriesBuilder] = []
    private var barHandles: [GroupKey: Int] = [:]
    private var pages: [SeriesPart: [CodedPage]] = [:]
    private var rowsPending = 0
    private var failure: TapeError?
    /// Who sees every event; columns are then read row by row.
    public var observer: (any EventObserver)?
    /// Tells nanoseconds from any origin; nil where nobody asks for `codingNanoseconds`.
    public var clock: (@Sendable () -> UInt64)?
    /// How long the coding of rows has taken so far, by the clock.
    public private(set) var codingNanoseconds: UInt64 = 0

    private static let rowsPendingMax = 1 << 17
    /// Fewer rows than this are not worth a page of their own as long as there is room.
    private static let rowsCodedMin = 1024

    /// A builder that drops what `known` holds already; with `keepsOverlap`, bars add up instead. Coded rows
    /// are kept in the writer's store where one is given, else in memory.
    public init(known: KnownRows, keepsOverlap: Bool = false, store: PageStore? = nil) {
        self.known = known
        self.keepsOverlap = keepsOverlap
        self.store = store
    }

    /// The handle of a series of events, for the calls below.
    public func eventSeries(_ id: SeriesID) -> Int {
        if let handle = handles[id] { return handle }
        events.append(EventSeriesBuilder(id: id))
        handles[id] = events.count - 1
        return events.count - 1
    }

    /// Adds a trade; false where it is a duplicate by its id.
    public func add(_ trade: TradeEvent, to handle: Int) -> Bool {
        let builder = events[handle]
        let second = trade.time.seconds
        if let ids = trade.ids {
            do {
                let isNew = try builder.register(ids: ids, second: second) { day throws(TapeError) in
                    try known.ids(SeriesPeriod(series: builder.id, period: day))
                }
                guard isNew else { return false }
            } catch {
                failure = failure ?? error
            }
        } else {
            builder.countAnonymous(trade.count)
        }
        if second != builder.open.pointee.row.start { turn(builder, to: second) }
        _ = builder.count(
            trade.count, second: second, nanosecond: trade.time.nanoseconds - second * 1_000_000_000,
            isResolved: trade.isResolved)
        let point = PricePoint(
            nanoseconds: trade.time.nanoseconds, id: trade.ids?.lowerBound ?? PricePoint.noID,
            price: trade.price,
            quantity: trade.ids == nil ? Int64(clamping: trade.quantity) : 0)
        builder.trade(
            point, quantity: trade.quantity, notional: trade.notional, count: trade.count, side: trade.side)
        observer?.observe(trade, of: builder.id)
        return true
    }

    /// Adds the trades of a range of columns; returns how many were duplicates by their ids.
    public func add(_ columns: TradeColumns, _ range: Range<Int>, to handle: Int) -> Int {
        let builder = events[handle]
        var duplicates = 0
        var index = range.lowerBound
        while index < range.upperBound {
            let next =
                observer != nil
                ? index
                : builder.addRun(
                    columns, from: index, to: min(range.upperBound, index &+ EventSeriesBuilder.runMax)
                ) { turn(builder, to: $0) }
            if next > index {
                index = next
            } else {
                if !add(columns.event(index), to: handle) { duplicates &+= 1 }
                index &+= 1
            }
        }
        return duplicates
    }

    /// Adds a request: any status counts as offered. `bytes` is not negative.
    public func addRequest(to handle: Int, time: Timestamp, isResolved: Bool, status: Int, bytes: Int64) {
        let builder = events[handle]
        let second = time.seconds
        builder.countAnonymous(1)
        if second != builder.open.pointee.row.start { turn(builder, to: second) }
        _ = builder.count(
            1, second: second, nanosecond: time.nanoseconds - second * 1_000_000_000, isResolved: isResolved)
        builder.response(status: status, bytes: bytes)
        observer?.observe(requestAt: time, isResolved: isResolved, of: builder.id)
    }

    /// The handle of a series of bars of one length in seconds, for `addBar`.
    public func barSeries(_ id: SeriesID, stepSeconds: Int64) -> Int {
        let key = GroupKey(series: id, step: stepSeconds)
        if let handle = barHandles[key] { return handle }
        bars.append(BarSeriesBuilder(key: key))
        barHandles[key] = bars.count - 1
        return bars.count - 1
    }

    public func addBar(_ row: TapeRow, to handle: Int) -> BarOutcome {
        do {
            let builder = bars[handle]
            if !builder.isInPeriod(row.start) { codePeriod(of: builder) }
            let outcome = try builder.add(row, known: known, keepsOverlap: keepsOverlap)
            if outcome == .added { noteRow() }
            return outcome
        } catch {
            failure = failure ?? error
            return .added
        }
    }

    /// Everything added, under the identity of its source. Throws what reading the tape for duplicates has
    /// thrown.
    public func finish(source: ContentHash, bytes: Int, format: String) throws(TapeError) -> TapeDelta {
        flush()
        if let failure { throw failure }
        var ids: [SeriesPeriod: IntervalSet] = [:]
        var spans: [SeriesID: EventSpans] = [:]
        for builder in events {
            for (period, set) in builder.idsByPeriod() where !set.isEmpty {
                ids[SeriesPeriod(series: builder.id, period: period)] = set
            }
            spans[builder.id] = builder.eventSpans()
        }
        var delta = TapeDelta(
            source: source, sourceBytes: bytes, sourceFormat: format, pages: pages, ids: ids,
            bars: barHandles.mapValues { bars[$0].prints }, spans: spans)
        delta.repeatsKnown = events.contains(where: \.repeatsKnown) || bars.contains(where: \.repeatsKnown)
        let eventSpans = spans.values.flatMap(\.days)
        let barStarts = bars.flatMap { [$0.first, $0.last].compactMap { $0 } }
        delta.first = (eventSpans.map(\.lowerBound) + barStarts).min().map { Timestamp(seconds: $0) }
        delta.last = (eventSpans.map(\.upperBound) + barStarts).max().map { Timestamp(seconds: $0) }
        return delta
    }

    /// Closes the open second of a series. Where an hour is over as well, codes what is complete, as long as
    /// time rises.
    private func turn(_ builder: EventSeriesBuilder, to second: Int64) {
        let last = builder.open.pointee.row.start
        guard last != .min else { return }
        builder.flush()
        noteRow()
        let hour = PageLayout.hour(second)
        guard hour > PageLayout.hour(last), builder.isAscending else { return }
        let count = builder.pending.count
        let isNewDay = hour / 24 != PageLayout.hour(last) / 24
        // A day whose rows may yet be few stays whole until it is over.
        let isLong = count > PageLayout.wholeRowsMax || builder.hasCodedHours(of: last)
        guard isNewDay ? count >= Self.rowsCodedMin || isLong : isLong else { return }
        rowsPending -= count
        code(builder.pending, GroupKey(series: builder.id, step: 0), byHour: builder.hasCodedHours(of: last))
        if !isNewDay { builder.noteCodedHours(of: last) }
        builder.removePending()
    }

    /// Codes the bars of a period that is over, where there are enough of them and none came late.
    private func codePeriod(of builder: BarSeriesBuilder) {
        let count = builder.pending.count
        guard count >= Self.rowsCodedMin, builder.isAscending else { return }
        rowsPending -= count
        code(builder.pending, builder.key, byHour: false)
        builder.removePending()
    }

    private func noteRow() {
        rowsPending += 1
        guard rowsPending >= Self.rowsPendingMax else { return }
        flush()
    }

    private func flush() {
        for builder in events {
            builder.flush()
            let last = builder.pending.rows.last?.start
            let byHour = last.map { builder.hasCodedHours(of: $0) } ?? false
            code(builder.takePending(), GroupKey(series: builder.id, step: 0), byHour: byHour)
        }
        for builder in bars { code(builder.takePending(), builder.key, byHour: false) }
        rowsPending = 0
    }

    /// Codes rows in time order; `byHour` says that the days at hand are known to be long.
    private func code(_ batch: RowBatch, _ key: GroupKey, byHour: Bool) {
        let began = clock?()
        defer { if let began, let clock { codingNanoseconds &+= clock() &- began } }
        var start = 0
        while start < batch.count {
            let period = Period(isEvents: key.isEvents, holding: batch.rows[start].start)
            let limit = period.seconds.upperBound
            let end = batch.rows[start...].partitioningIndex { $0.start >= limit }
            var ranges = [start..<end]
            if key.isEvents, byHour || end - start > PageLayout.wholeRowsMax {
                ranges = PageLayout.hours(batch.rows[start..<end])
            }
            let part = SeriesPart(key: key, period: period)
            for range in ranges {
                do throws(TapeError) {
                    pages[part, default: []].append(try CodedPage(batch, range, encoder, store))
                } catch {
                    failure = failure ?? error
                }
            }
            start = end
        }
    }
}

/// The bars of one series and length.
private final class BarSeriesBuilder {
    let key: GroupKey
    private(set) var prints = BarPrints()
    /// Whether bars were dropped because the tape holds some of the same start.
    private(set) var repeatsKnown = false
    private(set) var first: Int64?
    private(set) var last: Int64?
    private(set) var pending = RowBatch()
    /// Whether each pending bar starts after the one before it.
    private(set) var isAscending = true
    private var known: [Period: BarPrints] = [:]
    /// The period of the last row, and what the tape knows of it.
    private var seconds: Range<Int64> = 0..<0
    private var knownBars = BarPrints()

    init(key: GroupKey) {
        self.key = key
    }

    func add(_ row: TapeRow, known source: KnownRows, keepsOverlap: Bool) throws(TapeError) -> BarOutcome {
        if !seconds.contains(row.start) {
            let period = Period(isEvents: false, holding: row.start)
            if known[period] == nil { known[period] = try source.bars(key, period) }
            seconds = period.seconds
            knownBars = known[period] ?? BarPrints()
        }
        let print = row.fingerprint
        if !keepsOverlap, let other = prints[row.start] ?? knownBars[row.start] {
            if prints[row.start] == nil { repeatsKnown = true }
            return other == print ? .duplicate : .conflict
        }
        prints.insert(row.start, print)
        first = min(first ?? row.start, row.start)
        last = max(last ?? row.start, row.start)
        if let before = pending.rows.last?.start, before >= row.start { isAscending = false }
        pending.append(row)
        return .added
    }

    /// Whether a bar is of the period of the last one.
    @inline(__always)
    func isInPeriod(_ start: Int64) -> Bool { seconds.contains(start) }

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
}

extension TapeRow {
    /// A 64-bit digest of all fields but squares, for telling a repeated row from a different one.
    public var fingerprint: UInt64 {
        var digest = UInt64(bitPattern: start)
        func take(_ word: Int64) {
            digest = (digest ^ UInt64(bitPattern: word)) &* 0x9E37_79B9_7F4A_7C15
            digest ^= digest >> 29
        }
        take(count)
        take(countFraction)
        for wide in [quantity, notional, bytes] {
            take(Int64(truncatingIfNeeded: wide))
            take(Int64(truncatingIfNeeded: wide >> 64))
        }
        take(buys)
        take(sells)
        take(prices?.open.price ?? .min)
        take(prices?.high ?? .min)
        take(prices?.low ?? .min)
        take(prices?.close.price ?? .min)
        return digest
    }
}
