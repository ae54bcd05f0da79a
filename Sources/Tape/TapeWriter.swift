import Dispatch
import Synchronization
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
/// A commit writes new segments under new names, each flushed and renamed, then the manifest, then removes the segments
/// that it replaced. A process killed at any instant leaves the tape as it was before or as it is after. The files' bytes
/// depend on what the tape holds, not on the order or the number of commits that brought it there.
public final class TapeWriter {
    /// The folder.
    public let path: String
    private let lock: WriterLock
    private var tape: Tape
    private var deltas: [TapeDelta] = []
    private var sources: Set<ContentHash> = []
    private var coverage: [SeriesID: SeriesCoverage] = [:]
    private var added: KnownRows

    /// Opens a tape for writing, or makes an empty one where there is none.
    ///
    /// Throws `TapeError.locked` where another writer is at work, and `.corrupt` for a damaged tape.
    public init(_ path: String) throws(TapeError) {
        self.path = path
        try DurableFile.makeFolder(Tape.segmentFolder(path))
        lock = try WriterLock(folder: path)
        let manifest = try TapeWriter.manifest(path)
        tape = Tape(path: path, manifest: manifest)
        sources = Set(manifest.sources.compactMap { ContentHash(hexadecimal: $0.hash) })
        for record in manifest.series {
            coverage[record.id] = SeriesCoverage(
                covered: record.coveredSet, anonymous: record.anonymousSet)
        }
        added = KnownRows(tape: tape)
        TapeWriter.sweep(path, keeping: manifest)
    }

    /// What the tape holds, appended deltas included, for a `TapeDeltaBuilder` to drop its duplicates by.
    public var known: KnownRows { added }

    /// Whether an input with this hash has been taken in before.
    public func contains(source: ContentHash) -> Bool { sources.contains(source) }

    /// Whether a delta that was built on an earlier `known` repeats ids or bars that were appended since; if so, it has
    /// to be built again on the present `known`.
    public func isStale(_ delta: TapeDelta) -> Bool {
        for (key, ids) in delta.ids {
            if let mine = added.addedIDs[key], mine.longestOverlap(with: ids) > 0 { return true }
        }
        for (key, bars) in delta.bars {
            guard let mine = added.addedBars[key] else { continue }
            if bars.contains(where: { mine[$0.key] != nil }) { return true }
        }
        return false
    }

    /// A series of which the tape already holds the same seconds, with nothing to tell whether the events are the same
    /// ones: logs without trade ids that overlap in time. Nil where there is none.
    public func overlap(_ delta: TapeDelta) -> SeriesID? {
        delta.coverage.keys.sorted().first { id in
            guard let mine = coverage[id], let theirs = delta.coverage[id] else { return false }
            return mine.conflict(with: theirs)
        }
    }

    /// Takes a delta in; it reaches the disk with `commit`.
    public func append(_ delta: TapeDelta) {
        deltas.append(delta)
        sources.insert(delta.source)
        for (id, theirs) in delta.coverage { coverage[id, default: SeriesCoverage()].merge(theirs) }
        for (key, ids) in delta.ids {
            added.addedIDs[key] = (added.addedIDs[key] ?? IntervalSet()).union(ids)
        }
        for (key, bars) in delta.bars { added.addedBars[key, default: [:]].merge(bars) { $1 } }
    }

    /// Writes what was appended, on up to `threads` threads. Without anything appended, it makes sure that a tape exists.
    public func commit(threads: Int = 1) throws(TapeError) {
        var manifest = tape.manifest
        let replaced = try writeSegments(threads: threads)
        let periods = Set(replaced.map(\.period))
        manifest.segments.removeAll { periods.contains($0.period) }
        manifest.segments.append(contentsOf: replaced)
        manifest.segments.sort { $0.period < $1.period }
        for delta in deltas {
            manifest.sources.append(
                .init(hash: delta.source.description, bytes: delta.sourceBytes, format: delta.sourceFormat))
        }
        manifest.sources.sort { $0.hash < $1.hash }
        manifest.series = try describeSeries(manifest.segments)
        try DurableFile.flushFolder(Tape.segmentFolder(path))
        try DurableFile.write(manifest.encoded(), to: path, name: Manifest.fileName)
        try DurableFile.flushFolder(path)
        TapeWriter.sweep(path, keeping: manifest)
        tape = Tape(path: path, manifest: manifest)
        added = KnownRows(tape: tape)
        deltas = []
    }

    /// The manifest, or that of an empty tape, which is written at once: so segments without a manifest are never the
    /// remains of a first run, but a tape that has lost its manifest, and are not to be swept away.
    private static func manifest(_ path: String) throws(TapeError) -> Manifest {
        let file = path + "/" + Manifest.fileName
        if DurableFile.exists(file) { return try Manifest(folder: path) }
        let segments = DurableFile.names(in: Tape.segmentFolder(path)).filter { $0.hasSuffix(".segment") }
        guard segments.isEmpty else {
            throw .corrupt(file: file, reason: "missing, while \(segments.count) segments are here")
        }
        try DurableFile.write(Manifest().encoded(), to: path, name: Manifest.fileName)
        return Manifest()
    }

    /// Rewrites the segment of every period that the deltas touch.
    private func writeSegments(threads: Int) throws(TapeError) -> [Manifest.SegmentRecord] {
        var blocks: [Period: [TapeDelta.Block]] = [:]
        for delta in deltas {
            for block in delta.blocks { blocks[block.period, default: []].append(block) }
        }
        let periods = blocks.keys.sorted()
        let slots = Mutex<[Result<Manifest.SegmentRecord, TapeError>?]>(
            .init(repeating: nil, count: periods.count))
        let workers = max(1, min(threads, periods.count))
        let tape = self.tape
        let ids = added.addedIDs
        let work = blocks
        DispatchQueue.concurrentPerform(iterations: workers) { worker in
            for index in stride(from: worker, to: periods.count, by: workers) {
                let job = SegmentJob(
                    tape: tape, period: periods[index], blocks: work[periods[index]] ?? [], ids: ids)
                let result = Result { () throws(TapeError) in try job.write() }
                slots.withLock { $0[index] = result }
            }
        }
        var records: [Manifest.SegmentRecord] = []
        for slot in slots.withLock({ $0 }) {
            if let slot { records.append(try slot.get()) }
        }
        return records
    }

    /// The table of series, from the directories of all segments.
    private func describeSeries(
        _ records: [Manifest.SegmentRecord]
    ) throws(TapeError) -> [Manifest.SeriesRecord] {
        var groups: [GroupKey: Manifest.GroupRecord] = [:]
        for record in records {
            for entry in try Segment(Tape.segmentFolder(path) + "/" + record.name).entries {
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
                    covered: Manifest.SeriesRecord.pairs(cover.covered),
                    anonymous: Manifest.SeriesRecord.pairs(cover.anonymous))
            if let group = groups[key] { record.groups.append(group) }
            series[id] = record
        }
        return series.keys.sorted().compactMap { series[$0] }
    }

    /// Removes what a writer that was killed, or a commit, has left behind: temporary files, and segments of no manifest.
    private static func sweep(_ path: String, keeping manifest: Manifest) {
        let kept = Set(manifest.segments.map(\.name))
        let folder = Tape.segmentFolder(path)
        for name in DurableFile.names(in: folder) where !kept.contains(name) {
            if name.hasPrefix(DurableFile.temporaryPrefix) || name.hasSuffix(".segment") {
                DurableFile.remove(folder + "/" + name)
            }
        }
        for name in DurableFile.names(in: path) where name.hasPrefix(DurableFile.temporaryPrefix) {
            DurableFile.remove(path + "/" + name)
        }
    }
}

/// The making of one segment from the one that it replaces and from new blocks.
private struct SegmentJob: Sendable {
    let tape: Tape
    let period: Period
    let blocks: [TapeDelta.Block]
    let ids: [SeriesPeriod: IntervalSet]

    func write() throws(TapeError) -> Manifest.SegmentRecord {
        let old = try oldSegment()
        var fresh: [GroupKey: [TapeDelta.Block]] = [:]
        for block in blocks { fresh[block.key, default: []].append(block) }
        let keys = Set(fresh.keys).union(old?.entries.map(\.key) ?? [])
        var builder = SegmentBuilder()
        for key in keys.sorted() {
            let entry = old?.entry(key)
            var known = IntervalSet()
            if key.isEvents {
                if let old, let entry { known = try old.ids(entry) }
                known = known.union(ids[SeriesPeriod(series: key.series, period: period)] ?? IntervalSet())
            }
            if let rows = try merged(old, entry, fresh[key] ?? []) {
                builder.append(key, rows: rows, ids: known)
            }
        }
        let bytes = builder.finish()
        let hash = bytes.withUnsafeBytes { ContentHash(of: $0).description }
        let name = "\(period.name).\(hash.prefix(16)).segment"
        let folder = Tape.segmentFolder(tape.path)
        if !tape.manifest.segments.contains(where: { $0.name == name }) {
            try DurableFile.write(bytes, to: folder, name: name)
        }
        return .init(
            name: name, bytes: bytes.count, hash: hash, isEvents: period.isEvents, start: period.start)
    }

    /// The rows of a series from the old segment and from new blocks; where there is only one of them, as it is.
    private func merged(
        _ old: Segment?, _ entry: Segment.Entry?, _ fresh: [TapeDelta.Block]
    ) throws(TapeError) -> CodedRows? {
        if let old, let entry, fresh.isEmpty { return try old.codedRows(entry) }
        if entry == nil, fresh.count == 1 { return fresh[0].rows }
        var parts: [RowBatch] = []
        if let old, let entry { parts.append(try old.rows(entry)) }
        for block in fresh { parts.append(decode(block)) }
        return CodedRows(RowBatch.merging(parts))
    }

    private func oldSegment() throws(TapeError) -> Segment? {
        for record in tape.manifest.segments where record.period == period { return try tape.segment(record) }
        return nil
    }

    private func decode(_ block: TapeDelta.Block) -> RowBatch {
        do {
            return try block.rows.bytes.withUnsafeBytes { try RowBatch(decoding: $0) }
        } catch {
            preconditionFailure("a block that was just coded does not decode: \(block.key.series)")
        }
    }
}
