extension InputFormat {
    /// Counts by interval of one series.
    public static let timestampValue = InputFormat(
        "timestamp-value", rows: .counts, title: "One series of counts, as in NAB",
        grammar: "a time and a number, with a header of any two names, or without",
        recognition: "two columns, a time and numbers",
        series: "`metrics/generic/<file>`",
        notes: "A time that repeats with another value, as at the end of summer time, is quarantined.",
        samples: ["api_gateway_requests.csv"])
}

struct TimestampValueFormat: CountTableFormat {
    let about = InputFormat.timestampValue

    var recognition: [Recognition] {
        var headerless = TableLayout(columnCount: 2, columns: [.time: 0, .value: 1])
        headerless.check = Self.hasValues
        return [
            .columns(HeaderlessLayout(headerless)),
            .names(.pair) { names in
                guard names.names.count == 2, !names.names.contains(where: ColumnNames.looksLikeData) else {
                    return nil
                }
                let time = names.columns[.time] ?? 0
                var layout = TableLayout(columns: [.time: time, .value: 1 - time])
                // Of two columns of small numbers the first is a time only where it is called like one.
                let isNamed = names.columns[.time] != nil || Self.countingNames.contains(names.plain(0))
                layout.mayCountTime = isNamed
                // Without a row, two words around a comma are a sentence, and no header.
                layout.check = { rows, layout, zone in
                    (isNamed || !rows.isEmpty) && Self.hasValues(rows, layout, zone)
                }
                return layout
            },
        ]
    }

    /// What a column that counts intervals is called.
    private static let countingNames: Set<String> = [
        "", "i", "n", "x", "index", "step", "interval", "period", "second", "seconds", "sec", "secs",
        "minute",
        "minutes", "min", "hour", "hours", "day", "days", "elapsed", "elapsedseconds", "offset", "bucket",
        "bin",
    ]

    /// Whether at least half of the values are numbers or missing.
    static let hasValues: TableLayout.Check = { rows, layout, _ in
        guard let index = layout.columns[.value] else { return false }
        return 2 * rows.count { CountValue.isReadable($0[index], layout.numbers) } >= rows.count
    }
}
