import CommandLineKit
import Tables
import Tape
import Units

extension Command {
    /// What a tape holds.
    static let show = Command(
        spec: CommandSpec(
            name: "show", abstract: "Print what a tape holds.",
            discussion: """
                One row an interval that holds something: y is the count, ds the start of the interval. Without \
                --every, rows come as they were logged: by the second, or by the bar.
                """,
            options: [
                .value("tape", placeholder: "folder", help: "The tape.", completion: .directory),
                .value(
                    "series", placeholder: "pattern",
                    help: "Which series, as 'trades/*/BTCUSDT' or '*BTC*'.", defaultText: "*"),
                .value("every", placeholder: "step", help: "Sum up by 1s, 1m, 1h or 1d."),
                .value("from", placeholder: "time", help: "The first instant."),
                .value("to", placeholder: "time", help: "The first instant after."),
                .flag("list", help: "List the series instead of their rows."),
                Output.format, Output.file,
            ]),
        run: { context in
            let tape = try Tape.open(try context.required("tape", "the folder of the tape"))
            let pattern = context.arguments.string("series") ?? "*"
            let glob = Glob(pattern)
            let chosen = tape.series.filter { glob.matches($0.id.description) || glob.matches($0.id.name) }
            guard !chosen.isEmpty else {
                let known = tape.series.map(\.id.description)
                throw ToolError(
                    "no series matches '\(pattern)'",
                    suggestion: nearMiss(to: pattern, among: known) ?? known.first, exit: .badInput)
            }
            let format = Output.format(context)
            if context.arguments.flag("list") {
                try Output.write(list(chosen, format), context)
                return .success
            }
            try Output.write(
                rows(
                    chosen, of: tape, every: try context.seconds("every"), from: try context.time("from"),
                    to: try context.time("to"), format), context)
            return .success
        })

    private static func list(_ chosen: [SeriesSummary], _ format: DataTable.Format) -> DataTable {
        CommandTables.seriesList.table(
            chosen.flatMap { summary in summary.resolutions.map { (summary.id.description, $0) } },
            format: format)
    }

    private static func rows(
        _ chosen: [SeriesSummary], of tape: Tape, every step: Int64?, from: Timestamp?, to: Timestamp?,
        _ format: DataTable.Format
    ) throws -> DataTable {
        var table = CommandTables.series.writer(format: format)
        for summary in chosen {
            let read =
                try step.map {
                    try tape.aggregate(summary.id, everySeconds: $0, from: from, to: to)
                } ?? tape.read(summary.id, from: from, to: to)
            let id = summary.id.description
            let isTraded = summary.id.kind == "trades"
            for (row, stepSeconds) in zip(read.rows, read.stepSeconds) {
                table.append(
                    CommandTables.TapeStep(id: id, isTraded: isTraded, row: row, stepSeconds: stepSeconds))
            }
        }
        return table.table
    }
}
