extension InputFormat {
    /// Tables of trades, and JSON objects, whose names say what they hold.
    public static let trades = InputFormat(
        "trades", rows: .trades, title: "Trades with a header or as JSON lines, from any source",
        grammar:
            "a time, a price and a quantity (`qty`, `amount`, `size`, `volume`), optionally id, side, "
            + "symbol, exchange",
        recognition: "the header names, or the keys",
        series: "`trades/<venue>/<symbol>`, from columns or the file name",
        notes:
            "The side is the taker's (`buy`/`sell`, `bid`/`ask`). CME ticks (`DateTime,Price,Volume`) and "
            + "Mt. Gox tables, whose id is the time, have this format.",
        samples: ["ticks.csv", "trades.jsonl"])
}

struct HeadedTradesFormat: TradeTableFormat {
    let about = InputFormat.trades

    var recognition: [Recognition] { [.names(.kind, \.trades)] }
}
