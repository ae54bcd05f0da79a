extension InputFormat {
    /// Binance's aggregate trades.
    public static let binanceAggTrades = InputFormat(
        "binance-aggtrades", rows: .trades, venue: "binance-spot", title: "Binance aggregate trades",
        grammar:
            "`agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker[,is_best_match]`",
        recognition: "7 or 8 numbers with a flag after the time; or a header with the first and the last id",
        series: "as `binance-trades`; a row counts as the trades from its first to its last id",
        notes: "The same trades from a `trades` file are recognised by their ids and not counted twice.",
        samples: ["ETHUSDT-aggTrades-2026-01-05.csv"])
}

struct BinanceAggregateTradesFormat: TableFormat {
    let about = InputFormat.binanceAggTrades

    var recognition: [Recognition] {
        let columns: [ColumnRole: Int] = [
            .price: 1, .quantity: 2, .firstID: 3, .lastID: 4, .time: 5, .isBuyerMaker: 6,
        ]
        return [
            .columns(HeaderlessLayout(columnCount: 8, columns: columns, flags: [6, 7])),
            .columns(HeaderlessLayout(columnCount: 7, columns: columns, flags: [6])),
            .names(.particular) { $0.has(.firstID, .lastID) ? $0.trades : nil },
        ]
    }

    func read(_ table: TableReading, _ feed: RowFeed, _ lines: inout LineReader) throws(IngestError) {
        try feed.tradesByColumn(table, &lines)
    }

    func canBeSplit(_ found: Finding) -> Bool { found.table?.layout.columns[.symbol] == nil }
}
