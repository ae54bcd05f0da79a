import Numerics
import Tape
import Units

/// Reads logs into a tape.
///
/// ```
/// var options = IngestOptions()
/// options.threads = 2
/// let report = try Ingestor(options).ingest(["logs"], into: "tape")
/// ```
///
/// Files, and parts of large ones, are read side by side and taken in one after the other, in the order given (folders in
/// the order of their names' bytes), so that the tape and the report do not depend on the number of threads. A file that
/// fails changes nothing; the others go on. The tape is written once, at the end.
public struct Ingestor: Sendable {
    public let options: IngestOptions

    public init(_ options: IngestOptions = IngestOptions()) {
        self.options = options
    }

    /// Reads files, folders and `-` (standard input) into a tape, which is made where there is none.
    ///
    /// Throws `TapeError` where the tape cannot be read or written. What is wrong with a file is in its
    /// `FileReport`.
    public func ingest(
        _ paths: [String], into tapePath: String, gate: any FileGate = OpenGate(),
        progress: (@Sendable (IngestProgress) -> Void)? = nil
    ) throws(TapeError) -> IngestReport {
        var found = InputPath.walk(paths)
        let shard = options.shard.map { TapeShard($0, of: found, options) }
        if let shard = options.shard { found = shard.share(of: found) }
        let writer = try TapeWriter(tapePath, shard: shard, gate: gate)
        let inputs = found.map(Input.init)
        let meter = Meter(total: inputs.count, report: progress)
        var results = read(inputs, writer, meter)
        let crowded = crowded(results, writer)
        var report = IngestReport()
        for index in inputs.indices {
            let parts = results[index]
            results[index] = []
            var result = FileResult(joining: parts, options) ?? readWhole(inputs[index], writer, meter)
            try accept(&result, inputs[index], crowded, writer, meter)
            if result.report.textBytes > 0 { result.report.contentHash = result.hasher.finish().description }
            if options.audits { audit(&result, inputs[index]) }
            report.add(result)
        }
        if options.shard == nil, report.failures.count == report.files.count, !report.files.isEmpty {
            // Nothing was taken in: a tape that was made for it goes again.
            writer.discardIfEmpty()
            return report
        }
        let clock = options.timer.start()
        try writer.commit(threads: options.threads)
        options.timer.stop(.write, clock)
        return report
    }

    private func audit(_ result: inout FileResult, _ input: Input) {
        guard result.report.textBytes > 0 else { return }
        do throws(IngestError) {
            result.report.sha256 = try AuditDigest.sha256(
                path: input.path.member?.archive ?? input.path.path, descriptor: input.spool?.descriptor)
        } catch {
            result.report.failure = result.report.failure ?? error
        }
    }

    /// Reads all inputs part by part; which thread reads which does not matter, since each sees only what the tape held
    /// before.
    private func read(_ inputs: [Input], _ writer: TapeWriter, _ meter: Meter) -> [[FileResult]] {
        let parts = parts(of: inputs)
        let reader = FileIngest(options: options, known: writer.known, store: writer.store, meter: meter)
        var counts = [Int](repeating: 0, count: inputs.count)
        for part in parts { counts[part.input] += 1 }
        let found = Parallel.map(parts.count, threads: options.threads) { index in
            let part = parts[index]
            defer { if part.number == 0 { meter.finishFile() } }
            return read(inputs[part.input], part.range, reader)
        }
        var results = zip(inputs, counts).map { Array(repeating: FileResult(path: $0.path.path), count: $1) }
        for (part, result) in zip(parts, found) { results[part.input][part.number] = result }
        return results
    }

    /// One part a file, or several of a file that is large beside all of them.
    private func parts(of inputs: [Input]) -> [(input: Int, number: Int, range: Range<Int>?)] {
        let sizes = inputs.map { $0.path.size ?? $0.spool?.size ?? 0 }
        let unit = ContentHasher.unitBytes
        let wanted = options.partBytes ?? max(16 << 20, sizes.reduce(0, +) / (4 * max(1, options.threads)))
        let length = max(unit, wanted / unit * unit)
        var parts: [(input: Int, number: Int, range: Range<Int>?)] = []
        for (input, size) in sizes.enumerated() {
            // Rather one part of more than the wanted length than one of less than half of it.
            let count =
                options.partBytes == nil && options.threads == 1 ? 1 : max(1, (size + length / 2) / length)
            for number in 0..<count {
                let end = number == count - 1 ? Int.max : (number + 1) * length
                parts.append((input, number, count == 1 ? nil : number * length..<end))
            }
        }
        return parts
    }

    private func read(_ input: Input, _ range: Range<Int>?, _ reader: FileIngest) -> FileResult {
        if let problem = input.problem {
            var result = FileResult(path: input.path.path)
            result.fail(problem)
            return result
        }
        return reader.read(input.path, spool: input.spool, range: range)
    }

    /// Reads an input in one go, knowing what was taken in before.
    private func readWhole(_ input: Input, _ writer: TapeWriter, _ meter: Meter) -> FileResult {
        let reader = FileIngest(options: options, known: writer.known, store: writer.store, meter: meter)
        let result = read(input, nil, reader)
        return FileResult(joining: [result], options) ?? result
    }

    /// The names of files without a symbol of which there are several that differ by a date or a number only: each would
    /// be a series of its own. With what the tape calls one of them, if it holds one. A single such file keeps its name.
    private func crowded(_ results: [[FileResult]], _ writer: TapeWriter) -> [SeriesNaming.Group: String?] {
        var held: [SeriesNaming.Group: Set<String>] = [:]
        for id in writer.seriesIDs where id.kind == "trades" {
            guard let group = SeriesNaming.group(venue: id.venue, symbol: id.name) else { continue }
            held[group, default: []].insert(id.name)
        }
        var symbols: [SeriesNaming.Group: Set<String>] = [:]
        for unnamed in results.compactMap({ $0.first?.unnamed }) {
            symbols[unnamed.group, default: held[unnamed.group] ?? []].insert(unnamed.symbol)
        }
        var crowded: [SeriesNaming.Group: String?] = [:]
        for group in symbols.filter({ $0.value.count > 1 }).keys {
            crowded.updateValue(held[group]?.min(), forKey: group)
        }
        return crowded
    }

    /// Decides what becomes of a file that was read, in the order of the files.
    private func accept(
        _ result: inout FileResult, _ input: Input, _ crowded: [SeriesNaming.Group: String?],
        _ writer: TapeWriter, _ meter: Meter
    ) throws(TapeError) {
        if let problem = result.tapeFailure { throw problem }
        guard let delta = result.delta else { return }
        if writer.contains(source: delta.source) {
            if result.isNamedAsWhole, let series = delta.series.first, !writer.holdsAny(of: delta) {
                result.fail(.renamed(path: input.path.path, series: series.description))
            } else {
                result.markRepeated()
            }
            return
        }
        if let unnamed = result.unnamed, let other = crowded[unnamed.group] {
            result.fail(.unnamed(path: input.path.path, symbol: other))
            return
        }
        if let unnamed = result.unnamed, options.overlap == .refuse, writer.meets(delta) {
            // Two files of no name may be of two symbols, whose ids mean different trades.
            result.fail(.unnamed(path: input.path.path, symbol: unnamed.symbol))
            return
        }
        if writer.isStale(delta) {
            // An earlier file of this run holds some of the same ids or bars: read again, now knowing them.
            result = readWhole(input, writer, meter)
            if let problem = result.tapeFailure { throw problem }
        }
        guard let delta = result.delta else { return }
        if options.overlap == .refuse, let series = writer.overlap(delta) {
            result.fail(.overlap(path: input.path.path, series: series.description))
            return
        }
        // A symbol given by hand may be a new one for trades that are there already.
        if options.overlap == .refuse, options.symbol ?? options.map?.symbol != nil,
            let other = try writer.twin(of: delta), let series = delta.series.first
        {
            result.fail(
                .sameTrades(
                    path: input.path.path, series: series.description, other: other.description))
            return
        }
        writer.append(delta)
    }
}

/// A path, with a copy of its text where that can be read only once.
private final class Input: Sendable {
    let path: InputPath
    let spool: Spool?
    let problem: IngestError?

    init(_ path: InputPath) {
        self.path = path
        do throws(IngestError) {
            spool = try Spool(path)
            problem = nil
        } catch {
            spool = nil
            problem = error
        }
    }
}
