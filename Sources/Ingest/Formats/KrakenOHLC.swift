import Units

extension InputFormat {
    /// The answer of Kraken's HTTP interface to a question about bars.
    public static let krakenOHLC = InputFormat(
        "kraken-ohlc-json", rows: .bars, venue: "kraken",
        title: "Kraken OHLC, response of the HTTP API (JSON)",
        grammar:
            "`{\"error\":[],\"result\":{\"XXBTZUSD\":[[time,\"open\",\"high\",\"low\",\"close\",\"vwap\",\"volume\",count],…],\"last\":…}}`",
        recognition: "a JSON object with `error` and `result` that contains arrays of eight, a time first",
        series: "`trades/kraken/<pair>`, one value per bar; `y` is the number of trades",
        notes: "The last bar of a response is incomplete and counts as it is.",
        samples: ["kraken_http_ohlc.json"])
}

struct KrakenOHLCFormat: TableFormat {
    let about = InputFormat.krakenOHLC

    private static let columnCount = 9
    private static let columns: [ColumnRole: Int] = [
        .symbol: 0, .time: 1, .open: 2, .high: 3, .low: 4, .close: 5, .volume: 7, .tradeCount: 8,
    ]

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
            Self.row(raw, pair: element.keys[1])
        }
        guard let first = rows.first,
            first.filter({ $0 == JSONShape.delimiter }).count == Self.columnCount - 1
        else {
            return nil
        }
        let layout = TableLayout(
            delimiter: JSONShape.delimiter, columnCount: Self.columnCount, columns: Self.columns)
        let joined = rows.flatMap { $0 }
        let table: TableReading? = joined.withUnsafeBytes { all in
            var start = 0
            let lines = rows.map { row in
                defer { start += row.count }
                return Bytes(rebasing: all[start..<start + row.count])
            }
            return TableReading(layout, rows: lines, zone: sample.zone)
        }
        return table.map { Finding(self, .jsonDocument, table: $0) }
    }

    func read(_ table: TableReading, _ feed: RowFeed, _ lines: inout LineReader) throws(IngestError) {
        let steps = BarSteps()
        var parser = BarTableParser(table, naming: feed.naming, builder: feed.builder, steps: steps)
        try feed.document(&lines, wants: Self.standsForRow) { raw, element in
            guard let row = Self.row(raw, pair: element.keys[1]) else { return .bad(.json) }
            let position = RowPosition(line: element.line, byteOffset: element.byteOffset)
            return row.withUnsafeBytes { parser.parse($0, at: position) }
        }
        if let problem = steps.problem(stepSeconds: table.stepSeconds, path: feed.path) { throw problem }
    }

    func faults(in found: Finding) -> any RowFaults {
        ElementFaults(places: Self.columns.filter { $0.value > 0 }.mapValues { $0 - 1 })
    }

    /// A row with its pair in front; nil where it is no array of scalars.
    private static func row(_ raw: Bytes, pair: [UInt8]) -> [UInt8]? {
        var row: [UInt8] = []
        guard JSONShape.flatten(raw, into: &row) else { return nil }
        return pair.filter { $0 != JSONShape.delimiter && $0 != 0x22 } + [JSONShape.delimiter] + row
    }
}
