import Tape
import Units

/// Feeds the rows of one input to the parser of its format.
struct RowFeed {
    let input: ByteInput
    let path: String
    let found: Finding
    let options: IngestOptions
    let builder: TapeDeltaBuilder
    let meter: Meter

    var naming: SeriesNaming {
        SeriesNaming(
            path: path, format: found.format.about, venue: options.venue ?? options.map?.venue,
            symbol: options.symbol ?? options.map?.symbol)
    }

    /// The parser of one row of a table of trades.
    func trades(_ table: TableReading) -> TradeTableParser {
        TradeTableParser(table.layout, time: table.time, naming: naming, builder: builder)
    }

    /// Requests by a grammar of one line, or of one row of a table.
    func requests(
        _ reader: inout LineReader, _ grammar: consuming some RequestGrammar & ~Copyable
    ) throws(IngestError) {
        try rows(
            &reader,
            RequestLogParser(grammar, naming: naming, routes: options.routes, builder: builder))
    }

    /// Rows of a table: lines, or JSON objects that are turned into lines.
    func rows(
        _ reader: inout LineReader, _ parser: consuming some RowParser & ~Copyable
    ) throws(IngestError) {
        switch found.container {
        case .lines, .jsonDocument: try lines(&reader, parser)
        case .jsonLines(let shape): try lines(&reader, JSONRowParser(shape, parser))
        case .jsonArray(let shape):
            try elements(&reader, opening: 0x7B, JSONRowParser(shape, parser))
        case .mapped(let mapping): try lines(&reader, MappedRowParser(mapping, parser))
        case .mappedArray(let mapping):
            try elements(&reader, opening: mapping.opening, MappedRowParser(mapping, parser))
        case .jsonRows:
            var parser = parser
            var row: [UInt8] = []
            try document(&reader, wants: JSONShape.standsForRow) { raw, element in
                guard JSONShape.flatten(raw, into: &row) else {
                    parser.pass()
                    return .bad(.json)
                }
                let position = RowPosition(line: element.line, byteOffset: element.byteOffset)
                return row.withUnsafeBytes { parser.parse($0, at: position) }
            }
            finish(&reader, &parser)
        }
    }

    /// Rows that are elements of a JSON array, each with this bracket in front; any other element is a bad row.
    private func elements(
        _ reader: inout LineReader, opening: UInt8, _ parser: consuming some RowParser & ~Copyable
    ) throws(IngestError) {
        var parser = parser
        try document(&reader, wants: JSONShape.standsForRow) { raw, element in
            guard raw.first == opening else {
                parser.pass()
                return .bad(.json)
            }
            return parser.parse(raw, at: RowPosition(line: element.line, byteOffset: element.byteOffset))
        }
        finish(&reader, &parser)
    }

    /// What is left over, and what the parser finds out after the last row.
    private func finish(_ reader: inout LineReader, _ parser: inout some RowParser & ~Copyable) {
        let clock = options.timer.start()
        reader.finish(&parser)
        options.timer.stop(.rows, clock)
    }

    /// Rows that are lines.
    func lines(
        _ reader: inout LineReader, _ parser: consuming some RowParser & ~Copyable
    ) throws(IngestError) {
        var parser = parser
        try blocks(&reader) { text, offset, reader in
            reader.read(text, byteOffset: offset, into: &parser)
        }
        finish(&reader, &parser)
    }

    /// A table of trades many rows at a time, where its layout allows. How is decided here, once for a file.
    func tradesByColumn(_ table: TableReading, _ reader: inout LineReader) throws(IngestError) {
        guard options.readsByColumn, case .lines = found.container else {
            return try rows(&reader, trades(table))
        }
        var parser = trades(table)
        #if KERNEL_LEVELS
            if let wide = WideTradeReader(
                table.layout, time: table.time, naming: naming, builder: builder,
                level: options.processorLevel)
            {
                try blocks(&reader) { text, offset, reader in
                    wide.read(text, byteOffset: offset, &reader, &parser)
                }
                return finish(&reader, &parser)
            }
        #endif
        guard
            let columns = TradeColumnReader(
                table.layout, time: table.time, naming: naming, builder: builder,
                level: options.processorLevel)
        else { return try rows(&reader, parser) }
        try blocks(&reader) { text, offset, reader in
            columns.read(text, byteOffset: offset, &reader, &parser)
        }
        finish(&reader, &parser)
    }

    /// The text block by block.
    private func blocks(
        _ reader: inout LineReader, _ read: (Bytes, Int, inout LineReader) -> Void
    ) throws(IngestError) {
        while let (block, offset) = try input.nextBlock() {
            let clock = options.timer.start()
            if let dropped = input.takeDroppedLine() {
                reader.drop(byteOffset: dropped.byteOffset, head: dropped.head)
            }
            let skipped = offset == 0 ? found.skip : 0
            read(Bytes(rebasing: block.dropFirst(skipped)), offset + skipped, &reader)
            options.timer.stop(.rows, clock)
            meter.addBytes(block.count)
        }
        if let dropped = input.takeDroppedLine() {
            reader.drop(byteOffset: dropped.byteOffset, head: dropped.head)
        }
    }

    /// The elements of a JSON document; one for which `parse` returns nil is no row.
    func document(
        _ reader: inout LineReader, wants: @escaping (JSONElements.Place) -> Bool,
        _ parse: (Bytes, JSONElements.Element) -> RowOutcome?
    ) throws(IngestError) {
        var elements = JSONElements(wants: wants)
        var skip = found.skip
        while let chunk = try input.nextChunk() {
            let clock = options.timer.start()
            do throws(JSONElements.Problem) {
                try elements.read(Bytes(rebasing: chunk.dropFirst(skip))) { raw, element in
                    guard let outcome = parse(raw, element) else { return }
                    reader.count(
                        outcome, line: element.line, column: element.column,
                        byteOffset: element.byteOffset + found.skip, text: raw)
                }
            } catch {
                throw malformed(error)
            }
            options.timer.stop(.rows, clock)
            skip = 0
            meter.addBytes(chunk.count)
        }
        do throws(JSONElements.Problem) {
            try elements.finish()
        } catch {
            // A document that was cut off in unpacking breaks off: the tool's complaint says why.
            try input.finish()
            throw malformed(error)
        }
    }

    private func malformed(_ problem: JSONElements.Problem) -> IngestError {
        .malformed(path: path, line: problem.line, column: problem.column, message: problem.message)
    }
}
