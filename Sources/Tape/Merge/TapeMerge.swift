import Units

/// Puts tapes together that were written apart.
///
/// The result is, byte for byte, the tape that one ingest of all their files would have written. Nothing may be in two of
/// them: rows are sums, from which a repeated trade cannot be taken out again.
public enum TapeMerge {
    /// Writes the merger of tapes, in any order, to a folder that holds no tape yet, or the same one already.
    ///
    /// Shards of an ingest must be all of it: none missing, none twice, all of the same files. With `keepsOverlap`, rows
    /// without trade ids that lie in the same time are added up. Throws `TapeError.shards`, `.sharedIDs` and `.overlap`,
    /// and changes nothing then.
    public static func merge(
        _ paths: [String], into output: String, keepsOverlap: Bool = false, threads: Int = 1,
        gate: any FileGate = OpenGate()
    ) throws(TapeError) {
        var tapes: [Tape] = []
        for path in paths { tapes.append(try Tape.open(path)) }
        try checkShards(tapes)
        try check(tapes, keepsOverlap: keepsOverlap)
        let writer = try TapeWriter(output, gate: gate)
        let known = Set(
            tapes.flatMap { $0.manifest.sources.compactMap { ContentHash(hexadecimal: $0.hash) } })
        if !writer.isEmpty {
            guard writer.holdsJust(known) else {
                throw .shards(reason: "\(output): contains another tape; choose another folder")
            }
            return
        }
        let bars = try mergedBars(tapes)
        for tape in tapes { try writer.append(tape, bars: bars[tape.path] ?? [:]) }
        try writer.commit(threads: threads)
    }

    private static func checkShards(_ tapes: [Tape]) throws(TapeError) {
        guard let first = tapes.first(where: { $0.manifest.shard != nil }), let shard = first.manifest.shard
        else { return }
        var found: [Int: String] = [:]
        for tape in tapes {
            guard let other = tape.manifest.shard else {
                throw .shards(reason: "\(tape.path) is not a shard, but \(first.path) is \(shard)")
            }
            guard other.count == shard.count else {
                throw .shards(reason: "\(tape.path) is \(other), but \(first.path) is \(shard)")
            }
            guard other.inputs == shard.inputs else {
                throw .shards(
                    reason: "\(tape.path) and \(first.path) are shards of different files or options")
            }
            if let twice = found.updateValue(tape.path, forKey: other.index) {
                throw .shards(reason: "\(twice) and \(tape.path) are both \(other)")
            }
        }
        let missing = (0..<shard.count).filter { found[$0] == nil }
        guard missing.isEmpty else {
            let names = missing.prefix(10).map { "\($0)/\(shard.count)" }.joined(separator: ", ")
            throw .shards(
                reason: missing.count == 1
                    ? "shard \(names) is missing"
                    : "\(missing.count) shards are missing: \(names)\(missing.count > 10 ? ", …" : "")")
        }
    }

    /// Throws where two tapes hold the same events, or may do so.
    private static func check(_ tapes: [Tape], keepsOverlap: Bool) throws(TapeError) {
        var ids: [SeriesPeriod: [(path: String, ids: IntervalSet)]] = [:]
        var covers: [SeriesID: [(path: String, cover: SeriesCoverage)]] = [:]
        for tape in tapes {
            for record in tape.manifest.segments where record.isEvents {
                let segment = try tape.segment(record)
                for entry in try segment.entries() {
                    let key = SeriesPeriod(series: entry.key.series, period: record.period)
                    let mine = try segment.ids(entry)
                    for other in ids[key] ?? [] {
                        guard let shared = mine.firstOverlap(with: other.ids) else { continue }
                        throw .sharedIDs(key.series, ids: shared, one: other.path, other: tape.path)
                    }
                    if !mine.isEmpty { ids[key, default: []].append((tape.path, mine)) }
                }
            }
            if keepsOverlap { continue }
            for record in tape.manifest.series {
                let mine = SeriesCoverage(covered: record.coveredSet, anonymous: record.anonymousSet)
                for other in covers[record.id] ?? [] where other.cover.conflict(with: mine) {
                    let shared = other.cover.covered.firstOverlap(with: mine.covered) ?? 0...0
                    throw .overlap(
                        record.id, first: Timestamp(seconds: shared.lowerBound),
                        last: Timestamp(seconds: shared.upperBound), one: other.path, other: tape.path)
                }
                covers[record.id, default: []].append((tape.path, mine))
            }
        }
    }

    /// Of bars that several tapes hold alike, one stays; of those that differ, none can be chosen. Pages by tape, where
    /// they are other than stored.
    private static func mergedBars(
        _ tapes: [Tape]
    ) throws(TapeError) -> [String: [SeriesPart: [CodedPage]]] {
        var result: [String: [SeriesPart: [CodedPage]]] = [:]
        var seen: [SeriesPart: [(path: String, bars: [Int64: UInt64])]] = [:]
        let encoder = PageEncoder()
        for tape in tapes {
            for record in tape.manifest.segments where !record.isEvents {
                let segment = try tape.segment(record)
                for entry in try segment.entries() {
                    let part = SeriesPart(key: entry.key, period: record.period)
                    let rows = try segment.rows(entry)
                    var kept = RowBatch()
                    for row in rows.rows {
                        let print = row.fingerprint
                        var isThere = false
                        for other in seen[part] ?? [] {
                            guard let theirs = other.bars[row.start] else { continue }
                            guard theirs == print else {
                                throw .overlap(
                                    entry.key.series, first: row.time,
                                    last: row.time.advanced(bySeconds: entry.key.rowSeconds), one: other.path,
                                    other: tape.path)
                            }
                            isThere = true
                        }
                        if !isThere { kept.append(row) }
                    }
                    if kept.count < rows.count {
                        var pages: [CodedPage] = []
                        if !kept.isEmpty { pages = [try CodedPage(kept, 0..<kept.count, encoder, nil)] }
                        result[tape.path, default: [:]][part] = pages
                    }
                    let prints = Dictionary(kept.rows.map { ($0.start, $0.fingerprint) }) { $1 }
                    seen[part, default: []].append((tape.path, prints))
                }
            }
        }
        return result
    }
}

extension TapeWriter {
    /// Whether the tape holds nothing yet.
    var isEmpty: Bool { known.tape?.manifest.segments.isEmpty ?? true }

    /// Whether the tape was made of just these sources.
    func holdsJust(_ hashes: Set<ContentHash>) -> Bool {
        Set((known.tape?.manifest.sources ?? []).compactMap { ContentHash(hexadecimal: $0.hash) }) == hashes
    }
}
