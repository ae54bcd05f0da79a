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

    /// A trade.
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

/// What became of a bar.
public enum BarOutcome: Sendable {
    /// It is new.
    case added
    /// The same bar was there already.
    case duplicate
    /// A different bar of the same series, step and start was there already.
    case conflict
}

/// Sums the events and bars of one input into a `TapeDelta`.
///
/// Rows may come in any order. Memory stays bounded: rows are coded whenever 131,072 are pending.
public final class TapeDeltaBuilder {
    private let known: KnownRows
    private let keepsOverlap: Bool
    private var events: [EventSeriesBuilder] = []
    private var handles: [SeriesID: Int] = [:]
    private var bars: [GroupKey: BarSeriesBuilder] = [:]
    private var blocks: [TapeDelta.Block] = []
    private var rowsPending = 0
    private var failure: TapeError?

    private static let rowsPendingMax = 1 << 17

    /// A builder that drops what `known` holds already; with `keepsOverlap`, bars add up instead.
    public init(known: KnownRows, keepsOverlap: Bool = false) {
        self.known = known
        self.keepsOverlap = keepsOverlap
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
        let turned = builder.count(
            trade.count, second: second, nanosecond: trade.time.nanoseconds - second * 1_000_000_000,
            isResolved: trade.isResolved)
        let point = PricePoint(
            nanoseconds: trade.time.nanoseconds, id: trade.ids?.lowerBound ?? PricePoint.noID,
            price: trade.price,
            quantity: trade.ids == nil ? Int64(clamping: trade.quantity) : 0)
        builder.trade(
            point, quantity: trade.quantity, notional: trade.notional, count: trade.count, side: trade.side)
        if turned { noteRow() }
        return true
    }

    /// Adds a request: any status counts as offered. `bytes` is not negative.
    public func addRequest(to handle: Int, time: Timestamp, isResolved: Bool, status: Int, bytes: Int64) {
        let builder = events[handle]
        let second = time.seconds
        builder.countAnonymous(1)
        let turned = builder.count(
            1, second: second, nanosecond: time.nanoseconds - second * 1_000_000_000, isResolved: isResolved)
        builder.response(status: status, bytes: bytes)
        if turned { noteRow() }
    }

    /// Adds a bar of a given length in seconds.
    public func addBar(_ row: TapeRow, to id: SeriesID, stepSeconds: Int64) -> BarOutcome {
        let key = GroupKey(series: id, step: stepSeconds)
        let builder = bars[key] ?? BarSeriesBuilder(key: key)
        bars[key] = builder
        do {
            let outcome = try builder.add(row, known: known, keepsOverlap: keepsOverlap)
            if outcome == .added { noteRow() }
            return outcome
        } catch {
            failure = failure ?? error
            return .added
        }
    }

    /// Everything added, under the identity of its source. Throws what reading the tape for duplicates has thrown.
    public func finish(source: ContentHash, bytes: Int, format: String) throws(TapeError) -> TapeDelta {
        if let failure { throw failure }
        flush()
        var ids: [SeriesPeriod: IntervalSet] = [:]
        for builder in events {
            for (period, set) in builder.idsByPeriod() where !set.isEmpty {
                ids[SeriesPeriod(series: builder.id, period: period)] = set
            }
        }
        blocks.sort { ($0.key, $0.period) < ($1.key, $1.period) }
        var delta = TapeDelta(
            source: source, sourceBytes: bytes, sourceFormat: format, blocks: blocks, ids: ids,
            bars: bars.mapValues(\.fingerprints), coverage: CoverageRuns.coverage(of: events))
        let eventSpans = events.flatMap { $0.spans.values }
        let barStarts = bars.values.flatMap { [$0.first, $0.last].compactMap { $0 } }
        delta.first = (eventSpans.map(\.lowerBound) + barStarts).min().map { Timestamp(seconds: $0) }
        delta.last = (eventSpans.map(\.upperBound) + barStarts).max().map { Timestamp(seconds: $0) }
        return delta
    }

    private func noteRow() {
        rowsPending += 1
        guard rowsPending >= Self.rowsPendingMax else { return }
        flush()
    }

    private func flush() {
        for builder in events {
            builder.flush()
            code(builder.takePending(), GroupKey(series: builder.id, step: 0))
        }
        for (key, builder) in bars { code(builder.takePending(), key) }
        rowsPending = 0
    }

    private func code(_ batch: RowBatch, _ key: GroupKey) {
        var position = 0
        while position < batch.count {
            let period = Period(isEvents: key.isEvents, holding: batch.rows[position].start)
            let part = batch.slice(period.seconds)
            guard let rows = CodedRows(part) else { return }
            blocks.append(TapeDelta.Block(key: key, period: period, rows: rows))
            position += part.count
        }
    }
}

/// The bars of one series and length.
private final class BarSeriesBuilder {
    let key: GroupKey
    private(set) var fingerprints: [Int64: UInt64] = [:]
    private(set) var first: Int64?
    private(set) var last: Int64?
    private var pending = RowBatch()
    private var known: [Period: [Int64: UInt64]] = [:]

    init(key: GroupKey) {
        self.key = key
    }

    func add(_ row: TapeRow, known source: KnownRows, keepsOverlap: Bool) throws(TapeError) -> BarOutcome {
        let period = Period(isEvents: false, holding: row.start)
        if known[period] == nil { known[period] = try source.bars(key, period) }
        let print = row.fingerprint
        if !keepsOverlap, let other = fingerprints[row.start] ?? known[period]?[row.start] {
            return other == print ? .duplicate : .conflict
        }
        fingerprints[row.start] = print
        first = min(first ?? row.start, row.start)
        last = max(last ?? row.start, row.start)
        pending.append(row)
        return .added
    }

    func takePending() -> RowBatch {
        let batch = pending.normalised()
        pending.removeAll()
        return batch
    }
}

/// Finds the time that a log covers from the days on which it has events.
private enum CoverageRuns {
    /// A silence longer than this parts a log in two: a stray stamp must not vouch for the years before it.
    static let silenceSeconds: Int64 = 7 * 86_400

    /// Every series of a log is covered wherever the log is, in the runs in which the series has an event at all.
    static func coverage(of builders: [EventSeriesBuilder]) -> [SeriesID: SeriesCoverage] {
        let runs = IntervalSet(builders.flatMap { $0.spans.values }).joined(across: silenceSeconds)
        var result: [SeriesID: SeriesCoverage] = [:]
        for builder in builders where !builder.spans.isEmpty {
            let own = IntervalSet(Array(builder.spans.values))
            let covered = IntervalSet(runs.intervals.filter { own.overlaps($0) })
            result[builder.id] = SeriesCoverage(
                covered: covered, anonymous: builder.anonymousCount > 0 ? covered : IntervalSet())
        }
        return result
    }
}

extension TapeRow {
    /// A 64-bit digest of all fields but the bins, for telling a repeated bar from a different one.
    var fingerprint: UInt64 {
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
