import CommandLineKit
import Ingest
import Pipeline
import Tables
import Tape

extension Command {
    /// Tapes that were written apart to one.
    static let merge = Command(
        spec: CommandSpec(
            name: "merge",
            abstract: "Put the tapes of several ingests, or all shards of an ingest or a replay, together.",
            discussion: """
                The result is byte for byte the tape that one ingest of all their files would have written, or what one \
                replay would have. Nothing may be in two of the tapes, and of shards none may be missing.
                """,
            arguments: [
                Argument(
                    "folder", help: "The tapes, or the shards of a replay, in any order.",
                    count: .many(atLeast: 1))
            ],
            options: [
                .value(
                    "overlap", placeholder: "rule",
                    help: "What to do with logs without ids that overlap in time.", defaultText: "refuse",
                    choices: IngestOptions.Overlap.allCases.map(\.rawValue)),
                .value(
                    "output", short: "o", placeholder: "folder",
                    help: "The folder of the tape to write; it may not hold another one.",
                    completion: .directory),
                Output.format,
            ]),
        run: { context in
            let output = try context.required("output", "the folder to write")
            let folders = context.arguments.arguments
            if folders.contains(where: ReplayShard.isShard) {
                do {
                    try ReplayShard.merge(folders, into: output)
                } catch let error as ReplayShard.MergeError {
                    throw ToolError(error.message, file: error.folder, exit: .badInput)
                }
                return .success
            }
            try TapeMerge.merge(
                context.arguments.arguments, into: output,
                keepsOverlap: context.arguments.string("overlap") == IngestOptions.Overlap.keep.rawValue,
                threads: context.threads)
            let tape = try Tape.open(output)
            var table = CommandTables.merge.table(
                [
                    CommandTables.MergedTape(
                        path: output, tapes: context.arguments.arguments.count, series: tape.series.count,
                        parts: tape.series.flatMap(\.resolutions))
                ], format: Output.format(context))
            table.finish()
            try StandardOutput().write(table.bytes)
            return .success
        })
}
