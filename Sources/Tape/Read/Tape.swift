import Synchronization
import Units

/// A columnar store of counts and sums by second (events) and by bar (metrics), in a folder on disk.
///
/// ```
/// let tape = try Tape.open("tape")
/// for summary in tape.series { print(summary.id, summary.rows) }
/// let hourly = try tape.regular(SeriesID("trades/binance-spot/BTCUSDT"), stepSeconds: 3600)
/// ```
///
/// The store is sparse: a second without events takes no space, and neither does the time up to a stray stamp
/// in 2190. It is written by `TapeWriter` alone. What is read comes from segments block by block, each
/// checked against its checksum. A value sees the tape as it was when it was opened; opening again sees what
/// a writer has added since.
public final class Tape: Sendable {
    /// The folder.
    public let path: String
    /// The series, sorted by name.
    public let series: [SeriesSummary]

    let manifest: Manifest
    private let positions: [SeriesID: Int]
    private let opened = Mutex<[String: Segment]>([:])

    /// Opens a tape for reading.
    ///
    /// Throws `TapeError.notATape` where there is none, `TapeError.corrupt` where its manifest is damaged.
    public static func open(_ path: String) throws(TapeError) -> Tape {
        Tape(path: path, manifest: try Manifest(folder: path))
    }

    init(path: String, manifest: Manifest) {
        self.path = path
        self.manifest = manifest
        series = manifest.series.map(SeriesSummary.init)
        var positions: [SeriesID: Int] = [:]
        for (index, record) in manifest.series.enumerated() { positions[record.id] = index }
        self.positions = positions
    }

    /// The summary of one series, or nil.
    public func summary(of id: SeriesID) -> SeriesSummary? {
        positions[id].map { series[$0] }
    }

    /// The first and the last instant of the data: the start of the first row and the end of the last; nil
    /// when empty.
    public var span: (first: Timestamp, end: Timestamp)? {
        guard let first = series.map(\.first).min(), let end = series.map(\.end).max() else { return nil }
        return (first, end)
    }

    /// Reads every byte of the tape against its checksums; throws `TapeError.corrupt` naming the first bad
    /// file.
    public func verify() throws(TapeError) {
        for record in manifest.segments {
            let segment = try self.segment(record)
            let found = try segment.fingerprint()
            guard found.bytes == record.bytes, found.hash.description == record.hash else {
                throw .corrupt(file: segment.path, reason: "its hash differs from the manifest")
            }
            for entry in try segment.entries() {
                _ = try segment.rows(entry)
                _ = try segment.ids(entry)
            }
        }
    }

    func record(of id: SeriesID) throws(TapeError) -> Manifest.SeriesRecord {
        guard let index = positions[id] else { throw .unknownSeries(id, nearest: nearest(to: id)) }
        return manifest.series[index]
    }

    func segment(_ record: Manifest.SegmentRecord) throws(TapeError) -> Segment {
        if let known = opened.withLock({ $0[record.name] }) { return known }
        let segment = try Segment(Tape.segmentFolder(path) + "/" + record.name)
        opened.withLock { $0[record.name] = segment }
        return segment
    }

    static func segmentFolder(_ path: String) -> String { path + "/segments" }

    /// Up to three series whose names hold the wanted name's last part, or the other way round.
    private func nearest(to id: SeriesID) -> [SeriesID] {
        let wanted = id.name.lowercased()
        guard !wanted.isEmpty else { return [] }
        return Array(
            series.map(\.id).filter {
                let name = $0.name.lowercased()
                return name.contains(wanted) || wanted.contains(name)
            }.prefix(3))
    }
}

/// What a tape holds of one series.
public struct SeriesSummary: Sendable, Equatable {
    /// One resolution of a series.
    public struct Resolution: Sendable, Equatable {
        /// The length of one row, in seconds.
        public let stepSeconds: Int64
        /// Whether rows were counted from single events (by the second), or came as bars.
        public let isEvents: Bool
        /// Rows stored; only non-empty seconds for events.
        public let rows: Int
        /// The start of the first row.
        public let first: Timestamp
        /// The start of the last row.
        public let last: Timestamp
        /// The sum of the counts.
        public let events: Int64
    }

    /// The name.
    public let id: SeriesID
    /// Its resolutions, events first, then bars from fine to coarse.
    public let resolutions: [Resolution]
    private let logged: SecondPairs

    /// Stretches over which logs of single events exist, first and last second; a silence inside is a true
    /// silence. O(n) in their number, since they are read when they are asked for.
    public var covered: [ClosedRange<Timestamp>] {
        logged.set.joined(across: Tape.joinGapSeconds).intervals.map {
            Timestamp(seconds: $0.lowerBound)...Timestamp(seconds: $0.upperBound)
        }
    }

    /// The start of the first row.
    public var first: Timestamp { resolutions.map(\.first).min() ?? Timestamp(seconds: 0) }
    /// The start of the last row.
    public var last: Timestamp { resolutions.map(\.last).max() ?? Timestamp(seconds: 0) }
    /// The end of the last row.
    public var end: Timestamp {
        resolutions.map { $0.last.advanced(bySeconds: $0.stepSeconds) }.max() ?? Timestamp(seconds: 0)
    }
    /// Rows over all resolutions.
    public var rows: Int { resolutions.reduce(0) { $0 + $1.rows } }
    /// Whether any of it was counted from single events.
    public var hasEvents: Bool { resolutions.contains { $0.isEvents } }
    public var finestStepSeconds: Int64 { resolutions.map(\.stepSeconds).min() ?? 1 }

    init(_ record: Manifest.SeriesRecord) {
        id = record.id
        resolutions = record.groups.map {
            Resolution(
                stepSeconds: max($0.step, 1), isEvents: $0.step == 0, rows: $0.rows,
                first: Timestamp(seconds: $0.first), last: Timestamp(seconds: $0.last), events: $0.events)
        }
        logged = record.covered
    }
}
