/// Tables of bars whose names say what they hold.
enum HeadedBarsFormat {
    static let entry = FormatEntry(
        format: .bars, title: "Bars under a header, from anywhere",
        grammar:
            "a time, open, high, low, close and a number of trades (`trades`, `count` …), optionally volume",
        recognition: "the names in the header",
        series: "`trades/<venue>/<symbol>`, by the bar",
        notes: "Bars without a number of trades are not read: they do not say how many there were.",
        samples: ["minute_bars.csv"])
}
