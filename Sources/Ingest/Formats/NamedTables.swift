/// Tables, and JSON objects, whose names say what they hold.
enum NamedTables {
    static let trades = FormatEntry(
        format: .trades, title: "Trades under a header, or as JSON lines, from anywhere",
        grammar:
            "a time, a price and a quantity (`qty`, `amount`, `size`, `volume`), optionally id, side, "
            + "symbol, exchange",
        recognition: "the names in the header, or of the keys",
        series: "`trades/<venue>/<symbol>`, by columns or by the file's name",
        notes:
            "The side is the taker's (`buy`/`sell`, `bid`/`ask`). CME ticks (`DateTime,Price,Volume`) and "
            + "Mt. Gox's tables, "
            + "whose id is the time, are among these.",
        samples: ["ticks.csv", "trades.jsonl"])

    static let bars = FormatEntry(
        format: .bars, title: "Bars under a header, from anywhere",
        grammar:
            "a time, open, high, low, close and a number of trades (`trades`, `count` …), optionally volume",
        recognition: "the names in the header",
        series: "`trades/<venue>/<symbol>`, by the bar",
        notes: "Bars without a number of trades are not read: they do not say how many there were.",
        samples: ["minute_bars.csv"])
}

/// Counts by interval.
enum SeriesFormats {
    static let series = FormatEntry(
        format: .series, title: "Any number of series of counts",
        grammar:
            "`unique_id,ds,y`; also `series`, `sensor` … for the first and `value`, `count` for the last, "
            + "in any order",
        recognition: "the names in the header, or of the keys",
        series: "what `unique_id` says, or `metrics/generic/<unique_id>`",
        notes:
            "`ds` may be a whole number that is no date, such as 0, 60, 120. A value that is empty, NaN "
            + "or infinite is "
            + "missing: the row is accepted and nothing is stored. Grafana's long form, "
            + "`Series;Time;Value`, is of this format.",
        samples: ["counts.csv"])

    static let timestampValue = FormatEntry(
        format: .timestampValue, title: "One series of counts, as in NAB",
        grammar: "a time and a number, with a header of any two names, or without",
        recognition: "two columns, a time and numbers",
        series: "`metrics/generic/<file>`",
        notes: "A time that comes again with another value, as when summer time ends, is quarantined.",
        samples: ["api_gateway_requests.csv"])
}
