import Glibc
import Numerics
import Units

/// Adds to a tape, all or nothing.
///
/// ```
/// let writer = try TapeWriter("tape")
/// let builder = TapeDeltaBuilder(known: writer.known)
/// // … builder.add(trade, to: builder.eventSeries(id)) …
/// try writer.append(builder.finish(source: hash, bytes: size, format: "binance-trades"))
/// try writer.commit()
/// ```
///
/// A commit writes new segments under new names, each flushed and renamed, then the manifest, then removes
/// the segments that it replaced. A process killed at any instant leaves the tape as it was before or as it
/// is after. The files' bytes depend on what the tape holds, not on the order or the number of commits that
/// brought it there.
public final class TapeWriter {
    /// The folder.
    public let path: String
    /// Where builders keep what they have coded until it is committed.
    public let store: PageStore
    /// Which part of an ingest the tape holds; nil for a whole one.
    public var shard: TapeShard? { tape.manifest.shard }

    private let lock: WriterLock
    /// Whether this writer made the tape's folder.
    private let isNew: Bool
    private let gate: any FileGate
    private var tape: Tape
    private var added: KnownRows
    private var sources: Set<ContentHash> = []
    private var coverage: [SeriesID: SeriesCoverage] = [:]
    private var newPages: [Period: [GroupKey: [CodedPage]]] = [:]
    private var newSources: [Manifest.SourceRecord] = []

    /// Opens a tape for writing, or makes an empty one where there is none; `gate` is asked before each step
    /// that changes the disk.
    ///
    /// With `shard`, the tape is that part of an ingest. Throws `TapeError.locked` where another writer is at
    /// work, `.otherShard` where the tape holds another part, or a whole, and `.corrupt` for a damaged tape.
    public init(_ path: String, shard: TapeShard? = nil, gate: any FileGate = OpenGate()) throws(TapeError) {
        self.path = path
        self.gate = gate
        isNew = !DurableFile.exists(path)
        try DurableFile.makeFolder(Tape.segmentFolder(path), gate)
        lock = try WriterLock(folder: path)
        var manifest = try TapeWriter.manifest(path, gate)
        if manifest.shard == nil, manifest.segments.isEmpty, manifest.sources.isEmpty {
            manifest.shard = shard
        }
        guard manifest.shard == shard else {
            throw .otherShard(
                path: path, holds: TapeWriter.describe(manifest.shard), wanted: TapeWriter.describe(shard))
        }
        tape = Tape(path: path, manifest: manifest)
        store = PageStore(folder: path)
        sources = Set(manifest.sources.compactMap { ContentHash(hexadecimal: $0.hash) })
        for record in manifest.series {
            coverage[record.id] = SeriesCoverage(
                covered: record.coveredSet, anonymous: record.anonymousSet)
        }
        added = KnownRows(tape: tape)
        sweep()
    }

    /// What the tape holds, appended deltas included, for a `TapeDeltaBuilder` to drop its duplicates by.
    public var known: KnownRows { added }

    /// Whether an input with this hash has been taken in before.
    public func contains(source: ContentHash) -> Bool { sources.contains(source) }

    /// Whether a delta that was built on an earlier `known` repeats ids or bars that were appended since; if
    /// so, it has to be built again on the present `known`.
    public func isStale(_ delta: TapeDelta) -> Bool {
        for (key, ids) in delta.ids {
            if let mine = added.addedIDs[key], mine.longestOverlap(with: ids) > 0 { return true }
        }
        for (key, bars) in delta.bars {
            guard let mine = added.addedBars[key] else { continue }
            if mine.overlaps(bars) { return true }
        }
        return false
    }

    /// A series of which the tape already holds the same seconds, with nothing to tell whether the events are
    /// the same ones: logs without trade ids that overlap in time. Nil where there is none.
    public func overlap(_ delta: TapeDelta) -> SeriesID? {
        delta.coverage.keys.sorted().first { id in
            guard let mine = coverage[id], let theirs = delta.coverage[id] else { return false }
            return mine.conflict(with: theirs)
        }
    }

    /// Whether the tape already holds the same time, ids or bars of a delta's series: either the rows come twice, or
    /// they are of something else that is called the same. One shared second is let pass.
    public func meets(_ delta: TapeDelta) -> Bool {
        delta.repeatsKnown || isStale(delta)
            || delta.coverage.contains { id, theirs in
                coverage[id].map { $0.covered.longestOverlap(with: theirs.covered) > 1 } ?? false
            }
    }

    /// Whether the tape holds any of a delta's rows under the delta's own names, or all of them, so that none is left in it.
    public func holdsAny(of delta: TapeDelta) -> Bool {
        delta.series.isEmpty || delta.repeatsKnown || isStale(delta)
            || delta.coverage.contains { id, theirs in
                coverage[id].map { $0.covered.longestOverlap(with: theirs.covered) > 0 } ?? false
            }
    }

    /// The series that the tape holds, appended deltas included, sorted.
    public var seriesIDs: [SeriesID] {
        var ids = Set(tape.manifest.series.map(\.id))
        for pages in newPages.values { ids.formUnion(pages.keys.map(\.series)) }
        return ids.sorted()
    }

    /// The pages of a series in a period, appended ones included.
    func pages(of key: GroupKey, in period: Period) throws(TapeError) -> [CodedPage] {
        var pages = newPages[period]?[key] ?? []
        for record in tape.manifest.segments where record.period == period {
            let segment = try tape.segment(record)
            if let entry = try segment.entry(key) { pages += try segment.pages(entry) }
        }
        return pages
    }

    /// Takes a delta in; it reaches the disk with `commit`.
    public func append(_ delta: TapeDelta) {
        for (part, pages) in delta.pages {
            newPages[part.period, default: [:]][part.key, default: []] += pages
        }
        newSources.append(
            .init(hash: delta.source.description, bytes: delta.sourceBytes, format: delta.sourceFormat))
        sources.insert(delta.source)
        for (id, theirs) in delta.coverage { coverage[id, default: SeriesCoverage()].merge(theirs) }
        for (key, ids) in delta.ids {
            added.addedIDs[key] = (added.addedIDs[key] ?? IntervalSet()).union(ids)
        }
        for (key, bars) in delta.bars { added.addedBars[key, default: BarPrints()].merge(bars) }
    }

    /// Takes in all of another tape, of which nothing may be here already; see `TapeMerge`.
    func append(_ other: Tape, bars: [SeriesPart: [CodedPage]]) throws(TapeError) {
        for record in other.manifest.segments {
            let segment = try other.segment(record)
            for entry in try segment.entries() {
                let part = SeriesPart(key: entry.key, period: record.period)
                let pages = if let coded = bars[part] { coded } else { try segment.pages(entry) }
                newPages[record.period, default: [:]][entry.key, default: []] += pages
                guard entry.key.isEvents else { continue }
                let key = SeriesPeriod(series: entry.key.series, period: record.period)
                added.addedIDs[key] = (added.addedIDs[key] ?? IntervalSet()).union(try segment.ids(entry))
            }
        }
        for record in other.manifest.series {
            coverage[record.id, default: SeriesCoverage()].merge(
                SeriesCoverage(covered: record.coveredSet, anonymous: record.anonymousSet))
        }
        for source in other.manifest.sources {
            if let hash = ContentHash(hexadecimal: source.hash), sources.insert(hash).inserted {
                newSources.append(source)
            }
        }
    }

    /// Writes what was appended, on up to `threads` threads. Without anything appended, it makes sure that a
    /// tape exists.
    public func commit(threads: Int = 1) throws(TapeError) {
        var manifest = tape.manifest
        let replaced = try writeSegments(threads: threads)
        let periods = Set(replaced.map(\.period))
        manifest.segments.removeAll { periods.contains($0.period) }
        manifest.segments.append(contentsOf: replaced)
        manifest.segments.sort { $0.period < $1.period }
        manifest.sources.append(contentsOf: newSources)
        manifest.sources.sort { $0.hash < $1.hash }
        manifest.series = try describeSeries(manifest.segments)
        try DurableFile.flushFolder(Tape.segmentFolder(path), gate)
        try DurableFile.write(manifest.encoded(), to: path, name: Manifest.fileName, gate)
        try DurableFile.flushFolder(path, gate)
        tape = Tape(path: path, manifest: manifest)
        sweep()
        added = KnownRows(tape: tape)
        newPages = [:]
        newSources = []
    }

    /// Removes the tape's folder where this writer made it and has taken nothing in; otherwise does nothing.
    public func discardIfEmpty() {
        guard isNew, sources.isEmpty, tape.manifest.segments.isEmpty else { return }
        for name in [Manifest.fileName, WriterLock.fileName] { unlink(path + "/" + name) }
        rmdir(Tape.segmentFolder(path))
        rmdir(path)
    }

    /// The manifest, or that of an empty tape, which is written at once: so segments without a manifest are
    /// never the remains of a first run, but a tape that has lost its manifest, and are not to be swept away.
    private static func manifest(_ path: String, _ gate: any FileGate) throws(TapeError) -> Manifest {
        let file = path + "/" + Manifest.fileName
        if DurableFile.exists(file) { return try Manifest(folder: path) }
        let segments = DurableFile.names(in: Tape.segmentFolder(path)).filter { $0.hasSuffix(".segment") }
        guard segments.allSatisfy({ $0.hasPrefix(DurableFile.temporaryPrefix) }) else {
            throw .corrupt(file: file, reason: "missing, but there are \(segments.count) segments")
        }
        try DurableFile.write(Manifest().encoded(), to: path, name: Manifest.fileName, gate)
        return Manifest()
    }

    private static func describe(_ shard: TapeShard?) -> String {
        shard.map { "\($0) of inputs \($0.inputs.prefix(8))" } ?? "a complete tape"
    }

    /// Rewrites the segment of every period that has new rows.
    private func writeSegments(threads: Int) throws(TapeError) -> [Manifest.SegmentRecord] {
        let periods = newPages.keys.sorted()
        let work = SegmentWork(tape: tape, pages: newPages, ids: added.addedIDs, gate: gate)
        let results = Parallel.map(periods.count, threads: threads) { index in
            Result { () throws(TapeError) in try work.write(periods[index], PageEncoder()) }
        }
        var records: [Manifest.SegmentRecord] = []
        for result in results { records.append(try result.get()) }
        return records
    }

    /// The table of series, from the directories of all segments.
    private func describeSeries(
        _ records: [Manifest.SegmentRecord]
    ) throws(TapeError) -> [Manifest.SeriesRecord] {
        var groups: [GroupKey: Manifest.GroupRecord] = [:]
        for record in records {
            for entry in try Segment(Tape.segmentFolder(path) + "/" + record.name).entries() {
                var group =
                    groups[entry.key]
                    ?? .init(step: entry.key.step, rows: 0, first: entry.first, last: entry.last, events: 0)
                group.rows += entry.rows
                group.first = min(group.first, entry.first)
                group.last = max(group.last, entry.last)
                group.events = group.events.addingSaturating(entry.events)
                groups[entry.key] = group
            }
        }
        var series: [SeriesID: Manifest.SeriesRecord] = [:]
        for key in groups.keys.sorted() {
            let id = key.series
            let cover = coverage[id] ?? SeriesCoverage()
            var record =
                series[id]
                ?? .init(
                    kind: id.kind, venue: id.venue, name: id.name,
                    covered: SecondPairs(cover.covered), anonymous: SecondPairs(cover.anonymous))
            if let group = groups[key] { record.groups.append(group) }
            series[id] = record
        }
        return series.keys.sorted().compactMap { series[$0] }
    }

    /// Removes what a writer that was killed, or a commit, has left behind: temporary files, and segments of
    /// no manifest.
    private func sweep() {
        let kept = Set(tape.manifest.segments.map(\.name))
        let folder = Tape.segmentFolder(path)
        for name in DurableFile.names(in: folder) where !kept.contains(name) {
            if name.hasPrefix(DurableFile.temporaryPrefix) || name.hasSuffix(".segment") {
                DurableFile.remove(folder + "/" + name, gate)
            }
        }
        for name in DurableFile.names(in: path) where name.hasPrefix(DurableFile.temporaryPrefix) {
            DurableFile.remove(path + "/" + name, gate)
        }
    }
}

/// The making of segments from those that they replace and from new pages.
private struct SegmentWork: Sendable {
    let tape: Tape
    let pages: [Period: [GroupKey: [CodedPage]]]
    let ids: [SeriesPeriod: IntervalSet]
    let gate: any FileGate

    func write(_ period: Period, _ encoder: PageEncoder) throws(TapeError) -> Manifest.SegmentRecord {
        let old = try oldSegment(period)
        let fresh = pages[period] ?? [:]
        let folder = Tape.segmentFolder(tape.path)
        let output = try DurableOutput(folder: folder, name: period.name + ".segment", gate)
        var builder = try SegmentBuilder(output)
        for key in Set(fresh.keys).union(try old?.entries().map(\.key) ?? []).sorted() {
            var parts = fresh[key] ?? []
            var known = IntervalSet()
            if let old, let entry = try old.entry(key) {
                parts += try old.pages(entry)
                if key.isEvents { known = try old.ids(entry) }
            }
            if key.isEvents, let added = ids[SeriesPeriod(series: key.series, period: period)] {
                known = known.union(added)
            }
            let merged = try PageLayout.merging(
                parts, isEvents: key.isEvents, encoder, file: old?.path ?? folder)
            try builder.append(key, pages: merged, ids: known)
        }
        try builder.finish()
        let hash = output.hasher.finish().description
        let name = "\(period.name).\(hash.prefix(16)).segment"
        if !tape.manifest.segments.contains(where: { $0.name == name }) { try output.commit(as: name) }
        return .init(
            name: name, bytes: output.count, hash: hash, isEvents: period.isEvents, start: period.start)
    }

    private func oldSegment(_ period: Period) throws(TapeError) -> Segment? {
        for record in tape.manifest.segments where record.period == period { return try tape.segment(record) }
        return nil
    }
}
