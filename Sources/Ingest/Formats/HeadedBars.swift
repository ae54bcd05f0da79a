extension InputFormat {
    /// Tables of bars whose names say what they hold.
    public static let bars = InputFormat(
        "bars", rows: .bars, title: "Bars with a header, from any source",
        grammar:
            "a time, open, high, low, close and a number of trades (`trades`, `count` …), optionally volume",
        recognition: "the header names",
        series: "`trades/<venue>/<symbol>`, one value per bar",
        notes: "Bars without a number of trades are not read, as their trades cannot be counted.",
        samples: ["minute_bars.csv"])
}

struct HeadedBarsFormat: BarTableFormat {
    let about = InputFormat.bars

    var recognition: [Recognition] { [.names(.kind) { $0.areBars ? $0.bars : nil }] }
}
