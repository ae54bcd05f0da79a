extension InputFormat {
    /// BitMEX's trades.
    public static let bitmexTrades = InputFormat(
        "bitmex-trades", rows: .trades, venue: "bitmex", title: "BitMEX trades",
        grammar:
            "`timestamp,symbol,side,size,price,tickDirection,trdMatchID,grossValue,homeNotional,foreignNotional`",
        recognition: "a header with a symbol, price, size and `trdMatchID`, and textual times",
        series: "`trades/bitmex/<symbol>`",
        notes: "Times may be written `2026-01-05D00:00:01.123456000`. An all-zero id counts as missing.",
        samples: ["bitmex_trades.csv"])
}

struct BitMEXTradesFormat: TradeTableFormat {
    let about = InputFormat.bitmexTrades

    var recognition: [Recognition] {
        [
            .names(.particular) { names in
                guard names.hasNames("trdmatchid"), names.has(.symbol) else { return nil }
                var layout = names.trades
                layout?.mayLackID = true
                layout?.check = Self.hasDates
                return layout
            }
        ]
    }

    /// Whether times are text: Bybit's archive has the same columns with seconds.
    private static let hasDates: TableLayout.Check = { rows, layout, _ in
        guard let index = layout.columns[.time] else { return false }
        return rows.isEmpty || 2 * rows.count { $0[index].contains(0x2D) } >= rows.count
    }
}
