extension InputFormat {
    /// Tardis's trades.
    public static let tardisTrades = InputFormat(
        "tardis-trades", rows: .trades, title: "Tardis trades",
        grammar: "`exchange,symbol,timestamp,local_timestamp,id,side,price,amount`",
        recognition: "a header with exchange, symbol, price and amount",
        series: "`trades/<exchange>/<symbol>`, from the columns",
        notes: "Textual ids are compared by a hash. Exchanges without ids leave them empty.",
        samples: ["tardis_trades.csv"])
}

struct TardisTradesFormat: TradeTableFormat {
    let about = InputFormat.tardisTrades

    var recognition: [Recognition] {
        [
            .names(.particular) { names in
                guard names.has(.exchange, .symbol) else { return nil }
                var layout = names.trades
                layout?.mayLackID = true
                return layout
            }
        ]
    }
}
