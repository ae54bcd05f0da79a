import CommandLineKit
import Ingest
import Pipeline
import Tables
import Tape

/// What `merge` is told.
struct MergeOptions: OptionGroup {
    @Option(
        .choice, placeholder: "rule", help: "How to treat logs without ids that overlap in time.")
    var overlap = IngestOptions.Overlap.refuse
    @Option(
        .text, short: "o", placeholder: "folder",
        help: "Folder of the new tape; must not contain another tape.",
        required: "the folder for the merged result", completion: .directory)
    var output: String
    @Option(.format) var format: DataTable.Format
    @Argument("folder", help: "Tapes, or shards of a replay, in any order.", atLeast: 1)
    var folders: [String]
}

extension Command {
    /// Tapes that were written apart to one.
    static let merge = Command(
        name: "merge",
        abstract: "Merge several tapes, or all shards of an ingest or a replay.",
        discussion: """
            The result is byte for byte what a single ingest or replay of all the input would have written. \
            Tapes must not contain the same data twice, and no shard may be missing.
            """,
        examples: [
            "highwater merge shard-0 shard-1 -o tape"
        ],
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
