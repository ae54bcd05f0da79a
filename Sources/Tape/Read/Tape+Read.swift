import Units

/// Rows of one series in time order, each with the length of its interval.
public struct SeriesRows: Sendable, Equatable {
    /// The name.
    public let id: SeriesID
    /// The rows; their intervals do not overlap unless the source's own bars do.
    public let rows: [TapeRow]
    /// The length of each row's interval, in seconds.
    public let stepSeconds: [Int64]
    /// Whether each row was counted from single events.
    public let isEvents: [Bool]

    /// How many rows there are.
    public var count: Int { rows.count }
    /// The starts of the intervals.
    public var starts: [Timestamp] { rows.map(\.time) }
    public var counts: [Double] { rows.map(\.y) }
    public var quantities: [Double] { rows.map { FixedPoint.value($0.quantity) } }
    public var notionals: [Double] { rows.map { FixedPoint.value($0.notional) } }
    /// The closing prices; NaN where nothing traded.
    public var closes: [Double] {
        rows.map { row in row.prices.map { Double($0.close.price) / 1e8 } ?? .nan }
    }
}

extension Tape {
    /// Silences up to this many seconds between two logs of one series are taken as silence, not as missing logs: the
    /// last event of one daily file and the first of the next are seldom in neighbouring seconds.
    public static let joinGapSeconds: Int64 = 600

    /// The rows of a series from `from` on and before `to`, at their native resolution.
    ///
    /// Where resolutions overlap, the finer one wins if it covers the whole of the coarser row (99 % of it or more);
    /// otherwise the coarser row stands and the finer rows inside it are left out, so that nothing counts twice and
    /// nothing is lost. Throws `TapeError.unknownSeries`, and `TapeError.corrupt` naming the damaged file.
    public func read(_ id: SeriesID, from: Timestamp? = nil, to: Timestamp? = nil) throws(TapeError)
        -> SeriesRows
    {
        let limits = bounds(from, to)
        let found = try combined(id, stepMax: .max) { (key) throws(TapeError) in
            try batch(key, bounds: limits).rows
        }
        return SeriesRows(id: id, rows: found.rows, stepSeconds: found.stepSeconds, isEvents: found.isEvents)
    }

    /// Half-open range of seconds from optional instants.
    func bounds(_ from: Timestamp?, _ to: Timestamp?) -> Range<Int64> {
        let low = from?.seconds ?? Timestamp.plausible.lowerBound.seconds
        let high = to.map { $0.nanoseconds > $0.seconds &* 1_000_000_000 ? $0.seconds + 1 : $0.seconds }
        return low..<max(low, high ?? Timestamp.plausible.upperBound.seconds)
    }

    /// The rows of one resolution that start within bounds.
    func batch(_ key: GroupKey, bounds: Range<Int64>) throws(TapeError) -> RowBatch {
        var parts: [RowBatch] = []
        try forEachPage(key, bounds: bounds) { (page, path) throws(TapeError) in
            parts.append(try page.decoded(from: path).slice(bounds))
        }
        return RowBatch.concatenating(parts)
    }

    /// The counts of one resolution that start within bounds; without bins unless these are wanted.
    func counts(_ key: GroupKey, bounds: Range<Int64>, bins wantsBins: Bool) throws(TapeError) -> CountBatch {
        var result = CountBatch()
        try forEachPage(key, bounds: bounds) { (page, path) throws(TapeError) in
            result.append(try page.decodedCounts(from: path), within: bounds, bins: wantsBins)
        }
        return result
    }

    /// The pages of one resolution that hold something within bounds, in time order, with their file.
    private func forEachPage(
        _ key: GroupKey, bounds: Range<Int64>, _ body: (CodedPage, String) throws(TapeError) -> Void
    ) throws(TapeError) {
        for record in manifest.segments where record.isEvents == key.isEvents {
            let seconds = record.period.seconds
            guard seconds.lowerBound < bounds.upperBound, seconds.upperBound > bounds.lowerBound else {
                continue
            }
            let segment = try self.segment(record)
            guard let entry = try segment.entry(key) else { continue }
            for page in try segment.pages(entry)
            where page.first < bounds.upperBound && page.last >= bounds.lowerBound {
                try body(page, segment.path)
            }
        }
    }

    /// The rows of all resolutions whose step divides `stepMax` (all of them for `.max`), finer ones first in line; `read`
    /// gives the rows of one, in time order.
    func combined<Row: StartedRow>(
        _ id: SeriesID, stepMax: Int64, _ read: (GroupKey) throws(TapeError) -> [Row]
    ) throws(TapeError) -> CombinedRows<Row> {
        let record = try record(of: id)
        let usable = record.groups.map(\.step).filter {
            stepMax == .max || stepMax % max($0, 1) == 0
        }
        guard !usable.isEmpty else {
            throw .tooFine(id, stepSeconds: stepMax, available: record.groups.map { max($0.step, 1) })
        }
        var lanes: [(step: Int64, rows: [Row])] = []
        var cover = IntervalSet()
        for step in usable.sorted() {
            let rows = try read(GroupKey(series: id, step: step))
            if step == 0 {
                cover = record.coveredSet.joined(across: Tape.joinGapSeconds)
                lanes.append((step, rows))
            } else {
                cover = Tape.add(rows, step: step, to: &lanes, cover: cover)
            }
        }
        return Tape.interleave(lanes)
    }

    /// Adds the coarser rows that finer ones do not cover, and takes out the finer rows inside them.
    private static func add<Row: StartedRow>(
        _ rows: [Row], step: Int64, to lanes: inout [(step: Int64, rows: [Row])], cover: IntervalSet
    ) -> IntervalSet {
        let needed = rows.filter { row in
            let inside = cover.overlapSize(row.start...row.start + step - 1)
            return Double(inside) < 0.99 * Double(step)
        }
        let taken = IntervalSet(needed.map { $0.start...$0.start + step - 1 })
        for index in lanes.indices { lanes[index].rows.removeAll { taken.contains($0.start) } }
        lanes.append((step, needed))
        return cover.union(taken)
    }

    private static func interleave<Row>(_ lanes: [(step: Int64, rows: [Row])]) -> CombinedRows<Row> {
        if lanes.count == 1 {
            let (step, rows) = lanes[0]
            return CombinedRows(
                rows: rows, stepSeconds: .init(repeating: max(step, 1), count: rows.count),
                isEvents: .init(repeating: step == 0, count: rows.count))
        }
        var all: [(row: Row, step: Int64)] = lanes.flatMap { lane in lane.rows.map { ($0, lane.step) } }
        all.sort { ($0.row.start, $0.step) < ($1.row.start, $1.step) }
        return CombinedRows(
            rows: all.map(\.row), stepSeconds: all.map { max($0.step, 1) }, isEvents: all.map { $0.step == 0 }
        )
    }
}

/// Rows of all resolutions in time order, each with the length of its interval and whether it counted single events.
struct CombinedRows<Row: StartedRow> {
    var rows: [Row]
    var stepSeconds: [Int64]
    var isEvents: [Bool]

    var count: Int { rows.count }
}
