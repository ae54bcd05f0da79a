import CommandLineKit
import Files
import Foundation
import Ingest
import Pipeline
import Reporting
import Tables
import Tape
import Units

extension Command {
    /// Logs to tape.
    static let ingest = Command(
        spec: CommandSpec(
            name: "ingest", abstract: "Read logs into a tape.",
            discussion: """
                Format, header, delimiter, compression and the unit of time stamps are found by content. \
                One row for \
                each file is printed; a file that fails changes nothing, and the others go on. A table or \
                JSON lines of \
                no known format need --map.
                """,
            arguments: [
                Argument("path", help: "Files, folders, or - for standard input.", count: .many(atLeast: 0))
            ],
            options: [
                .value(
                    "tape", placeholder: "folder", help: "The tape; made if need be.",
                    completion: .directory),
                .value(
                    "format-in", placeholder: "format", help: "The format of every file.",
                    defaultText: "found by content", choices: InputFormat.allNames),
                .value(
                    "map", placeholder: "file", help: "Where tables or JSON of no known format hold what.",
                    completion: .file(extensions: ["json"])),
                .value(
                    "routes", placeholder: "file",
                    help: "Rules for classes of routes, one a line: method, pattern, class.",
                    defaultText: "built in"),
                .value(
                    "zone", placeholder: "zone", help: "The clock of times that name none, as +05:30.",
                    defaultText: "UTC"),
                .value(
                    "venue", placeholder: "name", help: "The venue of every file.",
                    defaultText: "by file name"),
                .value(
                    "symbol", placeholder: "name", help: "The symbol of every file.",
                    defaultText: "by file name"),
                .value(
                    "overlap", placeholder: "rule",
                    help: "What to do with logs without ids that overlap what the tape holds.",
                    defaultText: "refuse", choices: IngestOptions.Overlap.allCases.map(\.rawValue)),
                .value(
                    "max-bad-rows", placeholder: "share",
                    help: "The share of bad rows over which a file fails.", defaultText: "0.1"),
                .value(
                    "quarantine", placeholder: "file", help: "Write the rows that were not taken in there.",
                    completion: .file(extensions: ["csv"])),
                .flag("audit", help: "Add each file's SHA-256, by the system's sha256sum."),
                .flag("list-formats", help: "Print the formats as Markdown, and nothing else."),
            ] + ShardChoice.options + [Output.dryRun, Output.format, Output.file]),
        run: { context in
            if context.arguments.flag("list-formats") {
                try Output.write(Array(FormatGuide.markdown.utf8), context)
                return .success
            }
            guard !context.arguments.arguments.isEmpty else {
                throw UsageError("Missing expected argument '<path> ...'", path: context.arguments.command)
            }
            let kept = try context.required("tape", "the folder to keep the tape in")
            // A dry run reads everything, into a tape that is thrown away.
            let isDry = context.arguments.flag("dry-run")
            let scratch = isDry ? try ScratchFolder() : nil
            let tape = scratch?.path ?? kept
            var options = IngestOptions()
            options.threads = context.threads
            options.format = context.arguments.string("format-in").flatMap(InputFormat.init)
            options.venue = context.arguments.string("venue")
            options.symbol = context.arguments.string("symbol")
            options.overlap =
                context.arguments.string("overlap").flatMap(IngestOptions.Overlap.init) ?? .refuse
            options.badRowShareMax =
                try context.arguments.double("max-bad-rows", in: 0...1) ?? options.badRowShareMax
            try readFiles(context, &options)
            options.shard = try ShardChoice.shard(context.arguments)
            options.audits = context.arguments.flag("audit")
            let paths = context.arguments.arguments
            if options.shard != nil, paths.contains("-") {
                throw UsageError(
                    "standard input cannot be divided into shards", path: context.arguments.command)
            }
            let report: IngestReport
            do {
                let progress = context.progress
                progress.begin("ingest", total: nil)
                report = try withExtendedLifetime(scratch) {
                    try Ingestor(options).ingest(paths, into: tape)
                }
                progress.finish()
            }
            if isDry {
                context.note("would add to the tape \(kept); what it holds already was not looked at")
            }
            try Output.write(
                CommandTables.ingest.table(
                    report.files, format: Output.format(context),
                    with: options.audits ? ["--audit"] : []), context)
            if let file = context.arguments.string("quarantine") {
                let entries = report.quarantine.map {
                    QuarantineEntry(
                        path: $0.path, line: $0.line, column: $0.column == 0 ? nil : $0.column,
                        byteOffset: $0.byteOffset,
                        reason: $0.reason.description, excerpt: $0.excerpt)
                }
                try ResultFile.write(RunTables.quarantine.table(entries).bytes, to: file)
            }
            return try conclude(report, context)
        })

    /// The files that the options name.
    private static func readFiles(_ context: Context, _ options: inout IngestOptions) throws {
        options.zone =
            try context.arguments.value(
                "zone",
                expected: "an offset or a name of the time zone database, as +05:30 or America/Chicago",
                { LocalZone($0) }) ?? .utc
        if let path = context.arguments.string("map") {
            options.map = try ColumnMapFile.read(try bytes(of: path), file: path)
        }
        if let path = context.arguments.string("routes") {
            let text = String(decoding: try bytes(of: path), as: UTF8.self)
            options.routes = RouteTable(rules: try RouteTable.rules(text, path: path))
        }
    }

    private static func bytes(of path: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ToolError("cannot be read", file: path, exit: .badConfiguration)
        }
        return Array(data)
    }

    /// Failed files, on standard error. What an archive holds beside its logs is only remarked on.
    private static func conclude(_ report: IngestReport, _ context: Context) throws -> ExitStatus {
        let read = Set(report.files.filter { $0.failure == nil }.compactMap(\.archive))
        var failures: [IngestError] = []
        for file in report.failures {
            guard let failure = file.failure else { continue }
            if case .unrecognised = failure, let archive = file.archive, read.contains(archive) {
                context.note("\(file.path): passed over: no log; the archive's other files were read")
            } else {
                failures.append(failure)
            }
        }
        guard let first = failures.first else { return .success }
        for failure in failures.dropFirst() { Highwater.complain(failure) }
        throw first
    }
}
