import Dispatch
import Synchronization
import Tape
import Units

/// How logs are taken in.
public struct IngestOptions: Sendable {
    /// What to do with logs without trade ids that overlap in time with what the tape holds.
    public enum Overlap: String, Sendable, CaseIterable {
        /// Fail the file.
        case refuse
        /// Add them up, as for the logs of two gateways; bars of one interval add up too.
        case keep
    }

    /// The venue of every file, instead of what its name says.
    public var venue: String?
    /// The symbol of every file, instead of what its name says.
    public var symbol: String?
    /// The format that every file must have; nil to find it by content.
    public var format: InputFormat?
    /// What to do with overlapping logs.
    public var overlap = Overlap.refuse
    /// The share of bad rows over which a file fails as a whole, 0 to 1.
    public var badRowShareMax = 0.1
    /// How many bad rows of a file are kept as examples; all are counted.
    public var quarantineKeptMax = 1000
    /// How many files are read at a time.
    public var threads = 1
    /// Which class a request belongs to.
    public var routes = RouteTable()
    /// What a user says about the columns of every file; nil to find the format by content.
    public var map: ColumnMap?
    /// The clock of times that name no zone.
    public var zone = LocalZone.utc

    /// The defaults.
    public init() {}
}

/// How far an ingest has come.
public struct IngestProgress: Sendable, Equatable {
    /// Files read so far.
    public var filesDone = 0
    /// Files in all.
    public var filesTotal: Int
    /// Bytes of text read so far.
    public var textBytes = 0
}

/// Reads logs into a tape.
///
/// ```
/// var options = IngestOptions()
/// options.threads = 2
/// let report = try Ingestor(options).ingest(["logs"], into: "tape")
/// ```
///
/// Files are read side by side and taken in one after the other, in the order given (folders in the order of
/// their names' bytes), so that the tape and the report do not depend on the number of threads. A file that
/// fails changes nothing; the others go on. The tape is written once, at the end.
public struct Ingestor: Sendable {
    /// The options.
    public let options: IngestOptions

    /// An ingestor.
    public init(_ options: IngestOptions = IngestOptions()) {
        self.options = options
    }

    /// Reads files, folders and `-` (standard input) into a tape, which is made where there is none.
    ///
    /// Throws `TapeError` where the tape cannot be read or written. What is wrong with a file is in its
    /// `FileReport`.
    public func ingest(
        _ paths: [String], into tapePath: String, progress: (@Sendable (IngestProgress) -> Void)? = nil
    ) throws(TapeError) -> IngestReport {
        let writer = try TapeWriter(tapePath)
        let inputs = InputPath.walk(paths).map(Input.init)
        let meter = Meter(total: inputs.count, report: progress)
        var results = read(inputs, known: writer.known, meter)
        var report = IngestReport()
        for index in inputs.indices {
            var result = results[index]
            results[index] = FileResult(path: inputs[index].path.path)
            try accept(&result, inputs[index], writer, meter)
            report.add(result)
        }
        try writer.commit(threads: options.threads)
        return report
    }

    /// Reads all inputs; which thread reads which does not matter, since each sees only what the tape held
    /// before.
    private func read(_ inputs: [Input], known: KnownRows, _ meter: Meter) -> [FileResult] {
        let results = Mutex<[FileResult]>(inputs.map { FileResult(path: $0.path.path) })
        let next = Atomic<Int>(0)
        let workers = max(1, min(options.threads, inputs.count))
        DispatchQueue.concurrentPerform(iterations: workers) { _ in
            while true {
                let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard index < inputs.count else { return }
                let result = read(inputs[index], known, meter)
                results.withLock { $0[index] = result }
                meter.finishFile()
            }
        }
        return results.withLock { $0 }
    }

    private func read(_ input: Input, _ known: KnownRows, _ meter: Meter) -> FileResult {
        if let problem = input.problem {
            var result = FileResult(path: input.path.path)
            result.fail(problem)
            return result
        }
        return FileIngest(options: options, known: known, meter: meter).read(input.path, spool: input.spool)
    }

    /// Decides what becomes of a file that was read, in the order of the files.
    private func accept(
        _ result: inout FileResult, _ input: Input, _ writer: TapeWriter, _ meter: Meter
    ) throws(TapeError) {
        if let problem = result.tapeFailure { throw problem }
        guard let delta = result.delta else { return }
        if writer.contains(source: delta.source) {
            result.markRepeated()
            return
        }
        if writer.isStale(delta) {
            // An earlier file of this run holds some of the same ids or bars: read again, now knowing them.
            result = read(input, writer.known, meter)
            if let problem = result.tapeFailure { throw problem }
        }
        guard let delta = result.delta else { return }
        if options.overlap == .refuse, let series = writer.overlap(delta) {
            result.fail(.overlap(path: input.path.path, series: series.description))
            return
        }
        writer.append(delta)
    }
}

/// A path, with a copy of its text where that can be read only once.
private struct Input: Sendable {
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

/// Adds up the progress of several threads.
final class Meter: Sendable {
    private let state: Mutex<IngestProgress>
    private let report: (@Sendable (IngestProgress) -> Void)?

    init(total: Int, report: (@Sendable (IngestProgress) -> Void)?) {
        state = Mutex(IngestProgress(filesTotal: total))
        self.report = report
    }

    func addBytes(_ count: Int) {
        update { $0.textBytes += count }
    }

    func finishFile() {
        update { $0.filesDone += 1 }
    }

    private func update(_ change: (inout IngestProgress) -> Void) {
        guard let report else { return }
        state.withLock { progress in
            change(&progress)
            report(progress)
        }
    }
}
