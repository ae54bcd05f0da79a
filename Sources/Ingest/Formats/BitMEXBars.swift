/// BitMEX's bars.
enum BitMEXBarsFormat {
    static let entry = FormatEntry(
        format: .bitmexBars, title: "BitMEX bars (`trade/bucketed`)",
        grammar: "`timestamp,symbol,open,high,low,close,trades,volume,…`",
        recognition:
            "a header with a symbol, open, high, low, close and a number of trades, and no close time",
        series: "`trades/bitmex/<symbol>`, by the bar; `y` is the number of trades",
        notes: "The stamp is taken for the start of the bar. A bar without trades may lack prices.",
        samples: ["bitmex_XBTUSD_1m.csv"])
}
