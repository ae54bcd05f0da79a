/// Kraken's trades in bulk, Bitstamp's and all others of bitcoincharts.
enum TimePriceAmountFormat {
    static let entry = FormatEntry(
        format: .timePriceAmount, title: "Kraken bulk trades; Bitstamp and others of bitcoincharts",
        grammar: "`time,price,amount`, without a header and without ids",
        recognition: "three numbers, a time first",
        series:
            "`trades/generic/<file>`; `kraken_XBTUSD.csv` and the like name the venue, `--venue` does too",
        notes: "No side is known. Rows alike are separate trades.",
        samples: ["XBTEUR.csv"])
}
