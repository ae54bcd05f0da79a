/// BitMEX's trades.
enum BitMEXTradesFormat {
    static let entry = FormatEntry(
        format: .bitmexTrades, title: "BitMEX trades",
        grammar:
            "`timestamp,symbol,side,size,price,tickDirection,trdMatchID,grossValue,homeNotional,foreignNotional`",
        recognition: "a header with a symbol, price, size and `trdMatchID`",
        series: "`trades/bitmex/<symbol>`",
        notes: "Times may be written `2026-01-05D00:00:01.123456000`. An id of zeros only is none.",
        samples: ["bitmex_trades.csv"])
}
