/// How a table's lines are cut, and what its columns hold.
struct TableLayout: Sendable {
    var format: InputFormat
    let delimiter: UInt8
    var columnCount: Int
    var columns: [ColumnRole: Int]
    /// The header line, or nil where there is none.
    var header: [UInt8]?
    /// The names in the header; empty where there is none.
    var names: [String] = []
    /// The side is that of the order that rested.
    var sideIsMakers = false
    /// A trade may come without an id though there is a column of ids.
    var mayLackID = false
    /// An interval that is absent had no trades.
    var absentIsZero = false
    /// Rows may have empty fields behind the last column.
    var mayTrail = false

    init(
        format: InputFormat, delimiter: UInt8, columnCount: Int, columns: [ColumnRole: Int],
        header: [UInt8]? = nil, names: [String] = []
    ) {
        self.format = format
        self.delimiter = delimiter
        self.columnCount = columnCount
        self.columns = columns
        self.header = header
        self.names = names
    }

    /// The layouts that a header may stand for, the likeliest first.
    static func candidates(header line: Bytes, delimiter: UInt8) -> [TableLayout] {
        var splitter = FieldSplitter(delimiter: delimiter)
        guard let count = splitter.split(line), count >= 2 else { return [] }
        let names = (0..<count).map { String(decoding: splitter.field($0), as: UTF8.self) }
        return candidates(names: names).map { layout in
            var layout = TableLayout(
                copying: layout, delimiter: delimiter, header: Array(line), names: names)
            layout.columnCount = count
            return layout
        }
    }

    /// The layouts that names of columns, or of a JSON object's values, may stand for.
    static func candidates(names: [String]) -> [TableLayout] {
        HeaderRules.layouts(names)
    }

    private init(copying other: TableLayout, delimiter: UInt8, header: [UInt8], names: [String]) {
        self.init(
            format: other.format, delimiter: delimiter, columnCount: other.columnCount,
            columns: other.columns, header: header, names: names)
        sideIsMakers = other.sideIsMakers
        mayLackID = other.mayLackID
        absentIsZero = other.absentIsZero
        mayTrail = other.mayTrail
    }
}

/// Tells a table's format from the names of its columns.
enum HeaderRules {
    static func layouts(_ names: [String]) -> [TableLayout] {
        var columns: [ColumnRole: Int] = [:]
        for (index, name) in names.enumerated() {
            if let role = ColumnRole(header: name), columns[role] == nil { columns[role] = index }
        }
        let plain = Set(names.map { $0.lowercased() })
        return [
            counts(columns), bars(columns), book(columns), trades(columns, plain, names), requests(columns),
            twoColumns(columns, names), wide(names),
        ].compactMap { $0 }.map { layout in
            var layout = layout
            layout.columnCount = names.count
            layout.names = names
            return layout
        }
    }

    private static func layout(_ format: InputFormat, _ columns: [ColumnRole: Int]) -> TableLayout {
        TableLayout(format: format, delimiter: 0x2C, columnCount: 0, columns: columns)
    }

    private static func counts(_ columns: [ColumnRole: Int]) -> TableLayout? {
        guard columns[.uniqueID] != nil, columns[.time] != nil, columns[.price] == nil, columns[.open] == nil,
            let value = columns[.value] ?? columns[.tradeCount]
        else { return nil }
        var columns = columns
        columns[.value] = value
        return layout(.series, columns)
    }

    private static func bars(_ columns: [ColumnRole: Int]) -> TableLayout? {
        let needed: [ColumnRole] = [.time, .open, .high, .low, .close, .tradeCount]
        guard needed.allSatisfy({ columns[$0] != nil }) else { return nil }
        if columns[.closeTime] != nil { return layout(.binanceKlines, columns) }
        var columns = columns
        // BitMEX: the volume in the currency of the quote.
        if columns[.quoteVolume] == nil { columns[.quoteVolume] = columns[.quoteQuantity] }
        return layout(columns[.symbol] == nil ? .bars : .bitmexBars, columns)
    }

    private static func book(_ columns: [ColumnRole: Int]) -> TableLayout? {
        let needed: [ColumnRole] = [.exchange, .symbol, .time, .isSnapshot, .side, .price, .quantity]
        return needed.allSatisfy { columns[$0] != nil } ? layout(.tardisBook, columns) : nil
    }

    private static func trades(
        _ columns: [ColumnRole: Int], _ plain: Set<String>, _ names: [String]
    ) -> TableLayout? {
        var columns = columns
        guard columns[.price] != nil, let quantity = columns[.quantity] ?? columns[.volume],
            columns[.isSnapshot] == nil
        else { return nil }
        columns[.quantity] = quantity
        // Mt. Gox: the id is the time, in microseconds, and the type is the side.
        if columns[.time] == nil, let id = columns[.id], names.count <= 4 {
            columns[.time] = id
            if columns[.side] == nil { columns[.side] = names.firstIndex { $0.lowercased() == "type" } }
        }
        guard columns[.time] != nil else { return nil }
        if columns[.firstID] != nil, columns[.lastID] != nil { return layout(.binanceAggTrades, columns) }
        if columns[.exchange] != nil, columns[.symbol] != nil {
            var found = layout(.tardisTrades, columns)
            found.mayLackID = true
            return found
        }
        if plain.contains("trdmatchid"), columns[.symbol] != nil {
            var found = layout(.bitmexTrades, columns)
            found.mayLackID = true
            return found
        }
        if plain.contains("trade_id"), plain.contains("size"), columns[.side] != nil {
            var found = layout(.coinbaseTrades, columns)
            found.sideIsMakers = true
            return found
        }
        let isBinance = columns[.id] != nil && columns[.isBuyerMaker] != nil
        return layout(isBinance ? .binanceTrades : .trades, columns)
    }

    private static func requests(_ columns: [ColumnRole: Int]) -> TableLayout? {
        guard columns[.time] != nil, columns[.path] != nil, columns[.status] != nil, columns[.price] == nil
        else { return nil }
        var columns = columns
        if columns[.bytes] == nil { columns[.bytes] = columns[.quantity] }
        var found = layout(.requestTable, columns)
        found.mayTrail = true
        return found
    }

    /// A time and a number, whatever their names are.
    private static func twoColumns(_ columns: [ColumnRole: Int], _ names: [String]) -> TableLayout? {
        guard names.count == 2, !looksLikeData(names[0]), !looksLikeData(names[1]) else { return nil }
        let time = columns[.time] ?? 0
        return layout(.timestampValue, [.time: time, .value: 1 - time])
    }

    /// A time, and further columns of which each may be a series.
    private static func wide(_ names: [String]) -> TableLayout? {
        guard names.count >= 2, let time = names.firstIndex(where: { ColumnRole(header: $0) == .time }),
            !names.contains(where: looksLikeData)
        else { return nil }
        return layout(.grafana, [.time: time])
    }

    private static func looksLikeData(_ name: String) -> Bool {
        name.isEmpty || Double(name) != nil || name.first?.isNumber == true
    }
}
