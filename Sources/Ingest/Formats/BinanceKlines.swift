extension InputFormat {
    /// Binance's bars.
    public static let binanceKlines = InputFormat(
        "binance-klines", rows: .bars, venue: "binance-spot", title: "Binance klines (bars) of any interval",
        grammar:
            "`open_time,open,high,low,close,volume,close_time,quote_volume,count,…`, 12 columns; or an array "
            + "of arrays, as the HTTP API returns",
        recognition:
            "12 numbers with prices in order; or a header with open, high, low, close, a close time and a "
            + "count",
        series: "`trades/<venue>/<symbol>`, one value per bar; `y` is the number of trades",
        notes: "A bar that maintenance cut short counts for its whole interval.",
        samples: ["SOLUSDT-1h.csv"])
}

struct BinanceKlinesFormat: BarTableFormat {
    let about = InputFormat.binanceKlines

    var recognition: [Recognition] {
        let columns: [ColumnRole: Int] = [
            .time: 0, .open: 1, .high: 2, .low: 3, .close: 4, .volume: 5, .closeTime: 6, .quoteVolume: 7,
            .tradeCount: 8,
        ]
        return [
            .columns(HeaderlessLayout(columnCount: 12, columns: columns)),
            .names(.particular) {
                $0.areBars && $0.has(.closeTime) ? TableLayout(columns: $0.columns) : nil
            },
        ]
    }
}
