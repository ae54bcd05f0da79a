import Units

/// Names the series of a file: by the caller's word, by the file's columns, then by the file's name.
///
/// `spot_BTCUSDT-trades-2024-08-08.csv.gz` is `BTCUSDT` of `binance-spot`; `usdm_…` or a folder `futures/um`
/// is `binance-usdm`, `cm_…`, a folder `futures/cm` or a symbol such as `BTCUSD_PERP` is `binance-coinm`.
public struct SeriesNaming: Sendable, Equatable {
    /// The venue and its product.
    public let venue: String
    /// The symbol; for an access log, not used.
    public let symbol: String

    /// Names from a path and a format, `venue` and `symbol` overriding what the path says.
    public init(path: String, format: InputFormat, venue: String? = nil, symbol: String? = nil) {
        let parts = path.split(separator: "/").map { $0.lowercased() }
        var rest = Substring(SeriesNaming.stem(path))
        var found: String?
        if let underscore = rest.firstIndex(of: "_"),
            let product = SeriesNaming.products[rest[..<underscore].lowercased()]
        {
            found = product
            rest = rest[rest.index(after: underscore)...]
            // `binance_usdm_btcusdt`: the product behind the venue.
            if product == "binance-spot", let second = rest.firstIndex(of: "_"),
                let inner = SeriesNaming.products[rest[..<second].lowercased()], inner.hasPrefix("binance")
            {
                found = inner
                rest = rest[rest.index(after: second)...]
            }
        } else if let futures = parts.firstIndex(of: "futures"), futures + 1 < parts.count {
            found = ["um": "binance-usdm", "cm": "binance-coinm"][parts[futures + 1]]
        }
        var name = SeriesNaming.symbol(rest)
        if format.namesMinutes { name = SeriesNaming.withoutMinutes(name).symbol }
        let isBinance = format.venue.hasPrefix("binance")
        if found == nil, isBinance, SeriesNaming.isCoinMargined(name) { found = "binance-coinm" }
        self.venue = venue ?? found ?? format.venue
        self.symbol = symbol ?? name
    }

    /// The face value in US dollars of one contract, for contracts that are margined in the coin; nil for all
    /// others.
    ///
    /// Binance COIN-M: 100 USD for BTC, 10 USD for the rest.
    static func contractDollars(venue: String, symbol: String) -> Int64? {
        guard venue == "binance-coinm" else { return nil }
        return symbol.hasPrefix("BTC") ? 100 : 10
    }

    private static let products = [
        "spot": "binance-spot", "um": "binance-usdm", "usdm": "binance-usdm", "cm": "binance-coinm",
        "coinm": "binance-coinm", "binance": "binance-spot", "bitmex": "bitmex", "kraken": "kraken",
        "coinbase": "coinbase", "bitstamp": "bitstamp", "okx": "okx", "bybit": "bybit",
    ]

    /// The file's name without folders and without what says how it is packed.
    static func stem(_ path: String) -> String {
        var name = path.split(separator: "/").last.map(String.init) ?? path
        for endings in [
            [".gz", ".zst", ".zip", ".xz", ".bz2"],
            [".csv", ".tsv", ".txt", ".log", ".json", ".jsonl", ".ndjson", ".dat"],
        ] {
            if let ending = endings.first(where: { name.lowercased().hasSuffix($0) }),
                name.count > ending.count
            {
                name = String(name.dropLast(ending.count))
            }
        }
        return name
    }

    /// `XBTUSD_60` is the symbol `XBTUSD` and bars of 60 minutes.
    static func withoutMinutes(_ name: String) -> (symbol: String, minutes: Int64?) {
        guard let underscore = name.lastIndex(of: "_"), underscore > name.startIndex,
            let minutes = Int64(name[name.index(after: underscore)...]),
            [1, 5, 15, 30, 60, 240, 720, 1440, 10_080, 21_600].contains(minutes)
        else { return (name, nil) }
        return (String(name[..<underscore]), minutes)
    }

    /// What stands behind the hyphen of a pair, as in `BTC-USD`.
    private static let quotes: Set<String> = [
        "USD", "USDT", "USDC", "EUR", "GBP", "JPY", "KRW", "BTC", "ETH", "BNB", "DAI", "BUSD", "FDUSD", "TRY",
        "BRL", "AUD", "CAD", "CHF", "PERP", "PERPETUAL", "SWAP",
    ]

    /// The part before the first hyphen that does not part a pair, without an ending such as `_15m`.
    private static func symbol(_ stem: Substring) -> String {
        var head = stem.prefix { $0 != "-" }
        while head.endIndex < stem.endIndex {
            let next = stem[stem.index(after: head.endIndex)...].prefix { $0 != "-" && $0 != "_" }
            guard quotes.contains(String(next)), !head.isEmpty else { break }
            head = stem[..<next.endIndex]
        }
        if head.isEmpty
            || ["trades", "aggtrades", "klines", "bars", "log", "logs"].contains(head.lowercased())
        {
            return String(stem)
        }
        guard let underscore = head.lastIndex(of: "_"), underscore > head.startIndex else {
            return String(head)
        }
        let ending = head[head.index(after: underscore)...]
        let isInterval =
            ending.count >= 2 && ending.last.map { "smhdwM".contains($0) } == true
            && ending.dropLast().allSatisfy { $0.isASCII && $0.isNumber }
        return String(isInterval ? head[..<underscore] : head)
    }

    /// `BTCUSD_PERP`, `ETHUSD_240628`.
    private static func isCoinMargined(_ symbol: String) -> Bool {
        guard let range = symbol.lastIndex(of: "_"), symbol[..<range].hasSuffix("USD") else { return false }
        let ending = symbol[symbol.index(after: range)...]
        return ending == "PERP" || (ending.count == 6 && ending.allSatisfy { $0.isASCII && $0.isNumber })
    }
}
