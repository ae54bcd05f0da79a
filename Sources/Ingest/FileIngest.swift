import Glibc
import Tape
import Units

/// Reads one input, or a range of one, from its first byte to a delta, or to the reason why not.
struct FileIngest: Sendable {
    let options: IngestOptions
    let known: KnownRows
    let store: PageStore
    let meter: Meter

    /// Reads an input, or the lines that start in a range of its bytes. What goes wrong is in the result.
    func read(_ path: InputPath, spool: Spool? = nil, range: Range<Int>? = nil) -> FileResult {
        var result = FileResult(path: path.path)
        result.report.bytes = path.size ?? spool?.size ?? 0
        do throws(IngestError) {
            if let problem = path.problem { throw problem }
            try read(path.path, spool?.descriptor, range, &result)
        } catch {
            result.fail(error)
        }
        return result
    }

    private func read(
        _ path: String, _ descriptor: Int32?, _ range: Range<Int>?, _ result: inout FileResult
    ) throws(IngestError) {
        let whole = try ByteInput(path: path, descriptor: descriptor, timing: options.timer)
        let clock = options.timer.start()
        let found = try sniff(whole, path)
        options.timer.stop(.sniff, clock)
        result.report.format = found.format
        var input = whole
        if let range {
            if whole.isPlain, found.canBeSplit {
                input = try ByteInput(path: path, descriptor: descriptor, range: range, timing: options.timer)
            } else if range.lowerBound > 0 {
                // Who reads the first range reads all of it.
                result.isElsewhere = true
                return
            }
        }
        let builder = TapeDeltaBuilder(
            known: known, keepsOverlap: options.overlap == .keep, store: store)
        let naming = SeriesNaming(
            path: path, format: found.format, venue: options.venue, symbol: options.symbol)
        var reader = RowReader(path: path, header: found.layout?.header, keptMax: options.quarantineKeptMax)
        try readRows(input, found, naming, builder, &reader)
        try input.finish()
        result.report.textBytes = input.textBytes
        result.hasher = input.hasher
        fill(&result, from: reader)
        do throws(TapeError) {
            result.delta = try builder.finish(
                source: input.hasher.finish(), bytes: input.textBytes, format: found.format.rawValue)
        } catch {
            result.tapeFailure = error
        }
    }

    private func sniff(_ input: ByteInput, _ path: String) throws(IngestError) -> Sniffer.Finding {
        let head = try input.peek(Sniffer.headLength)
        if head.isEmpty {
            try input.finish()
            throw .empty(path: path)
        }
        let sniffer = Sniffer(path: path, wanted: options.format)
        do throws(IngestError) {
            return try sniffer.find(head, isWhole: head.count < Sniffer.headLength)
        } catch {
            // A text that was cut off in unpacking is unlike anything: the tool's complaint says why.
            if head.count < Sniffer.headLength { try input.finish() }
            throw error
        }
    }

    private func readRows(
        _ input: ByteInput, _ found: Sniffer.Finding, _ naming: SeriesNaming, _ builder: TapeDeltaBuilder,
        _ reader: inout RowReader
    ) throws(IngestError) {
        guard let layout = found.layout, let time = found.time else {
            var parser = AccessLogParser(naming: naming, routes: options.routes, builder: builder)
            return try readRows(input, skip: found.skip, &reader, &parser)
        }
        switch found.format {
        case .series, .timestampValue:
            var parser = SeriesTableParser(layout, time: time, naming: naming, builder: builder)
            try readRows(input, skip: found.skip, &reader, &parser)
        case .binanceKlines, .bitmexBars, .bars:
            var parser = BarTableParser(
                layout, time: time, closeTime: found.closeTime, stepSeconds: found.stepSeconds,
                naming: naming,
                builder: builder)
            try readRows(input, skip: found.skip, &reader, &parser)
        default:
            var parser = TradeTableParser(layout, time: time, naming: naming, builder: builder)
            let columns =
                options.readsByColumn
                ? TradeColumnReader(
                    layout, time: time, naming: naming, builder: builder, level: options.processorLevel) : nil
            try readRows(input, skip: found.skip, &reader, &parser, columns)
        }
    }

    private func readRows(
        _ input: ByteInput, skip: Int, _ reader: inout RowReader, _ parser: inout some RowParser & ~Copyable,
        _ columns: TradeColumnReader? = nil
    ) throws(IngestError) {
        while let (block, offset) = try input.nextBlock() {
            let clock = options.timer.start()
            if let dropped = input.takeDroppedLine() {
                reader.drop(byteOffset: dropped.byteOffset, head: dropped.head)
            }
            let skipped = offset == 0 ? skip : 0
            let text = Bytes(rebasing: block.dropFirst(skipped))
            if let columns {
                columns.read(text, byteOffset: offset + skipped, &reader, &parser)
            } else {
                reader.read(text, byteOffset: offset + skipped, into: &parser)
            }
            options.timer.stop(.rows, clock)
            meter.addBytes(block.count)
        }
        if let dropped = input.takeDroppedLine() {
            reader.drop(byteOffset: dropped.byteOffset, head: dropped.head)
        }
        reader.finish(parser)
    }

    private func fill(_ result: inout FileResult, from reader: borrowing RowReader) {
        result.lines = reader.line
        result.report.rows = reader.rows
        result.report.accepted = reader.accepted
        result.report.duplicates = reader.duplicates
        result.report.quarantined = reader.quarantine.count
        result.report.reasons = reader.quarantine.byReason
        result.quarantine = reader.quarantine.kept
    }
}

extension Sniffer.Finding {
    /// Whether a line of the format can be read without the lines before it.
    var canBeSplit: Bool {
        switch format {
        case .binanceTrades, .binanceAggTrades, .timePriceAmount:
            layout?.columns[.symbol] == nil
        case .accessLog: true
        default: false
        }
    }
}
