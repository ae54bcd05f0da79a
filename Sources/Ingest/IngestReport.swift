import Tape
import Units

/// What became of all inputs.
public struct IngestReport: Sendable, Equatable {
    /// One entry a file, in the order in which they were taken in.
    public private(set) var files: [FileReport] = []
    /// Rows that were not taken in, by file and line; of each file at most `IngestOptions.quarantineKeptMax`.
    public private(set) var quarantine: [QuarantinedRow] = []

    /// The files that failed.
    public var failures: [FileReport] { files.filter { $0.failure != nil } }

    mutating func add(_ result: FileResult) {
        files.append(result.report)
        quarantine += result.quarantine
    }
}

/// What became of one input.
///
/// `accepted + duplicates + quarantined` is `rows`, in every case: a file that failed is quarantined as a
/// whole.
public struct FileReport: Sendable, Equatable {
    /// The file, as it was named, or `-`.
    public var path: String
    /// The archive that it is a part of; nil for a file by itself.
    public var archive: String?
    /// What it was read as; nil where that could not be found out.
    public var format: InputFormat?
    /// Rows: lines that are not blank, comments or headers.
    public var rows = 0
    /// Rows that are in the tape now.
    public var accepted = 0
    /// Rows that were in the tape, or in the file, already.
    public var duplicates = 0
    /// Rows that could not be read; all rows, where the file failed.
    public var quarantined = 0
    /// Rows that could not be read, by reason.
    public var reasons: [BadRow: Int] = [:]
    /// The size of the file.
    public var bytes = 0
    /// The size of its text after decompression.
    public var textBytes = 0
    /// The first instant among the accepted rows, in whole seconds.
    public var first: Timestamp?
    public var last: Timestamp?
    /// The series that it holds, sorted.
    public var series: [SeriesID] = []
    /// Whether the same content was taken in before, so that there was nothing to do.
    public var isRepeated = false
    /// The SHA-256 of the file, in hexadecimal digits, where it was asked for.
    public var sha256: String?
    /// The hash of its text after decompression, 32 hexadecimal digits; nil where it could not be read.
    public var contentHash: String?
    /// Why the file was not taken in; nil where it was.
    public var failure: IngestError?

    /// A report with nothing in it yet.
    public init(path: String) {
        self.path = path
    }
}

/// What reading one input, or a part of one, gave, before it is decided whether the tape takes it.
struct FileResult: Sendable {
    var report: FileReport
    var quarantine: [QuarantinedRow] = []
    var delta: TapeDelta?
    var tapeFailure: TapeError?
    /// Lines of the text, rows or not.
    var lines = 0
    var hasher = ContentHasher()
    /// Whether the text ended in a row that may go on in the next part.
    var hasEndedOpen = false
    /// What the rows are called by, where neither a column nor the name of the file says whose trades they are.
    var unnamed: SeriesNaming?
    /// Whether the file's name, or `--symbol`, says whose trades they are, since its rows do not.
    var isNamedAsWhole = false
    /// A range whose lines are read by who reads the first one.
    var isElsewhere = false

    init(path: String) {
        report = FileReport(path: path)
    }

    /// The file is in the tape already: what was good is a duplicate.
    mutating func markRepeated() {
        report.duplicates += report.accepted
        report.accepted = 0
        report.isRepeated = true
        delta = nil
    }

    /// The file is not taken in.
    mutating func fail(_ error: IngestError) {
        report.failure = error
        report.accepted = 0
        report.duplicates = 0
        report.quarantined = report.rows
        report.first = nil
        report.last = nil
        report.series = []
        delta = nil
    }

    /// The result of a whole file from those of its parts, in order; nil where a part repeats what an earlier one holds,
    /// or where a row may run over the end of one, so that the file has to be read in one go.
    init?(joining parts: [FileResult], _ options: IngestOptions) {
        let parts = parts.filter { !$0.isElsewhere }
        guard var result = parts.first, !parts.dropLast().contains(where: \.hasEndedOpen) else { return nil }
        for part in parts.dropFirst() where result.report.failure == nil && result.tapeFailure == nil {
            if part.report.failure != nil || part.tapeFailure != nil {
                result.report.failure = part.report.failure
                result.tapeFailure = part.tapeFailure
                break
            }
            guard let delta = part.delta, result.delta?.isRepeated(by: delta) == false else { return nil }
            result.append(part, keptMax: options.quarantineKeptMax)
        }
        result.conclude(options)
        self = result
    }

    private mutating func append(_ part: FileResult, keptMax: Int) {
        report.rows += part.report.rows
        report.accepted += part.report.accepted
        report.duplicates += part.report.duplicates
        report.quarantined += part.report.quarantined
        report.textBytes += part.report.textBytes
        report.reasons.merge(part.report.reasons) { $0 + $1 }
        for row in part.quarantine.prefix(max(0, keptMax - quarantine.count)) {
            quarantine.append(row.moved(byLines: lines))
        }
        lines += part.lines
        hasher.append(part.hasher)
        if let added = part.delta { delta?.append(added) }
    }

    /// Names the source and checks the share of bad rows, when all parts are together.
    private mutating func conclude(_ options: IngestOptions) {
        if let failure = report.failure { return fail(failure) }
        delta?.source = hasher.finish()
        delta?.sourceBytes = report.textBytes
        report.first = delta?.first
        report.last = delta?.last
        report.series = delta?.series ?? []
        if Double(report.quarantined) > options.badRowShareMax * Double(report.rows) {
            fail(
                .tooManyBadRows(
                    path: report.path, quarantined: report.quarantined, rows: report.rows,
                    limit: options.badRowShareMax,
                    example: quarantine.first { $0.reason == .changedStep } ?? quarantine.first))
        }
    }
}
