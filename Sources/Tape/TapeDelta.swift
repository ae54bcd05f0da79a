import Units

/// What one input brings to a tape, ready to be merged: its rows, its trade ids and the time that it covers.
public struct TapeDelta: Sendable {
    /// The hash of the input's text (after decompression).
    public var source: ContentHash
    /// The length of the input's text, in bytes.
    public var sourceBytes: Int
    /// The format that the input was read as.
    public var sourceFormat: String

    var blocks: [Block]
    var ids: [SeriesPeriod: IntervalSet]
    /// Fingerprints of bars by their start.
    var bars: [GroupKey: [Int64: UInt64]]
    var coverage: [SeriesID: SeriesCoverage]

    /// The first instant of a row, or nil where there is none.
    public internal(set) var first: Timestamp?
    /// The last instant of a row.
    public internal(set) var last: Timestamp?

    /// The series that the input holds, sorted.
    public var series: [SeriesID] { Set(blocks.map(\.key.series)).sorted() }

    /// Rows of one series at one resolution in one period, already coded to save memory.
    struct Block: Sendable {
        let key: GroupKey
        let period: Period
        let rows: CodedRows
    }
}

/// A coded batch with what a directory says of it.
struct CodedRows: Sendable {
    let bytes: [UInt8]
    let count: Int
    let first: Int64
    let last: Int64
    let events: Int64

    /// Codes a batch in time order; nil where it is empty.
    init?(_ batch: RowBatch) {
        guard let first = batch.rows.first, let last = batch.rows.last else { return nil }
        bytes = batch.encoded()
        count = batch.count
        self.first = first.start
        self.last = last.start
        events = batch.rows.reduce(0) { $0.addingSaturating($1.count) }
    }

    /// The coded rows of a segment's entry, as they are.
    init(_ entry: Segment.Entry, bytes: [UInt8]) {
        self.bytes = bytes
        count = entry.rows
        first = entry.first
        last = entry.last
        events = entry.events
    }
}

/// A series in one period: the unit in which trade ids are kept.
struct SeriesPeriod: Hashable, Sendable {
    let series: SeriesID
    let period: Period
}

/// The seconds over which an input holds a log of single events.
struct SeriesCoverage: Sendable {
    var covered = IntervalSet()
    /// The part that came without trade ids.
    var anonymous = IntervalSet()

    mutating func merge(_ other: SeriesCoverage) {
        covered = covered.union(other.covered)
        anonymous = anonymous.union(other.anonymous)
    }

    /// Seconds that two inputs share and of which nothing says whether they are the same events. Where both carry
    /// trade ids, those decide; one shared second is let pass, since logs are cut in the middle of a second.
    func conflict(with other: SeriesCoverage) -> Bool {
        anonymous.longestOverlap(with: other.covered) > 1 || covered.longestOverlap(with: other.anonymous) > 1
    }
}
