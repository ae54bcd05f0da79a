import CommandLineKit
import Files
import Foundation
import Ingest
import Pipeline
import Reporting
import Tables
import Tape
import Units

/// What `ingest` is told.
struct IngestCommandOptions: OptionGroup {
    @Option(
        .text, placeholder: "folder", help: "Folder of the tape; created if missing.", completion: .directory)
    var tape: String?
    let reading = ReadingOptions()
    @Option(
        .text, placeholder: "file", help: "Rules for route classes, one per line: method, pattern, class.",
        defaultText: "built-in rules")
    var routes: String?
    @Option(.text, placeholder: "name", help: "Venue of every file.", defaultText: "from the file name")
    var venue: String?
    @Option(.text, placeholder: "name", help: "Symbol of every file.", defaultText: "from the file name")
    var symbol: String?
    @Option(
        .choice, placeholder: "rule",
        help: "How to treat logs without ids that overlap the tape in time.")
    var overlap = IngestOptions.Overlap.refuse
    @Option(
        .number(in: 0...1), placeholder: "share", help: "Reject a file whose share of bad rows is higher.")
    var maxBadRows = 0.1
    @Option(
        .text, placeholder: "file", help: "Write quarantined rows to FILE.",
        completion: .file(extensions: ["csv"]))
    var quarantine: String?
    @Option(
        .choice, placeholder: "rule",
        help: "How to treat a file of a named folder that ends like a log, and that no format fits.")
    var strays = StrayRule.refuse
    @Flag(help: "Add each file's SHA-256 (runs the system's sha256sum).") var audit: Bool
    @Flag(help: "Print the formats as Markdown and exit.") var listFormats: Bool
    let shards = ShardChoice()
    @Flag(.dryRun) var dryRun: Bool
    let output = TableOutput()
    @Argument("path", help: "Files, folders, or - for standard input.", atLeast: 0) var paths: [String]

    /// The folder of the tape, which only `--list-formats` does without.
    func requiredTape(_ context: Context) throws -> String {
        guard let tape else {
            throw context.refusal("Missing expected option '--tape': give the folder for the tape")
        }
        return tape
    }
}

/// What becomes of a file that a folder holds, and that might be a log.
enum StrayRule: String, CaseIterable {
    /// The command fails when all others are read: a log that is not read leaves a hole.
    case refuse
    /// It is remarked on.
    case skip
}

/// How files are read that do not tell it themselves.
struct ReadingOptions: OptionGroup {
    @Option(
        .choice, placeholder: "format", help: "Format of every file.",
        defaultText: "detected from the content")
    var formatIn: InputFormat?
    @Option(
        .text, placeholder: "file", help: "Column map for an unrecognised format.",
        completion: .file(extensions: ["json"]))
    var map: String?
    @Option(
        .zone, placeholder: "zone", help: "Time zone of timestamps that have none, such as +05:30.",
        defaultText: "UTC")
    var zone = LocalZone.utc

    func apply(to options: inout IngestOptions) throws {
        options.format = formatIn
        options.zone = zone
        if let map { options.map = try ColumnMapFile.read(try ReadingOptions.bytes(of: map), file: map) }
    }

    /// What a file of settings holds.
    static func bytes(of path: String) throws -> [UInt8] {
        do {
            return try InputFile.read(path, limit: InputFile.settingsBytesMax)
        } catch {
            throw ToolError(error.reason, file: path, exit: .badConfiguration)
        }
    }
}

extension Command {
    /// Logs to tape.
    static let ingest = Command(
        name: "ingest", abstract: "Read logs into a tape.",
        discussion: """
            Detects format, header, delimiter, compression and time unit from the content. Prints one row per \
            file. A file that fails changes nothing, and the others are still read. Use --map for tables or \
            JSON lines of an unrecognised format.
            """,
        examples: [
            "highwater ingest logs --tape tape",
            "highwater ingest export.csv --map map.json --tape tape",
        ],
        options: IngestCommandOptions.self,
        run: { given, context in
            if given.listFormats {
                try given.output.destination.write(Array(FormatGuide.markdown.utf8))
                return .success
            }
            guard !given.paths.isEmpty else {
                throw context.refusal("Missing expected argument '<path> ...'")
            }
            let kept = try given.requiredTape(context)
            // A dry run reads everything, into a tape that is thrown away.
            let isDry = given.dryRun
            let scratch = isDry ? try WorkFolder() : nil
            let tape = scratch?.path ?? kept
            let options = try ingestOptions(given, context)
            let paths = given.paths
            if options.shard != nil, paths.contains("-") {
                throw context.refusal("standard input cannot be split into shards")
            }
            let report: IngestReport
            do {
                let progress = context.progress
                progress.begin("ingest", total: nil)
                report = try withExtendedLifetime(scratch) {
                    try Ingestor(options).ingest(
                        paths, into: tape,
                        progress: { progress.update(done: $0.filesDone, of: $0.filesTotal) })
                }
                progress.finish()
            }
            if isDry {
                context.note("would add to the tape \(kept); its present contents were not checked")
            }
            try given.output.write(
                CommandTables.ingest.table(
                    report.files, format: given.output.format,
                    with: options.audits ? ["--audit"] : []))
            if let file = given.quarantine {
                let entries = report.quarantine.map {
                    QuarantineEntry(
                        path: $0.path, line: $0.line, column: $0.column == 0 ? nil : $0.column,
                        byteOffset: $0.byteOffset,
                        reason: $0.explanation, excerpt: $0.excerpt)
                }
                let bytes = RunTables.quarantine.table(entries).bytes
                try ResultFile.write(
                    given.output.csvSafe ? DataTable.guardingFormulas(bytes) : bytes, to: file)
            }
            return try conclude(report, named: paths, given.strays, context)
        })

    /// Endings of logs, and of tables that would have to be converted first: such a file in a folder is missed, not passed
    /// over.
    private static let logEndings: Set<String> = [
        "csv", "tsv", "log", "jsonl", "ndjson", "ltsv", "gz", "zst", "bz2", "xz", "lz4", "zip", "tar", "tgz",
        "7z",
        "rar", "parquet", "avro", "orc", "arrow", "feather", "xls", "xlsx",
    ]

    /// The ending of a file's name, in lower case; empty where it has none.
    private static func ending(_ path: String) -> String {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        guard let point = name.lastIndex(of: "."), point > name.startIndex else { return "" }
        return name[name.index(after: point)...].lowercased()
    }

    /// Whether a file that a folder holds lies beside the logs (a README, a checksum, a backup) rather than being a log that
    /// could not be read: no format fits it, and it ends neither as logs do nor as one that was read.
    private static func isAside(
        _ path: String, _ failure: IngestError, beside read: Set<String>, _ rule: StrayRule
    ) -> Bool {
        switch failure {
        case .unrecognised, .empty, .binary: break
        default: return false
        }
        let own = ending(path)
        return rule == .skip || own.isEmpty || !(logEndings.contains(own) || read.contains(own))
    }

    private static func ingestOptions(
        _ given: IngestCommandOptions, _ context: Context
    ) throws -> IngestOptions {
        var options = IngestOptions()
        options.threads = context.threads
        options.venue = given.venue
        options.symbol = given.symbol
        options.overlap = given.overlap
        options.badRowShareMax = given.maxBadRows
        options.audits = given.audit
        try given.reading.apply(to: &options)
        if let path = given.routes {
            let text = String(decoding: try ReadingOptions.bytes(of: path), as: UTF8.self)
            options.routes = RouteTable(rules: try RouteTable.rules(text, path: path))
        }
        options.shard = try given.shards.share(context)
        return options
    }

    /// Failed files, on standard error. What an archive, or a folder that was named as a whole, holds beside its logs is
    /// only remarked on.
    private static func conclude(
        _ report: IngestReport, named: [String], _ strays: StrayRule, _ context: Context
    ) throws -> ExitStatus {
        let hasRead = report.files.contains { $0.failure == nil }
        // Notes that read as logs end as notes do.
        let endings = Set(report.files.filter { $0.failure == nil }.map { ending($0.path) }).subtracting([
            "txt", "md",
        ])
        let read = Set(report.files.filter { $0.failure == nil }.compactMap(\.archive))
        var failures: [IngestError] = []
        for file in report.failures {
            guard let failure = file.failure else { continue }
            if case .unrecognised = failure, let archive = file.archive, read.contains(archive) {
                context.note("\(file.path): skipped: not a log; the other files of the archive were read")
            } else if hasRead, !named.contains(file.path),
                isAside(file.path, failure, beside: endings, strays)
            {
                context.note("\(file.path): skipped: not a log; the other files of the folder were read")
            } else {
                failures.append(failure)
            }
        }
        guard let first = failures.first else { return .success }
        for failure in failures.dropFirst() { Highwater.complain(failure) }
        throw first
    }
}
