/// BitMEX's trades and bars.
enum BitMEXFormats {
    static let trades = FormatEntry(
        format: .bitmexTrades, title: "BitMEX trades",
        grammar:
            "`timestamp,symbol,side,size,price,tickDirection,trdMatchID,grossValue,homeNotional,foreignNotional`",
        recognition: "a header with a symbol, price, size and `trdMatchID`",
        series: "`trades/bitmex/<symbol>`",
        notes: "Times may be written `2026-01-05D00:00:01.123456000`. An id of zeros only is none.",
        samples: ["bitmex_trades.csv"])

    static let bars = FormatEntry(
        format: .bitmexBars, title: "BitMEX bars (`trade/bucketed`)",
        grammar: "`timestamp,symbol,open,high,low,close,trades,volume,…`",
        recognition:
            "a header with a symbol, open, high, low, close and a number of trades, and no close time",
        series: "`trades/bitmex/<symbol>`, by the bar; `y` is the number of trades",
        notes: "The stamp is taken for the start of the bar. A bar without trades may lack prices.",
        samples: ["bitmex_XBTUSD_1m.csv"])
}
