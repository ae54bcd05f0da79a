extension InputFormat {
    /// Tables of trades, and JSON objects, whose names say what they hold.
    public static let trades = InputFormat(
        "trades", rows: .trades, title: "Trades under a header, or as JSON lines, from anywhere",
        grammar:
            "a time, a price and a quantity (`qty`, `amount`, `size`, `volume`), optionally id, side, "
            + "symbol, exchange",
        recognition: "the names in the header, or of the keys",
        series: "`trades/<venue>/<symbol>`, by columns or by the file's name",
        notes:
            "The side is the taker's (`buy`/`sell`, `bid`/`ask`). CME ticks (`DateTime,Price,Volume`) and "
            + "Mt. Gox's tables, "
            + "whose id is the time, are among these.",
        samples: ["ticks.csv", "trades.jsonl"])
}

struct HeadedTradesFormat: TradeTableFormat {
    let about = InputFormat.trades

    var recognition: [Recognition] { [.names(.kind, \.trades)] }
}
