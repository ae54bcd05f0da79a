import Tape
import Units

/// Reads tables of trades: Binance trades and aggregate trades, Tardis, Kraken, and any header that names its
/// columns.
struct TradeTableParser: RowParser, ~Copyable {
    private var splitter: FieldSplitter
    private var time: TimeColumn
    private let columns: Columns
    private let columnCount: Int
    private let naming: SeriesNaming
    private let builder: TapeDeltaBuilder
    private let fixed: (handle: Int, contractDollars: Int64?)?
    private var directory = SeriesDirectory<(handle: Int, contractDollars: Int64?)>()

    /// Where the columns are; -1 for one that is not there.
    private struct Columns {
        let time, id, price, quantity, quote, firstID, lastID, isBuyerMaker, side, symbol, exchange: Int

        init(_ roles: [ColumnRole: Int]) {
            // Where rows are only counted, there is no such column, and its field is not read.
            time = roles[.time] ?? 0
            id = roles[.id] ?? -1
            price = roles[.price] ?? -1
            quantity = roles[.quantity] ?? -1
            quote = roles[.quoteQuantity] ?? -1
            // One end of a range of ids is none.
            let isRange = roles[.firstID] != nil && roles[.lastID] != nil
            firstID = isRange ? roles[.firstID] ?? -1 : -1
            lastID = isRange ? roles[.lastID] ?? -1 : -1
            isBuyerMaker = roles[.isBuyerMaker] ?? -1
            side = roles[.side] ?? -1
            symbol = roles[.symbol] ?? -1
            exchange = roles[.exchange] ?? -1
        }
    }

    private let sideIsMakers: Bool
    private let signIsSide: Bool
    private let mayLackID: Bool

    init(_ layout: TableLayout, time: TimeColumn, naming: SeriesNaming, builder: TapeDeltaBuilder) {
        sideIsMakers = layout.sideIsMakers
        signIsSide = layout.signIsSide
        mayLackID = layout.mayLackID
        splitter = FieldSplitter(delimiter: layout.delimiter)
        self.time = time
        self.naming = naming
        self.builder = builder
        columns = Columns(layout.columns)
        columnCount = layout.columnCount
        if columns.symbol < 0 {
            let id = SeriesID(kind: "trades", venue: naming.venue, name: naming.symbol)
            fixed = (
                builder.eventSeries(id),
                SeriesNaming.contractDollars(venue: naming.venue, symbol: naming.symbol)
            )
        } else {
            fixed = nil
        }
    }

    var joinsQuotedLines: Bool { true }

    mutating func pass() { time.pass() }

    mutating func parse(_ line: Bytes, at position: RowPosition) -> RowOutcome {
        guard let count = splitter.split(line) else { return .bad(.quotes) }
        guard count == columnCount else {
            time.pass()
            return .bad(.fieldCount)
        }
        let stamp: Timestamp
        switch time.read(splitter.field(columns.time)) {
        case .success(let read): stamp = read
        case .failure(let problem): return .bad(problem.reason)
        }
        let price: Int64
        switch NumberParsing.checkedPrice(splitter.field(columns.price)) {
        case .success(let read): price = read
        case .failure(let reason): return .bad(reason)
        }
        var quantity: Int128
        switch NumberParsing.checkedQuantity(splitter.field(columns.quantity)) {
        case .success(let read): quantity = read
        case .failure(let reason): return .bad(reason)
        }
        guard quantity >= 0 || signIsSide else { return .bad(.quantity) }
        guard var side = readSide() else { return .bad(.side) }
        if signIsSide {
            side = quantity == 0 ? .unknown : (quantity > 0) != sideIsMakers ? .buy : .sell
            quantity = abs(quantity)
        }
        let ids: ClosedRange<Int64>?
        switch readIDs() {
        case .success(let read): ids = read
        case .failure(let reason): return .bad(reason)
        }
        guard let series = fixed ?? namedSeries() else {
            return .bad(splitter.field(columns.symbol).isEmpty ? .name : .tooManySeries)
        }
        let trade = TradeEvent(
            time: stamp, isResolved: time.isResolved,
            count: columns.firstID >= 0 ? (ids.map { $0.upperBound - $0.lowerBound + 1 } ?? 1) : 1, ids: ids,
            price: price, quantity: quantity,
            notional: notional(price: price, quantity: quantity, contractDollars: series.contractDollars),
            side: side)
        return builder.add(trade, to: series.handle) ? .accepted : .duplicate
    }

    /// `true` and `false` as Binance has written them over the years; nil for anything else.
    @inline(__always)
    static func flag(_ field: Bytes) -> Bool? {
        switch (field.count, field.first) {
        case (4, 0x54), (4, 0x74): matches(field, "true") ? true : nil
        case (5, 0x46), (5, 0x66): matches(field, "false") ? false : nil
        case (1, 0x31), (1, 0x74): true
        case (1, 0x30), (1, 0x66): false
        default: nil
        }
    }

    private static func matches(_ field: Bytes, _ word: StaticString) -> Bool {
        word.withUTF8Buffer { letters in field.elementsEqual(letters) { $0 | 0x20 == $1 } }
    }

    private func readSide() -> TradeSide? {
        if columns.isBuyerMaker >= 0 {
            // Where the buyer was the maker, the taker sold.
            return TradeTableParser.flag(splitter.field(columns.isBuyerMaker)).map { $0 ? .sell : .buy }
        }
        guard columns.side >= 0 else { return .unknown }
        let field = NumberParsing.trimmed(splitter.field(columns.side))
        if TradeTableParser.matches(field, "buy") || TradeTableParser.matches(field, "b")
            || TradeTableParser.matches(field, "bid")
        {
            return sideIsMakers ? .sell : .buy
        }
        if TradeTableParser.matches(field, "sell") || TradeTableParser.matches(field, "s")
            || TradeTableParser.matches(field, "ask")
        {
            return sideIsMakers ? .buy : .sell
        }
        return field.isEmpty || TradeTableParser.matches(field, "unknown") ? .unknown : nil
    }

    /// The most trades that one aggregate row may stand for; a wider range of ids is a damaged row.
    static let aggregateMax: Int64 = 10_000_000

    private func readIDs() -> Result<ClosedRange<Int64>?, ReadProblem> {
        if columns.firstID >= 0 {
            guard let first = NumberParsing.signed(splitter.field(columns.firstID)),
                let last = NumberParsing.signed(splitter.field(columns.lastID)), first >= 0, last >= first,
                last - first < TradeTableParser.aggregateMax
            else { return .failure(.idRange) }
            return .success(first...last)
        }
        guard columns.id >= 0 else { return .success(nil) }
        let field = splitter.field(columns.id)
        if let id = NumberParsing.signed(field), id > .min { return .success(id...id) }
        if mayLackID, field.allSatisfy({ $0 == 0x30 || $0 == 0x2D }) { return .success(nil) }
        guard field.count > 0, !field.contains(0x0A) else { return .failure(.id) }
        // A textual id, such as a UUID: its hash, which is never `PricePoint.noID`.
        let id = Int64(bitPattern: ContentHash(of: field).low >> 1)
        return .success(id...id)
    }

    private typealias ReadProblem = BadRow

    private mutating func namedSeries() -> (handle: Int, contractDollars: Int64?)? {
        let symbol = splitter.field(columns.symbol)
        guard !symbol.isEmpty else { return nil }
        let venue = columns.exchange >= 0 ? splitter.field(columns.exchange) : nil
        return directory.handle(venue: venue, name: symbol) { [naming, builder] exchange, name in
            let venue = exchange.flatMap { $0.isEmpty ? nil : $0 } ?? naming.venue
            let id = SeriesID(kind: "trades", venue: venue, name: name)
            let dollars = SeriesNaming.contractDollars(venue: venue, symbol: name)
            return (id, { (builder.eventSeries(id), dollars) })
        }
    }

    @inline(__always)
    private func notional(price: Int64, quantity: Int128, contractDollars: Int64?) -> Int128 {
        if let contractDollars {
            let (product, overflow) = quantity.multipliedReportingOverflow(by: Int128(contractDollars))
            return overflow ? .max : product
        }
        if columns.quote >= 0, let quote = NumberParsing.fixed(splitter.field(columns.quote)), quote >= 0 {
            return quote
        }
        return NumberParsing.notional(price: price, quantity: quantity)
    }
}

extension BadRow: Error {}
