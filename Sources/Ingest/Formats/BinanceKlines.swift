/// Binance's bars.
enum BinanceKlinesFormat {
    static let entry = FormatEntry(
        format: .binanceKlines, title: "Binance klines (bars) of any interval",
        grammar: "`open_time,open,high,low,close,volume,close_time,quote_volume,count,…`, 12 columns",
        recognition:
            "12 numbers with prices in order; or a header with open, high, low, close, a close time and a "
            + "count",
        series: "`trades/<venue>/<symbol>`, by the bar; `y` is the number of trades",
        notes: "A bar that maintenance cut short stands for its whole interval.",
        samples: ["SOLUSDT-1h.csv"])
}
