/// Binance's aggregate trades.
enum BinanceAggregateTradesFormat {
    static let entry = FormatEntry(
        format: .binanceAggTrades, title: "Binance aggregate trades",
        grammar:
            "`agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker[,is_best_match]`",
        recognition: "7 or 8 numbers with a flag behind the time; or a header with the first and the last id",
        series: "as `binance-trades`; a row stands for the trades from its first to its last id",
        notes: "The same trades from a `trades` file are known by their ids and not counted again.",
        samples: ["ETHUSDT-aggTrades-2026-01-05.csv"])
}
