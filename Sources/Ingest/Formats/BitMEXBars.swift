extension InputFormat {
    /// BitMEX's bars.
    public static let bitmexBars = InputFormat(
        "bitmex-bars", rows: .bars, venue: "bitmex", title: "BitMEX bars (`trade/bucketed`)",
        grammar: "`timestamp,symbol,open,high,low,close,trades,volume,…`",
        recognition:
            "a header with a symbol, open, high, low, close and a number of trades, and no close time",
        series: "`trades/bitmex/<symbol>`, one value per bar; `y` is the number of trades",
        notes: "The timestamp is read as the start of the bar. A bar without trades may lack prices.",
        samples: ["bitmex_XBTUSD_1m.csv"])
}

struct BitMEXBarsFormat: BarTableFormat {
    let about = InputFormat.bitmexBars

    var recognition: [Recognition] {
        [
            .names(.particular) { names in
                guard names.areBars, names.has(.symbol), !names.has(.closeTime) else { return nil }
                var layout = names.bars
                layout.opensAtLastClose = names.hasNames("timestamp", "symbol", "trades", "volume")
                return layout
            }
        ]
    }
}
