/// A format of log that can be read.
public enum InputFormat: String, Sendable, CaseIterable {
    /// Binance public data, single trades (spot, USD-M, COIN-M), with or without a header.
    case binanceTrades = "binance-trades"
    /// Binance public data, aggregate trades; a row stands for the trades from its first to its last id.
    case binanceAggTrades = "binance-aggtrades"
    /// Binance public data, bars with their number of trades.
    case binanceKlines = "binance-klines"
    /// BitMEX minute bars as its interface names their columns.
    case bitmexBars = "bitmex-bars"
    /// Tardis trades: `exchange,symbol,timestamp,local_timestamp,id,side,price,amount`.
    case tardisTrades = "tardis-trades"
    /// Kraken and bitcoincharts: `time,price,amount` without a header.
    case timePriceAmount = "time-price-amount"
    /// Trades under a header that names time, price and quantity.
    case trades
    /// Bars under a header that names time, open, high, low, close and the number of trades.
    case bars
    /// `unique_id,ds,y`: any number of series of counts by interval.
    case series
    /// `timestamp,value`: one series of counts by interval, named after its file.
    case timestampValue = "timestamp-value"
    /// nginx and Apache common or combined log, with what may follow.
    case accessLog = "access-log"

    /// All names, in the order of the list above.
    public static var allNames: [String] { allCases.map(\.rawValue) }

    /// The venue of a file that does not say which one it is from.
    var defaultVenue: String {
        switch self {
        case .binanceTrades, .binanceAggTrades, .binanceKlines: "binance-spot"
        case .bitmexBars: "bitmex"
        case .accessLog: "http"
        default: "generic"
        }
    }
}

/// What a column of a table holds.
enum ColumnRole: Sendable {
    case time, id, price, quantity, quoteQuantity, firstID, lastID, isBuyerMaker, side
    case open, high, low, close, volume, closeTime, quoteVolume, tradeCount
    case symbol, exchange, uniqueID, value

    /// The role of a column by its name in the header, or nil for one that is not needed.
    init?(header name: String) {
        let plain = String(name.lowercased().filter { $0.isLetter || $0.isNumber })
        switch plain {
        case "time", "timestamp", "transacttime", "tradetime", "datetime", "date", "opentime", "ds", "ts":
            self = .time
        case "id", "tradeid", "aggtradeid": self = .id
        case "price": self = .price
        case "qty", "quantity", "amount", "size": self = .quantity
        case "quoteqty", "quotequantity": self = .quoteQuantity
        case "firsttradeid", "firstid": self = .firstID
        case "lasttradeid", "lastid": self = .lastID
        case "isbuyermaker", "buyermaker": self = .isBuyerMaker
        case "side", "takerside": self = .side
        case "open": self = .open
        case "high": self = .high
        case "low": self = .low
        case "close": self = .close
        case "volume": self = .volume
        case "closetime": self = .closeTime
        case "quotevolume", "quoteassetvolume", "assetvolume": self = .quoteVolume
        case "numberoftrades", "trades", "tradecount", "numtrades", "count": self = .tradeCount
        case "symbol", "pair", "instrument": self = .symbol
        case "exchange", "venue": self = .exchange
        case "uniqueid": self = .uniqueID
        case "y", "value": self = .value
        default: return nil
        }
    }
}

/// How a table's lines are cut, and what its columns hold.
struct TableLayout: Sendable {
    let format: InputFormat
    let delimiter: UInt8
    let columnCount: Int
    let columns: [ColumnRole: Int]
    /// The header line, or nil where there is none.
    let header: [UInt8]?

    /// The layout that a header names, or nil.
    init?(header line: Bytes, delimiter: UInt8) {
        var splitter = FieldSplitter(delimiter: delimiter)
        guard let count = splitter.split(line), count >= 2 else { return nil }
        var columns: [ColumnRole: Int] = [:]
        for index in 0..<count {
            let name = String(decoding: splitter.field(index), as: UTF8.self)
            if let role = ColumnRole(header: name), columns[role] == nil { columns[role] = index }
        }
        guard let (format, found) = TableLayout.format(columns, columnCount: count) else { return nil }
        self.format = format
        self.columns = found
        self.delimiter = delimiter
        columnCount = count
        header = Array(line)
    }

    /// The layout of lines without a header, by what stands where; nil where none fits more than half of them.
    init?(headerless lines: [Bytes], delimiter: UInt8) {
        var splitter = FieldSplitter(delimiter: delimiter)
        for candidate in HeaderlessLayout.all {
            let fits = lines.filter { candidate.fits($0, &splitter) }.count
            guard 2 * fits > lines.count else { continue }
            format = candidate.format
            columns = candidate.columns
            columnCount = candidate.columnCount
            self.delimiter = delimiter
            header = nil
            return
        }
        return nil
    }

    private static func format(
        _ columns: [ColumnRole: Int], columnCount: Int
    ) -> (InputFormat, [ColumnRole: Int])? {
        var columns = columns
        let has: (ColumnRole) -> Bool = { columns[$0] != nil }
        if has(.uniqueID), has(.time), has(.value) { return (.series, columns) }
        if has(.time), has(.open), has(.high), has(.low), has(.close), has(.tradeCount) {
            if has(.closeTime) { return (.binanceKlines, columns) }
            return (has(.symbol) ? .bitmexBars : .bars, columns)
        }
        if has(.price), has(.quantity) || has(.volume) {
            if !has(.quantity) { columns[.quantity] = columns[.volume] }
            // Mt. Gox: the id is the time, in microseconds.
            if !has(.time), has(.id), columnCount <= 4 { columns[.time] = columns[.id] }
            guard columns[.time] != nil else { return nil }
            if columns[.firstID] != nil, columns[.lastID] != nil { return (.binanceAggTrades, columns) }
            if columns[.exchange] != nil, columns[.symbol] != nil { return (.tardisTrades, columns) }
            let isBinance = columns[.id] != nil && columns[.isBuyerMaker] != nil
            return (isBinance ? .binanceTrades : .trades, columns)
        }
        if columnCount == 2, has(.time), let value = columns[.value] ?? columns[.tradeCount] {
            columns[.value] = value
            return (.timestampValue, columns)
        }
        return nil
    }
}

/// A table without a header, known by its number of columns and by what they hold.
struct HeaderlessLayout: Sendable {
    let format: InputFormat
    let columnCount: Int
    let columns: [ColumnRole: Int]
    let flags: [Int]

    /// In the order of trial; a layout with more flags is tried before one with fewer.
    static let all: [HeaderlessLayout] = [
        HeaderlessLayout(
            format: .binanceAggTrades, columnCount: 8,
            columns: [.price: 1, .quantity: 2, .firstID: 3, .lastID: 4, .time: 5, .isBuyerMaker: 6],
            flags: [6, 7]),
        HeaderlessLayout(
            format: .binanceTrades, columnCount: 7,
            columns: [.id: 0, .price: 1, .quantity: 2, .quoteQuantity: 3, .time: 4, .isBuyerMaker: 5],
            flags: [5, 6]),
        HeaderlessLayout(
            format: .binanceAggTrades, columnCount: 7,
            columns: [.price: 1, .quantity: 2, .firstID: 3, .lastID: 4, .time: 5, .isBuyerMaker: 6],
            flags: [6]),
        HeaderlessLayout(
            format: .binanceTrades, columnCount: 6,
            columns: [.id: 0, .price: 1, .quantity: 2, .quoteQuantity: 3, .time: 4, .isBuyerMaker: 5],
            flags: [5]),
        HeaderlessLayout(
            format: .binanceKlines, columnCount: 12,
            columns: [
                .time: 0, .open: 1, .high: 2, .low: 3, .close: 4, .volume: 5, .closeTime: 6, .quoteVolume: 7,
                .tradeCount: 8,
            ], flags: []),
        HeaderlessLayout(
            format: .timePriceAmount, columnCount: 3, columns: [.time: 0, .price: 1, .quantity: 2], flags: []),
    ]

    func fits(_ line: Bytes, _ splitter: inout FieldSplitter) -> Bool {
        guard splitter.split(line) == columnCount else { return false }
        for index in 0..<columnCount {
            let field = splitter.field(index)
            if flags.contains(index) {
                guard TradeTableParser.flag(field) != nil else { return false }
            } else {
                guard NumberParsing.fixed(field) != nil else { return false }
            }
        }
        guard let time = columns[.time] else { return false }
        var column = TimeColumn(samples: [splitter.field(time)])
        if case .success? = column?.read(splitter.field(time)) { return true }
        return false
    }
}
