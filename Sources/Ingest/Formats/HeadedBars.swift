extension InputFormat {
    /// Tables of bars whose names say what they hold.
    public static let bars = InputFormat(
        "bars", rows: .bars, title: "Bars under a header, from anywhere",
        grammar:
            "a time, open, high, low, close and a number of trades (`trades`, `count` …), optionally volume",
        recognition: "the names in the header",
        series: "`trades/<venue>/<symbol>`, by the bar",
        notes: "Bars without a number of trades are not read: they do not say how many there were.",
        samples: ["minute_bars.csv"])
}

struct HeadedBarsFormat: BarTableFormat {
    let about = InputFormat.bars

    var recognition: [Recognition] { [.names(.kind) { $0.areBars ? $0.bars : nil }] }
}
