extension InputFormat {
    /// Kraken's bars in bulk: an interval that is absent had no trades.
    public static let krakenBars = InputFormat(
        "kraken-ohlcvt", rows: .bars, venue: "kraken", namesMinutes: true, title: "Kraken OHLCVT bulk files",
        grammar: "`timestamp,open,high,low,close,volume,trades`, without a header, seconds",
        recognition: "7 numbers, a time first, then four prices in order",
        series:
            "`trades/kraken/XBTUSD`, one value per bar; the suffix `_1`, `_60` … of the file name is the bar "
            + "length in minutes",
        notes: "A missing interval had no trades: gaps of up to seven days are filled with zero bars.",
        samples: ["XBTUSD_1.csv"])
}

struct KrakenBarsFormat: TableFormat {
    let about = InputFormat.krakenBars

    var recognition: [Recognition] {
        var layout = TableLayout(
            columnCount: 7,
            columns: [.time: 0, .open: 1, .high: 2, .low: 3, .close: 4, .volume: 5, .tradeCount: 6])
        layout.absentIsZero = true
        return [.columns(HeaderlessLayout(layout))]
    }

    func read(_ table: TableReading, _ feed: RowFeed, _ lines: inout LineReader) throws(IngestError) {
        var table = table
        // The file's name says the length of a bar, which the rows of a thin market do not.
        if let minutes = SeriesNaming.withoutMinutes(SeriesNaming.stem(feed.path)).minutes {
            table.stepSeconds = minutes * 60
        }
        try feed.rows(&lines, BarTableParser(table, naming: feed.naming, builder: feed.builder))
    }
}
