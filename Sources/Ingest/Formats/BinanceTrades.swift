extension InputFormat {
    /// Binance's public trades: spot, USD-M and COIN-M.
    public static let binanceTrades = InputFormat(
        "binance-trades", rows: .trades, venue: "binance-spot", title: "Binance trades: spot, USD-M, COIN-M",
        grammar:
            "`id,price,qty,quote_qty,time,is_buyer_maker[,is_best_match]`, without a header, or with one "
            + "in any order",
        recognition:
            "6 or 7 numbers, the last ones true or false; or a header with an id and `is_buyer_maker`",
        series: "`trades/binance-spot/BTCUSDT`, `…/binance-usdm/…`, `…/binance-coinm/…`, from the file name",
        notes:
            "Times are milliseconds, or microseconds since 2025. COIN-M quantities are contracts of 100 USD "
            + "(BTC) or 10 USD.",
        samples: [
            "BTCUSDT-trades-2026-01-05.csv", "usdm_BTCUSDT-trades-2026-01-05.csv",
            "cm_BTCUSD_PERP-trades-2026-01-05.csv",
        ])
}

struct BinanceTradesFormat: TableFormat {
    let about = InputFormat.binanceTrades

    var recognition: [Recognition] {
        let columns: [ColumnRole: Int] = [
            .id: 0, .price: 1, .quantity: 2, .quoteQuantity: 3, .time: 4, .isBuyerMaker: 5,
        ]
        return [
            .columns(HeaderlessLayout(columnCount: 7, columns: columns, flags: [5, 6])),
            .columns(HeaderlessLayout(columnCount: 6, columns: columns, flags: [5])),
            .names(.particular) { names in
                // A range of ids is of aggregate trades; a table that names exchange and symbol is Tardis's.
                let isOther = names.has(.firstID, .lastID) || names.has(.exchange, .symbol)
                guard !isOther, let layout = names.trades, names.has(.isBuyerMaker, .id) else { return nil }
                return layout
            },
        ]
    }

    func read(_ table: TableReading, _ feed: RowFeed, _ lines: inout LineReader) throws(IngestError) {
        try feed.tradesByColumn(table, &lines)
    }

    func canBeSplit(_ found: Finding) -> Bool { found.table?.layout.columns[.symbol] == nil }
}
