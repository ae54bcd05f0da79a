import Units

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
            format: .krakenBars, columnCount: 7,
            columns: [.time: 0, .open: 1, .high: 2, .low: 3, .close: 4, .volume: 5, .tradeCount: 6],
            flags: []),
        HeaderlessLayout(
            format: .timePriceAmount, columnCount: 3, columns: [.time: 0, .price: 1, .quantity: 2], flags: []),
        HeaderlessLayout(
            format: .timestampValue, columnCount: 2, columns: [.time: 0, .value: 1], flags: []),
    ]

    /// The layout with a delimiter.
    func layout(delimiter: UInt8) -> TableLayout {
        var layout = TableLayout(
            format: format, delimiter: delimiter, columnCount: columnCount, columns: columns)
        layout.absentIsZero = format == .krakenBars
        return layout
    }

    /// The layouts that fit more than half of the lines.
    static func candidates(_ lines: [Bytes], delimiter: UInt8) -> [TableLayout] {
        var splitter = FieldSplitter(delimiter: delimiter)
        return all.filter { candidate in
            2 * lines.filter { candidate.fits($0, &splitter) }.count > lines.count
        }.map { $0.layout(delimiter: delimiter) }
    }

    private func fits(_ line: Bytes, _ splitter: inout FieldSplitter) -> Bool {
        guard splitter.split(line) == columnCount, let time = columns[.time] else { return false }
        for index in 0..<columnCount where index != time {
            let field = splitter.field(index)
            if flags.contains(index) {
                guard TradeTableParser.flag(field) != nil else { return false }
            } else {
                guard NumberParsing.fixed(field) != nil else { return false }
            }
        }
        // Without a header, a number is a time only where it makes a date of our times: a row number is none.
        var column = TimeColumn(samples: [splitter.field(time)])
        if case .success? = column?.read(splitter.field(time)) {
            return !format.isBars || pricesAreInOrder(splitter)
        }
        return false
    }

    /// The high is not below open, low or close: what tells seven numbers of a bar from seven others.
    private func pricesAreInOrder(_ splitter: borrowing FieldSplitter) -> Bool {
        let roles: [ColumnRole] = [.open, .high, .low, .close]
        let prices = roles.compactMap { columns[$0].flatMap { NumberParsing.fixed(splitter.field($0)) } }
        return prices.count == 4 && prices[1] >= prices[2] && prices[1] >= prices[3] && prices[3] >= prices[2]
    }
}
