extension InputFormat {
    /// The answer of Kraken's HTTP interface to a question about trades.
    public static let krakenTrades = InputFormat(
        "kraken-trades-json", rows: .trades, venue: "kraken",
        title: "Kraken trades, response of the HTTP API (JSON)",
        grammar:
            "`{\"error\":[],\"result\":{\"XBTUSDT\":[[\"price\",\"volume\",time,\"b|s\",\"m|l\",\"\",id],…],\"last\":…}}`",
        recognition:
            "a JSON object with `error` and `result` that contains arrays of at least six, `b` or `s` the "
            + "fourth",
        series: "`trades/kraken/<pair>`",
        notes: "Older responses have no trade ids, so all their rows count as different trades.",
        samples: ["kraken_http_trades.json"])
}

struct KrakenTradesFormat: TableFormat {
    let about = InputFormat.krakenTrades

    /// The columns of the table that the rows are turned into.
    private static func layout(hasID: Bool) -> TableLayout {
        var layout = TableLayout(
            delimiter: JSONShape.delimiter, columnCount: hasID ? 6 : 5,
            columns: [.symbol: 0, .price: 1, .quantity: 2, .time: 3, .side: 4])
        if hasID { layout.columns[.id] = 5 }
        layout.mayLackID = true
        return layout
    }

    private static func isRow(_ place: JSONElements.Place) -> Bool {
        place.isArray && standsForRow(place)
    }

    /// Whether a value stands where rows do, whether it is one or not.
    private static func standsForRow(_ place: JSONElements.Place) -> Bool {
        place.depth == 3 && place.keys[0] == result
    }

    private static let result = Array("result".utf8)

    var recognition: [Recognition] { [.text(recognise)] }

    private func recognise(_ sample: TextSample) -> Finding? {
        guard sample.lines.first?.first == 0x7B else { return nil }
        let rows = JSONDocumentSample.rows(sample, limit: 100, wants: Self.isRow) { raw, element in
            Self.fields(raw, pair: element.keys[1])
        }
        guard let first = rows.first, rows.allSatisfy({ $0.count == first.count }),
            rows.allSatisfy({ $0[4] == Array("b".utf8) || $0[4] == Array("s".utf8) }),
            let time = TimeColumn(texts: rows.map { $0[3] })
        else { return nil }
        let table = TableReading(Self.layout(hasID: first.count == 6), time: time)
        return Finding(self, .jsonDocument, table: table)
    }

    func read(_ table: TableReading, _ feed: RowFeed, _ lines: inout LineReader) throws(IngestError) {
        var parser = KrakenTradesParser(feed.trades(table), hasID: table.layout.columns[.id] != nil)
        try feed.document(&lines, wants: Self.standsForRow) { raw, element in
            parser.parse(
                raw, pair: element.keys[1],
                at: RowPosition(line: element.line, byteOffset: element.byteOffset))
        }
    }

    func faults(in found: Finding) -> any RowFaults {
        ElementFaults(places: [.price: 0, .quantity: 1, .time: 2, .side: 3, .id: 6])
    }

    /// A row's pair, price, volume, time, side and id; nil where it is not an array of at least six scalars.
    private static func fields(_ raw: Bytes, pair: [UInt8]) -> [[UInt8]]? {
        guard let values = JSONText.scalars(raw), values.count >= 6 else { return nil }
        let fields = [pair, values[0], values[1], values[2], values[3]]
        return values.count > 6 ? fields + [values[6]] : fields
    }
}

/// Turns the rows of Kraken's answers into those of a table.
struct KrakenTradesParser: ~Copyable {
    private var inner: TradeTableParser
    private let hasID: Bool
    private var row: [UInt8] = []

    init(_ inner: consuming TradeTableParser, hasID: Bool) {
        self.inner = inner
        self.hasID = hasID
    }

    mutating func parse(_ raw: Bytes, pair: [UInt8], at position: RowPosition) -> RowOutcome {
        row.removeAll(keepingCapacity: true)
        row.append(contentsOf: pair)
        let count = JSONText.forEachScalar(raw) { index, value in
            guard index < 4 || (index == 6 && hasID) else { return }
            row.append(JSONShape.delimiter)
            row.append(contentsOf: value)
        }
        guard let count, count >= 6 else { return .bad(.json) }
        guard count > 6 || !hasID else { return .bad(.fieldCount) }
        return row.withUnsafeBytes { inner.parse($0, at: position) }
    }
}
