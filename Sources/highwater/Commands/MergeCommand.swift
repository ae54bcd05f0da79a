import CommandLineKit
import Ingest
import Pipeline
import Tables
import Tape

/// What `merge` is told.
struct MergeOptions: OptionGroup {
    @Option(
        .choice, placeholder: "rule", help: "What to do with logs without ids that overlap in time.")
    var overlap = IngestOptions.Overlap.refuse
    @Option(
        .text, short: "o", placeholder: "folder",
        help: "The folder of the tape to write; it may not hold another one.",
        required: "the folder to write", completion: .directory)
    var output: String
    @Option(.format) var format: DataTable.Format
    @Argument("folder", help: "The tapes, or the shards of a replay, in any order.", atLeast: 1)
    var folders: [String]
}

extension Command {
    /// Tapes that were written apart to one.
    static let merge = Command(
        name: "merge",
        abstract: "Put the tapes of several ingests, or all shards of an ingest or a replay, together.",
        discussion: """
            The result is byte for byte the tape that one ingest of all their files would have written, or what one \
            replay would have. Nothing may be in two of the tapes, and of shards none may be missing.
            """,
        options: MergeOptions.self,
        run: { given, context in
            let (folders, output) = (given.folders, given.output)
            if folders.contains(where: ReplayShard.isShard) {
                do {
                    try ReplayShard.merge(folders, into: output)
                } catch let error as ReplayShard.MergeError {
                    throw ToolError(error.message, file: error.folder, exit: .badInput)
                }
                return .success
            }
            try TapeMerge.merge(
                folders, into: output,
                keepsOverlap: given.overlap == .keep,
                threads: context.threads)
            let tape = try Tape.open(output)
            var table = CommandTables.merge.table(
                [
                    CommandTables.MergedTape(
                        path: output, tapes: folders.count, series: tape.series.count,
                        parts: tape.series.flatMap(\.resolutions))
                ], format: given.format)
            table.finish()
            try StandardOutput().write(table.bytes)
            return .success
        })
}
