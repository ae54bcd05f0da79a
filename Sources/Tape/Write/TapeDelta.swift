import Units

/// What one input, or a part of one, brings to a tape, ready to be merged: its rows, its trade ids and the time that it
/// covers.
public struct TapeDelta: Sendable {
    /// The hash of the input's text (after decompression).
    public var source: ContentHash
    /// The length of the input's text, in bytes.
    public var sourceBytes: Int
    /// The format that the input was read as.
    public var sourceFormat: String

    var pages: [SeriesPart: [CodedPage]]
    var ids: [SeriesPeriod: IntervalSet]
    /// Fingerprints of bars by their start.
    var bars: [GroupKey: BarPrints]
    var spans: [SeriesID: EventSpans]
    /// What `spans` say of the time that the input covers.
    private(set) var coverage: [SeriesID: SeriesCoverage]

    /// Whether rows were dropped because the tape holds their ids, or bars of the same start.
    public internal(set) var repeatsKnown = false
    /// The first instant of a row, or nil where there is none.
    public internal(set) var first: Timestamp?
    /// The last instant of a row.
    public internal(set) var last: Timestamp?

    init(
        source: ContentHash, sourceBytes: Int, sourceFormat: String, pages: [SeriesPart: [CodedPage]],
        ids: [SeriesPeriod: IntervalSet], bars: [GroupKey: BarPrints], spans: [SeriesID: EventSpans]
    ) {
        self.source = source
        self.sourceBytes = sourceBytes
        self.sourceFormat = sourceFormat
        self.pages = pages
        self.ids = ids
        self.bars = bars
        self.spans = spans
        coverage = EventSpans.coverage(of: spans)
    }

    /// The series that the input holds, sorted.
    public var series: [SeriesID] { Set(pages.keys.map(\.key.series)).sorted() }

    /// Whether a part of an input repeats ids or bars of this one, so that which row counts is yet to be decided.
    public func isRepeated(by part: TapeDelta) -> Bool {
        for (key, theirs) in part.ids {
            if let mine = ids[key], mine.longestOverlap(with: theirs) > 0 { return true }
        }
        return part.bars.contains { key, theirs in
            guard let mine = bars[key] else { return false }
            return mine.overlaps(theirs)
        }
    }

    /// Takes in the next part of the same input, which must not repeat anything.
    public mutating func append(_ part: TapeDelta) {
        for (key, theirs) in part.pages { pages[key, default: []] += theirs }
        for (key, theirs) in part.ids { ids[key] = (ids[key] ?? IntervalSet()).union(theirs) }
        for (key, theirs) in part.bars { bars[key, default: BarPrints()].merge(theirs) }
        for (id, theirs) in part.spans { spans[id, default: EventSpans()].merge(theirs) }
        coverage = EventSpans.coverage(of: spans)
        repeatsKnown = repeatsKnown || part.repeatsKnown
        first = [first, part.first].compactMap { $0 }.min()
        last = [last, part.last].compactMap { $0 }.max()
    }
}

/// A series at one resolution in one period.
struct SeriesPart: Hashable, Sendable {
    let key: GroupKey
    let period: Period
}

/// A series in one period: the unit in which trade ids are kept.
struct SeriesPeriod: Hashable, Sendable {
    let series: SeriesID
    let period: Period
}

/// When a series had events: the first and the last second of each day.
struct EventSpans: Sendable {
    var days: [ClosedRange<Int64>] = []
    /// Whether some came without an id.
    var isAnonymous = false

    /// A silence longer than this parts a log in two: a stray stamp must not vouch for the years before it.
    private static let silenceSeconds: Int64 = 7 * 86_400

    mutating func merge(_ other: EventSpans) {
        days += other.days
        isAnonymous = isAnonymous || other.isAnonymous
    }

    /// Every series of a log is covered wherever the log is, in the runs in which the series has an event at all.
    static func coverage(of spans: [SeriesID: EventSpans]) -> [SeriesID: SeriesCoverage] {
        let runs = IntervalSet(spans.values.flatMap(\.days)).joined(across: silenceSeconds)
        var result: [SeriesID: SeriesCoverage] = [:]
        for (id, span) in spans where !span.days.isEmpty {
            let own = IntervalSet(span.days)
            let covered = IntervalSet(runs.intervals.filter { own.overlaps($0) })
            result[id] = SeriesCoverage(
                covered: covered, anonymous: span.isAnonymous ? covered : IntervalSet())
        }
        return result
    }
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
