/// Binance's public data: spot, USD-M and COIN-M.
enum BinanceFormats {
    static let trades = FormatEntry(
        format: .binanceTrades, title: "Binance trades: spot, USD-M, COIN-M",
        grammar:
            "`id,price,qty,quote_qty,time,is_buyer_maker[,is_best_match]`, without a header, or with one "
            + "in any order",
        recognition:
            "6 or 7 numbers of which the last ones are true or false; or a header with an id and "
            + "`is_buyer_maker`",
        series: "`trades/binance-spot/BTCUSDT`, `…/binance-usdm/…`, `…/binance-coinm/…`, by the file's name",
        notes:
            "Milliseconds, or microseconds from 2025 on. COIN-M quantities are contracts of 100 USD (BTC) "
            + "or 10 USD.",
        samples: [
            "BTCUSDT-trades-2026-01-05.csv", "usdm_BTCUSDT-trades-2026-01-05.csv",
            "cm_BTCUSD_PERP-trades-2026-01-05.csv",
        ])

    static let aggregateTrades = FormatEntry(
        format: .binanceAggTrades, title: "Binance aggregate trades",
        grammar:
            "`agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker[,is_best_match]`",
        recognition: "7 or 8 numbers with a flag behind the time; or a header with the first and the last id",
        series: "as `binance-trades`; a row stands for the trades from its first to its last id",
        notes: "The same trades from a `trades` file are known by their ids and not counted again.",
        samples: ["ETHUSDT-aggTrades-2026-01-05.csv"])

    static let klines = FormatEntry(
        format: .binanceKlines, title: "Binance klines (bars) of any interval",
        grammar: "`open_time,open,high,low,close,volume,close_time,quote_volume,count,…`, 12 columns",
        recognition:
            "12 numbers with prices in order; or a header with open, high, low, close, a close time and a "
            + "count",
        series: "`trades/<venue>/<symbol>`, by the bar; `y` is the number of trades",
        notes: "A bar that maintenance cut short stands for its whole interval.",
        samples: ["SOLUSDT-1h.csv"])
}
