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
            .text("format", in: .word, "Its format, as FORMATS.md names it.") { $0.format?.rawValue },
            .integer("rows", in: "rows", "Rows of the file.", \.rows),
            .integer("accepted", in: "rows", "Rows that are on the tape now.", \.accepted),
            .integer("duplicates", in: "rows", "Rows that were there already.", \.duplicates),
            .integer("quarantined", in: "rows", "Rows that could not be read.", \.quarantined),
            .integer("bytes", in: "bytes", "The size of the file.", \.bytes),
            .time("first_ds", "The first instant of the accepted rows.", \.first),
            .time("last_ds", "The last one.", \.last),
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
        "merge", of: "merge", "The tape that was made.",
        [
            .text("path", in: .name, "Its folder.", \.path),
            .integer("tapes", in: "tapes", "Tapes that were put together.", \.tapes),
            .integer("series", in: "series", "Series on it.", \.series),
            .integer("rows", in: "rows", "Rows on it.") { $0.parts.reduce(0) { $0 + $1.rows } },
            .integer("events", in: "events", "Events on it.") { merged in
                let events = merged.parts.reduce(0 as Int64) { sum, part in
                    let (next, overflow) = sum.addingReportingOverflow(part.events)
                    return overflow ? .max : next
                }
                return Int(events)
            },
            .time("first_ds", "The start of its first row.") { $0.parts.map(\.first).min() },
            .time("last_ds", "The start of its last row.") { $0.parts.map(\.last).max() },
        ])

    /// What is on a tape.
    static let seriesList = TableSchema<(name: String, part: SeriesSummary.Resolution)>(
        "show --list", of: "show --list", "A series at one resolution.",
        [
            .text("unique_id", in: .name, "The series.") { $0.name },
            .integer("step_seconds", in: .seconds, "The length of a row's interval.") {
                Int($0.part.stepSeconds)
            },
            .flag("is_raw", "Whether rows were counted from single events.") { $0.part.isEvents },
            .integer("rows", in: "rows", "Rows that hold something.") { $0.part.rows },
            .integer("events", in: "events", "Events in them.") { Int($0.part.events) },
            .time("first_ds", "The start of the first row.") { $0.part.first },
            .time("last_ds", "The start of the last row.") { $0.part.last },
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
        "show", of: "show", "A series in one interval that holds something.",
        [
            .text("unique_id", in: .name, "The series.", \.id),
            .time("ds", "The start of the interval.") { $0.row.time },
            .number("y", in: "events", "Trades or requests.") { $0.row.y },
            .number("quantity", in: "base units", "What was traded.") {
                $0.traded(FixedPoint.value($0.row.quantity))
            },
            .number("notional", in: "quote units", "What was paid for it.") {
                $0.traded(FixedPoint.value($0.row.notional))
            },
            .number("bytes", in: "bytes", "What was sent.") { $0.served(Double($0.row.bytes)) },
            .integer("buys", in: "trades", "Trades whose aggressor bought.") { $0.traded(Int($0.row.buys)) },
            .integer("sells", in: "trades", "Trades whose aggressor sold.") { $0.traded(Int($0.row.sells)) },
            .integer("status_2xx", in: "requests", "Answered with success.") {
                $0.served(Int($0.row.statuses.success))
            },
            .integer("status_3xx", in: "requests", "Sent elsewhere.") {
                $0.served(Int($0.row.statuses.redirect))
            },
            .integer("status_4xx", in: "requests", "Refused as wrong, but for 429.") {
                $0.served(Int($0.row.statuses.clientError))
            },
            .integer("status_429", in: "requests", "Refused as too many.") {
                $0.served(Int($0.row.statuses.tooManyRequests))
            },
            .integer("status_5xx", in: "requests", "Failed on the server's side.") {
                $0.served(Int($0.row.statuses.serverError))
            },
            .number("open", in: "quote units", "The first price.") { price($0.row.prices?.open.price) },
            .number("high", in: "quote units", "The highest price.") { price($0.row.prices?.high) },
            .number("low", in: "quote units", "The lowest price.") { price($0.row.prices?.low) },
            .number("close", in: "quote units", "The last price.") { price($0.row.prices?.close.price) },
            .integer("step_seconds", in: .seconds, "The length of the interval.") { Int($0.stepSeconds) },
        ])

    /// What is wrong with a tape.
    static let findings = TableSchema<TapeFinding>(
        "doctor", of: "doctor", "Something that a reader should know before planning from the tape.",
        [
            .text("severity", in: .word, "error, warning or note.") { $0.severity.rawValue },
            .text(
                "check", in: .word,
                "What was looked at: damage, gap, silence, clock, skew, duplicates, censored or short."
            ) { $0.check.rawValue },
            .text("unique_id", in: .name, "The series; empty for the tape as a whole.") {
                $0.series?.description
            },
            .time("from_ds", "Where it begins.", \.from),
            .time("to_ds", "Where it ends.", \.to),
            .number("figure", in: "as unit says", "The figure that decided.", \.figure),
            .text("unit", in: .word, "The figure's unit.", \.unit),
            .text("message", in: .prose, "What it is.", \.message),
        ])
}
