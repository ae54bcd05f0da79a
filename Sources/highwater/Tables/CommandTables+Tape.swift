import Ingest
import Pipeline
import Tables
import Tape
import Units

extension CommandTables {
    /// What each file gave.
    static let ingest = TableSchema<FileReport>(
        "ingest", of: "ingest", "A file that was read.",
        [
            .text("path", in: .name, "The file.", \.path),
            .text("format", in: .word, "Its format, as named in FORMATS.md.") { $0.format?.rawValue },
            .integer("rows", in: "rows", "Rows in the file.", \.rows),
            .integer("accepted", in: "rows", "Rows added to the tape.", \.accepted),
            .integer("duplicates", in: "rows", "Rows that were already there.", \.duplicates),
            .integer("quarantined", in: "rows", "Rows that could not be read.", \.quarantined),
            .integer("bytes", in: "bytes", "Size of the file.", \.bytes),
            .time("first_ds", "Time of the first accepted row.", \.first),
            .time("last_ds", "Time of the last accepted row.", \.last),
            .text("sha256", in: "hexadecimal", "The SHA-256 of the file.", \.sha256).only(with: "--audit"),
        ])

    /// What a merge gave.
    struct MergedTape: Sendable {
        let path: String
        let tapes: Int
        let series: Int
        let parts: [SeriesSummary.Resolution]
    }

    static let merge = TableSchema<MergedTape>(
        "merge", of: "merge", "The merged tape.",
        [
            .text("path", in: .name, "Folder of the tape.", \.path),
            .integer("tapes", in: "tapes", "Number of tapes merged.", \.tapes),
            .integer("series", in: "series", "Number of series.", \.series),
            .integer("rows", in: "rows", "Number of rows.") { $0.parts.reduce(0) { $0 + $1.rows } },
            .integer("events", in: "events", "Number of events.") { merged in
                let events = merged.parts.reduce(0 as Int64) { sum, part in
                    let (next, overflow) = sum.addingReportingOverflow(part.events)
                    return overflow ? .max : next
                }
                return Int(events)
            },
            .time("first_ds", "Start of the first row.") { $0.parts.map(\.first).min() },
            .time("last_ds", "Start of the last row.") { $0.parts.map(\.last).max() },
        ])

    /// What is on a tape.
    static let seriesList = TableSchema<(name: String, part: SeriesSummary.Resolution)>(
        "show --list", of: "show --list", "A series at one resolution.",
        [
            .text("unique_id", in: .name, "The series.") { $0.name },
            .integer("step_seconds", in: .seconds, "Length of a row's interval.") {
                Int($0.part.stepSeconds)
            },
            .flag("is_raw", "Whether rows were counted from individual events.") { $0.part.isEvents },
            .integer("rows", in: "rows", "Number of non-empty rows.") { $0.part.rows },
            .integer("events", in: "events", "Number of events in them.") { Int($0.part.events) },
            .time("first_ds", "Start of the first row.") { $0.part.first },
            .time("last_ds", "Start of the last row.") { $0.part.last },
        ])

    /// A row of a tape.
    struct TapeStep: Sendable {
        let id: String
        let isTraded: Bool
        let row: TapeRow
        let stepSeconds: Int64

        func traded<Value>(_ value: Value) -> Value? { isTraded ? value : nil }
        func served<Value>(_ value: Value) -> Value? { isTraded ? nil : value }
    }

    /// A price of a tape, which holds hundred-millionths.
    private static func price(_ units: Int64?) -> Double? { units.map { Double($0) / 1e8 } }

    static let series = TableSchema<TapeStep>(
        "show", of: "show", "A series in one non-empty interval.",
        [
            .text("unique_id", in: .name, "The series.", \.id),
            .time("ds", "Start of the interval.") { $0.row.time },
            .number("y", in: "events", "Number of trades or requests.") { $0.row.y },
            .number("quantity", in: "base units", "Quantity traded.") {
                $0.traded(FixedPoint.value($0.row.quantity))
            },
            .number("notional", in: "quote units", "Value traded.") {
                $0.traded(FixedPoint.value($0.row.notional))
            },
            .number("bytes", in: "bytes", "Bytes sent.") { $0.served(Double($0.row.bytes)) },
            .integer("buys", in: "trades", "Trades with a buying taker.") { $0.traded(Int($0.row.buys)) },
            .integer("sells", in: "trades", "Trades with a selling taker.") { $0.traded(Int($0.row.sells)) },
            .integer("status_2xx", in: "requests", "Successful responses.") {
                $0.served(Int($0.row.statuses.success))
            },
            .integer("status_3xx", in: "requests", "Redirects.") {
                $0.served(Int($0.row.statuses.redirect))
            },
            .integer("status_4xx", in: "requests", "Client errors, except 429.") {
                $0.served(Int($0.row.statuses.clientError))
            },
            .integer("status_429", in: "requests", "Rejected by a rate limit.") {
                $0.served(Int($0.row.statuses.tooManyRequests))
            },
            .integer("status_5xx", in: "requests", "Server errors.") {
                $0.served(Int($0.row.statuses.serverError))
            },
            .number("open", in: "quote units", "First price.") { price($0.row.prices?.open.price) },
            .number("high", in: "quote units", "Highest price.") { price($0.row.prices?.high) },
            .number("low", in: "quote units", "Lowest price.") { price($0.row.prices?.low) },
            .number("close", in: "quote units", "Last price.") { price($0.row.prices?.close.price) },
            .integer("step_seconds", in: .seconds, "Length of the interval.") { Int($0.stepSeconds) },
        ])

    /// What is wrong with a tape.
    static let findings = TableSchema<TapeFinding>(
        "doctor", of: "doctor", "A data-quality problem to know before planning from the tape.",
        [
            .text("severity", in: .word, "error, warning or note.") { $0.severity.rawValue },
            .text(
                "check", in: .word,
                "The check: damage, gap, silence, clock, skew, duplicates, censored or short."
            ) { $0.check.rawValue },
            .text("unique_id", in: .name, "The series; empty for the whole tape.") {
                $0.series?.description
            },
            .time("from_ds", "Start of the problem.", \.from),
            .time("to_ds", "End of the problem.", \.to),
            .number("figure", in: "as unit says", "The figure behind the finding.", \.figure),
            .text("unit", in: .word, "Unit of the figure.", \.unit),
            .text("message", in: .prose, "Description of the problem.", \.message),
        ])
}
