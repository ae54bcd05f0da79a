/// Kraken's bars in bulk: an interval that is absent had no trades.
enum KrakenBarsFormat {
    static let entry = FormatEntry(
        format: .krakenBars, title: "Kraken OHLCVT in bulk",
        grammar: "`timestamp,open,high,low,close,volume,trades`, without a header, seconds",
        recognition: "7 numbers, a time first, then four prices in order",
        series:
            "`trades/kraken/XBTUSD`, by the bar; the ending `_1`, `_60` … of the file's name is the "
            + "length in minutes",
        notes: "An absent interval had no trades: gaps of up to seven days are filled with bars of zero.",
        samples: ["XBTUSD_1.csv"])
}
