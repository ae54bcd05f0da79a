extension InputFormat {
    /// Kraken's trades in bulk, Bitstamp's and all others of bitcoincharts.
    public static let timePriceAmount = InputFormat(
        "time-price-amount", rows: .trades,
        title: "Kraken bulk trades; Bitstamp and others from bitcoincharts",
        grammar: "`time,price,amount`, without a header and without ids",
        recognition: "three numbers, a time first",
        series:
            "`trades/generic/<file>`; the venue comes from names such as `kraken_XBTUSD.csv`, or from "
            + "`--venue`",
        notes: "The side is unknown. Identical rows are separate trades.",
        samples: ["XBTEUR.csv"])
}

struct TimePriceAmountFormat: TradeTableFormat {
    let about = InputFormat.timePriceAmount

    var recognition: [Recognition] {
        [.columns(HeaderlessLayout(columnCount: 3, columns: [.time: 0, .price: 1, .quantity: 2]))]
    }

    func canBeSplit(_ found: Finding) -> Bool { found.table?.layout.columns[.symbol] == nil }
}
