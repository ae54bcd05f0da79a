/// Binance's public trades: spot, USD-M and COIN-M.
enum BinanceTradesFormat {
    static let entry = FormatEntry(
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
}
