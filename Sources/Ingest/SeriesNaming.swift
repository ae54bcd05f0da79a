import Glibc
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
        if format == .krakenBars { name = SeriesNaming.withoutMinutes(name).symbol }
        let isBinance = format.defaultVenue.hasPrefix("binance")
        if found == nil, isBinance, SeriesNaming.isCoinMargined(name) { found = "binance-coinm" }
        self.venue = venue ?? found ?? format.defaultVenue
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

/// Finds the series of a row that names it, and remembers those that it has met.
struct SeriesDirectory<Handle> {
    /// The most series that one file may hold.
    static var seriesMax: Int { 100_000 }

    private var handles: [SeriesID: Handle] = [:]
    private var lastKey: [UInt8] = []
    private var lastVenueLength = 0
    private var last: Handle?

    init() {}

    /// The handle for a name's bytes (the venue's first, where a column has it); nil where there are too many
    /// series.
    mutating func handle(
        venue: Bytes?, name: Bytes, make: (_ venue: String?, _ name: String) -> (SeriesID, () -> Handle)
    ) -> Handle? {
        if let last, isLast(venue: venue, name: name) { return last }
        let (id, create) = make(
            venue.map { String(decoding: $0, as: UTF8.self) }, String(decoding: name, as: UTF8.self))
        let found: Handle
        if let known = handles[id] {
            found = known
        } else {
            guard handles.count < Self.seriesMax else { return nil }
            found = create()
            handles[id] = found
        }
        lastKey.removeAll(keepingCapacity: true)
        if let venue { lastKey.append(contentsOf: venue) }
        lastKey.append(contentsOf: name)
        lastVenueLength = venue?.count ?? 0
        last = found
        return found
    }

    /// Whether these bytes are those of the row before.
    private func isLast(venue: Bytes?, name: Bytes) -> Bool {
        let venueLength = venue?.count ?? 0
        guard venueLength == lastVenueLength, lastKey.count == venueLength + name.count else { return false }
        return lastKey.withUnsafeBytes { key in
            guard let base = key.baseAddress else { return true }
            if let venue = venue?.baseAddress, memcmp(base, venue, venueLength) != 0 { return false }
            guard let start = name.baseAddress else { return true }
            return memcmp(base + venueLength, start, name.count) == 0
        }
    }
}
