extension InputFormat {
    /// Coinbase Exchange's trades, as tables, JSON lines or JSON arrays.
    public static let coinbaseTrades = InputFormat(
        "coinbase-trades", rows: .trades, venue: "coinbase",
        title: "Coinbase trades: CSV, JSON lines, JSON array",
        grammar:
            "`trade_id,price,size,side,time[,product_id]` as columns or keys, in any order; also `match` "
            + "messages",
        recognition: "the names `trade_id`, `size`, `price`, `side` and a time",
        series: "`trades/coinbase/<product>`, from `product_id` or the file name",
        notes: "Coinbase reports the maker's side. It is inverted: `sell` is a trade whose taker bought.",
        samples: ["coinbase_BTC-USD.csv", "coinbase_BTC-USD.jsonl"])
}

struct CoinbaseFormat: TradeTableFormat {
    let about = InputFormat.coinbaseTrades

    var recognition: [Recognition] {
        [
            .names(.particular) { names in
                guard names.hasNames("trade_id", "size"), var layout = names.trades,
                    layout.columns[.side] != nil
                else { return nil }
                layout.sideIsMakers = true
                return layout
            }
        ]
    }
}
