extension InputFormat {
    /// Bybit's trades, from its archive.
    public static let bybitTrades = InputFormat(
        "bybit-trades", rows: .trades, venue: "bybit", title: "Bybit trades, from the public archive",
        grammar:
            "`timestamp,symbol,side,size,price,tickDirection,trdMatchID,grossValue,homeNotional,foreignNotional`, "
            + "times in seconds",
        recognition: "BitMEX's header with numeric times",
        series: "`trades/bybit/<symbol>`",
        samples: ["BTCUSDT2026-01-05.csv"])
}

struct BybitTradesFormat: TradeTableFormat {
    let about = InputFormat.bybitTrades

    var recognition: [Recognition] {
        [
            .names(.particular) { names in
                guard names.hasNames("trdmatchid"), names.has(.symbol) else { return nil }
                var layout = names.trades
                layout?.mayLackID = true
                return layout
            }
        ]
    }
}
