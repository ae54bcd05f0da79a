/// Tardis's trades.
enum TardisTradesFormat {
    static let entry = FormatEntry(
        format: .tardisTrades, title: "Tardis trades",
        grammar: "`exchange,symbol,timestamp,local_timestamp,id,side,price,amount`",
        recognition: "a header with exchange, symbol, price and amount",
        series: "`trades/<exchange>/<symbol>`, from the columns",
        notes: "Textual ids are compared by a hash. An exchange that gives no ids leaves them empty.",
        samples: ["tardis_trades.csv"])
}
