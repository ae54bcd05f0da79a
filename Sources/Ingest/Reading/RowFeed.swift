import Tape
import Units

/// Reads the rows of one input by the parser of its format.
struct RowFeed {
    let input: ByteInput
    let path: String
    let found: Finding
    let options: IngestOptions
    let builder: TapeDeltaBuilder
    let meter: Meter

    private var naming: SeriesNaming {
        SeriesNaming(
            path: path, format: found.format, venue: options.venue ?? options.map?.venue,
            symbol: options.symbol ?? options.map?.symbol)
    }

    /// Reads all rows. Throws where the input cannot be read, or is a document that breaks off.
    func read(_ reader: inout LineReader) throws(IngestError) {
        switch found.format {
        case .accessLog:
            try lines(&reader, AccessLogParser(naming: naming, routes: options.routes, builder: builder))
        case .accessTable: try requests(&reader, AccessTableFormat.Grammar(zone: options.zone))
        case .awsLoadBalancer: try requests(&reader, AWSLoadBalancerFormat.Grammar(zone: options.zone))
        case .cloudFront: try requests(&reader, CloudFrontFormat.Grammar(zone: options.zone))
        case .envoy: try requests(&reader, EnvoyFormat.Grammar(zone: options.zone))
        case .haproxy: try requests(&reader, HAProxyFormat.Grammar(zone: options.zone))
        case .nginxPlusStatus: try lines(&reader, NginxPlusParser(naming: naming, builder: builder))
        case .lobsterMessages: try lobster(&reader)
        case .prometheusMatrix: try prometheus(&reader)
        default:
            guard let table = found.table else { preconditionFailure("\(found.format) is read as a table") }
            try read(table, &reader)
        }
    }

    private func read(_ table: TableReading, _ reader: inout LineReader) throws(IngestError) {
        switch found.format {
        case .krakenTrades: try kraken(table, &reader)
        case .webSocketCapture: try lines(&reader, WebSocketParser(table, naming: naming, builder: builder))
        case .requestTable, .jsonRequests: try requests(&reader, RequestTableFormat.Grammar(table))
        case .tardisBook: try rows(&reader, TardisBookParser(table, builder: builder))
        case .events: try rows(&reader, EventsParser(table, naming: naming, builder: builder))
        case .grafana: try rows(&reader, GrafanaParser(table, naming: naming, builder: builder))
        case .series, .timestampValue:
            try rows(&reader, SeriesTableParser(table, naming: naming, builder: builder))
        case .binanceKlines, .bitmexBars, .bars, .krakenBars:
            try rows(
                &reader,
                BarTableParser(
                    table.layout, time: table.time, closeTime: table.closeTime,
                    stepSeconds: barSeconds(table), naming: naming, builder: builder))
        case .binanceTrades, .binanceAggTrades: try columns(table, &reader)
        default: try rows(&reader, trades(table))
        }
    }

    private func trades(_ table: TableReading) -> TradeTableParser {
        TradeTableParser(table.layout, time: table.time, naming: naming, builder: builder)
    }

    /// Kraken's file names say the length of a bar, which the rows of a thin market do not.
    private func barSeconds(_ table: TableReading) -> Int64 {
        guard found.format == .krakenBars,
            let minutes = SeriesNaming.withoutMinutes(SeriesNaming.stem(path)).minutes
        else { return table.stepSeconds }
        return minutes * 60
    }

    private func requests(
        _ reader: inout LineReader, _ grammar: consuming some RequestGrammar & ~Copyable
    ) throws(IngestError) {
        try rows(
            &reader,
            RequestLogParser(grammar, naming: naming, routes: options.routes, builder: builder))
    }

    /// Rows of a table: lines, or JSON objects that are turned into lines.
    private func rows(
        _ reader: inout LineReader, _ parser: consuming some RowParser & ~Copyable
    ) throws(IngestError) {
        switch found.container {
        case .lines, .jsonDocument: try lines(&reader, parser)
        case .jsonLines(let shape): try lines(&reader, JSONRowParser(shape, parser))
        case .jsonArray(let shape):
            var parser = JSONRowParser(shape, parser)
            try document(&reader, wants: JSONRecogniser.isRow) { raw, element in
                parser.parse(raw, at: RowPosition(line: element.line, byteOffset: element.byteOffset))
            }
            finish(&reader, &parser)
        }
    }

    /// What is left over, and what the parser finds out after the last row.
    private func finish(_ reader: inout LineReader, _ parser: inout some RowParser & ~Copyable) {
        let clock = options.timer.start()
        reader.finish(&parser)
        options.timer.stop(.rows, clock)
    }

    private func lines(
        _ reader: inout LineReader, _ parser: consuming some RowParser & ~Copyable
    ) throws(IngestError) {
        var parser = parser
        try blocks(&reader) { text, offset, reader in
            reader.read(text, byteOffset: offset, into: &parser)
        }
        finish(&reader, &parser)
    }

    /// A table of trades many rows at a time, where its layout allows.
    private func columns(_ table: TableReading, _ reader: inout LineReader) throws(IngestError) {
        var parser = trades(table)
        #if KERNEL_LEVELS
            if options.readsByColumn,
                let wide = WideTradeReader(
                    table.layout, time: table.time, naming: naming, builder: builder,
                    level: options.processorLevel)
            {
                try blocks(&reader) { text, offset, reader in
                    wide.read(text, byteOffset: offset, &reader, &parser)
                }
                return finish(&reader, &parser)
            }
        #endif
        let columns =
            options.readsByColumn
            ? TradeColumnReader(
                table.layout, time: table.time, naming: naming, builder: builder,
                level: options.processorLevel) : nil
        try blocks(&reader) { text, offset, reader in
            if let columns {
                columns.read(text, byteOffset: offset, &reader, &parser)
            } else {
                reader.read(text, byteOffset: offset, into: &parser)
            }
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
    private func document(
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

    private func lobster(_ reader: inout LineReader) throws(IngestError) {
        guard let (symbol, day) = LobsterFormat.name(path) else {
            throw .unrecognised(
                path: path,
                near:
                    "LOBSTER messages count from midnight, and the file's name has no date such as 2012-06-21"
            )
        }
        try lines(
            &reader,
            LobsterParser(
                symbol: options.symbol ?? symbol, daySeconds: day, venue: naming.venue, zone: options.zone,
                builder: builder))
    }

    private func kraken(_ table: TableReading, _ reader: inout LineReader) throws(IngestError) {
        var parser = KrakenTradesParser(trades(table), hasID: table.layout.columns[.id] != nil)
        try document(&reader, wants: KrakenTradesFormat.isRow) { raw, element in
            parser.parse(
                raw, pair: element.keys[1],
                at: RowPosition(line: element.line, byteOffset: element.byteOffset))
        }
    }

    private func prometheus(_ reader: inout LineReader) throws(IngestError) {
        var parser = PrometheusParser(venue: naming.venue, builder: builder)
        let opened = SeriesCounter()
        try document(
            &reader,
            wants: { place in
                if place.depth == 3, PrometheusFormat.isResult(place) { opened.count += 1 }
                return PrometheusFormat.isPair(place) || PrometheusFormat.isMetric(place)
            },
            { raw, element in
                if element.depth == 4 {
                    parser.name(raw, number: opened.count)
                    return nil
                }
                return parser.parse(
                    raw, number: opened.count,
                    at: RowPosition(line: element.line, byteOffset: element.byteOffset))
            })
        let clock = options.timer.start()
        reader.apply(parser.finish())
        options.timer.stop(.rows, clock)
    }
}

/// Counts the series of a document as they begin.
private final class SeriesCounter {
    var count = 0
}
