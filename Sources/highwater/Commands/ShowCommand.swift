import CommandLineKit
import Pipeline
import Tables
import Tape
import Units

/// What `show` is told.
struct ShowOptions: OptionGroup {
    @Option(
        .text, placeholder: "folder", help: "The tape.", defaultText: "required but for 'show run'",
        completion: .directory)
    var tape: String?
    @Option(
        .text, placeholder: "pattern",
        help: "Series to print, as a pattern such as 'trades/*/BTCUSDT' or '*BTC*'.")
    var series = "*"
    @Option(.wholeSeconds, placeholder: "step", help: "Aggregate by 1s, 1m, 1h or 1d.") var every: Int64?
    @Option(.instant, placeholder: "time", help: "First time to print.") var from: Timestamp?
    @Option(.instant, placeholder: "time", help: "Stop before this time.") var to: Timestamp?
    @Flag(help: "List the series instead of their rows.") var list: Bool
    let output = TableOutput()
    @Argument(
        "what",
        help:
            "'run' and the folder of a finished run: print its first screen again; 'ledger' and a file of 'run --ledger'.",
        atLeast: 0)
    var words: [String]
}

extension Command {
    /// What a tape holds.
    static let show = Command(
        name: "show", abstract: "Print the contents of a tape, or a finished run's first screen.",
        discussion: """
            Prints one row per non-empty interval: y is the count, ds the start of the interval. Without \
            --every, rows keep the resolution of the log: seconds for events, bars for bars. 'show ledger' prints \
            the cost and the accuracy of a ledger's runs.
            """,
        examples: ["highwater show --tape tape --every 1h", "highwater show run week-05"],
        options: ShowOptions.self,
        run: { given, context in
            if let first = given.words.first {
                guard ["run", "ledger"].contains(first), given.words.count == 2 else {
                    throw context.refusal(
                        "expected 'show run <folder>', 'show ledger <file>', or 'show --tape <folder>'"
                            + hint(given.words))
                }
                if first == "ledger" {
                    let rows = try RunLedger(path: given.words[1]).rows
                    try given.output.write(RunLedger.table.table(rows, format: given.output.format))
                    return .success
                }
                try VerdictScreen.show(
                    try RunManifest(given.words[1]).screen, folder: given.words[1], style: context.style)
                return .success
            }
            guard let path = given.tape else {
                throw context.refusal("Missing expected option '--tape': the folder of the tape")
            }
            let tape = try Tape.open(path)
            let pattern = given.series
            let glob = Glob(pattern)
            let chosen = tape.series.filter { glob.matches($0.id.description) || glob.matches($0.id.name) }
            guard !chosen.isEmpty else {
                let known = tape.series.map(\.id.description)
                throw ToolError(
                    "no series matches '\(pattern)'",
                    suggestion: nearMiss(to: pattern, among: known) ?? known.first, exit: .badInput)
            }
            let format = given.output.format
            context.note(summary(chosen))
            if given.list {
                try given.output.write(list(chosen, format))
                return .success
            }
            try given.output.write(
                rows(
                    chosen, of: tape, every: given.every, from: given.from,
                    to: given.to, format))
            return .success
        })

    /// What was meant by one word alone: a finished run, or a tape.
    private static func hint(_ words: [String]) -> String {
        guard let word = words.first, word != "run", words.count == 1 else { return "" }
        let isRun = (try? RunManifest(word)) != nil
        return "; did you mean 'show \(isRun ? "run" : "--tape") \(printable(word))'?"
    }

    /// What series hold, in a sentence.
    private static func summary(_ chosen: [SeriesSummary]) -> String {
        let kinds = Dictionary(grouping: chosen, by: \.id.kind).sorted { $0.key < $1.key }.map {
            "\($0.value.count) of \($0.key)"
        }
        let first = chosen.map(\.first).min()?.description ?? ""
        let end = chosen.map(\.end).max()?.description ?? ""
        let resolutions = chosen.flatMap(\.resolutions)
        let rows = resolutions.reduce(0) { $0 + $1.rows }
        let events = resolutions.reduce(0.0) { $0 + Double($1.events) }
        return "\(chosen.count) series (\(kinds.joined(separator: ", "))) from \(first) to \(end): "
            + "\(rows) rows, \(NumberText.short(events)) events; --list has each, --every 1h sums them up"
    }

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
