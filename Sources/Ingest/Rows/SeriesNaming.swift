import Units

/// Names the series of a file: by the caller's word, by the file's columns, then by the file's name.
///
/// `spot_BTCUSDT-trades-2024-08-08.csv.gz` is `BTCUSDT` of `binance-spot`; `usdm_…` or a folder `futures/um`
/// is `binance-usdm`, `cm_…`, a folder `futures/cm` or a symbol such as `BTCUSD_PERP` is `binance-coinm`.
/// Of `deribit_trades_2026-02-01_BTC-PERPETUAL.csv` the venue, the kind, the date and the copy's number are taken away,
/// wherever they stand; what is left is the symbol.
public struct SeriesNaming: Sendable, Equatable {
    /// The venue and its product.
    public let venue: String
    /// The symbol; for an access log, not used.
    public let symbol: String
    /// Whether the name says what is in the file: false where nothing but kinds, dates and numbers is in it.
    public let isTold: Bool
    /// What files of the same log have in common where their names tell no symbol.
    let group: Group

    /// A venue, and a name without what differs from file to file of one log: dates, numbers and marks of copies.
    struct Group: Hashable {
        let venue: String
        let name: String
    }

    /// Names from a path and a format, `venue` and `symbol` overriding what the path says.
    public init(path: String, format: InputFormat, venue: String? = nil, symbol: String? = nil) {
        let folders = path.split(separator: "/").dropLast().map(String.init)
        let stem = SeriesNaming.stem(path)
        var name = FileNameParts(stem)
        var isTold = true
        if name.symbol.isEmpty {
            if let folder = folders.reversed().lazy.compactMap({ FileNameParts.symbol(ofFolder: $0) }).first {
                name.symbol = folder
            } else {
                isTold = false
                name.symbol = stem
            }
        }
        if format.rows == .messages, !name.withRemarks.isEmpty { name.symbol = name.withRemarks }
        if format.namesMinutes { name.symbol = SeriesNaming.withoutMinutes(name.symbol).symbol }
        var found = name.venue
        let lower = folders.map { $0.lowercased() }
        if found == nil, let futures = lower.firstIndex(of: "futures"), futures + 1 < lower.count {
            found = ["um": "binance-usdm", "cm": "binance-coinm"][lower[futures + 1]]
        }
        let isBinance = format.venue.hasPrefix("binance")
        if found == nil || found == "binance-spot", isBinance, SeriesNaming.isCoinMargined(name.symbol) {
            found = "binance-coinm"
        }
        // Of what is no trade the whole name counts, dates taken away: `cpu_by_minute` is no venue and no symbol.
        let isOfTrades = format.rows == .trades || format.rows == .bars || format.rows == .messages
        let plain = isOfTrades ? name.symbol : name.withoutDates.isEmpty ? stem : name.withoutDates
        self.venue = venue ?? found ?? format.venue
        self.symbol = symbol ?? plain
        self.isTold = symbol != nil || isTold || !isOfTrades
        group = Group(venue: self.venue, name: name.withoutNumbers)
    }

    /// The group of a series that is called by a name that tells no symbol; nil for one that does.
    static func group(venue: String, symbol: String) -> Group? {
        let name = FileNameParts(symbol)
        return name.symbol.isEmpty ? Group(venue: venue, name: name.withoutNumbers) : nil
    }

    /// The face value in US dollars of one contract, for contracts that are margined in the coin; nil for all
    /// others.
    ///
    /// Binance COIN-M: 100 USD for BTC, 10 USD for the rest.
    static func contractDollars(venue: String, symbol: String) -> Int64? {
        guard venue == "binance-coinm" else { return nil }
        return symbol.hasPrefix("BTC") ? 100 : 10
    }

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

    /// `BTCUSD_PERP`, `ETHUSD_240628`.
    private static func isCoinMargined(_ symbol: String) -> Bool {
        guard let range = symbol.lastIndex(of: "_"), symbol[..<range].hasSuffix("USD") else { return false }
        let ending = symbol[symbol.index(after: range)...]
        return ending == "PERP" || (ending.count == 6 && ending.allSatisfy { $0.isASCII && $0.isNumber })
    }
}
