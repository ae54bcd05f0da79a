import Glibc
import Tape
import Units

/// Reads one input from its first byte to a delta, or to the reason why not.
struct FileIngest: Sendable {
    let options: IngestOptions
    let known: KnownRows
    let meter: Meter

    /// Reads an input. What goes wrong is in the result.
    func read(_ path: InputPath, spool: Spool? = nil) -> FileResult {
        var result = FileResult(path: path.path)
        result.report.bytes = path.size ?? spool?.size ?? 0
        do throws(IngestError) {
            if let problem = path.problem { throw problem }
            try read(try ByteInput(path: path.path, descriptor: spool?.descriptor), path.path, &result)
        } catch {
            result.fail(error)
        }
        return result
    }

    private func read(_ input: ByteInput, _ path: String, _ result: inout FileResult) throws(IngestError) {
        let head = try input.peek(Sniffer.headLength)
        if head.isEmpty {
            try input.finish()
            throw .empty(path: path)
        }
        let sniffer = Sniffer(path: path, wanted: options.format)
        let found: Sniffer.Finding
        do throws(IngestError) {
            found = try sniffer.find(head, isWhole: head.count < Sniffer.headLength)
        } catch {
            // A text that was cut off in unpacking is unlike anything: the tool's complaint says why.
            if head.count < Sniffer.headLength { try input.finish() }
            throw error
        }
        result.report.format = found.format
        let builder = TapeDeltaBuilder(known: known, keepsOverlap: options.overlap == .keep)
        let naming = SeriesNaming(
            path: path, format: found.format, venue: options.venue, symbol: options.symbol)
        var reader = RowReader(path: path, header: found.layout?.header, keptMax: options.quarantineKeptMax)
        try readRows(input, found, naming, builder, &reader)
        try input.finish()
        result.report.textBytes = input.textBytes
        fill(&result, from: reader)
        let delta: TapeDelta
        do throws(TapeError) {
            delta = try builder.finish(
                source: input.hasher.finish(), bytes: input.textBytes, format: found.format.rawValue)
        } catch {
            result.tapeFailure = error
            return
        }
        result.report.first = delta.first
        result.report.last = delta.last
        result.report.series = delta.series
        try checkShare(result, path)
        result.delta = delta
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
            try readRows(input, skip: found.skip, &reader, &parser)
        }
    }

    private func readRows(
        _ input: ByteInput, skip: Int, _ reader: inout RowReader, _ parser: inout some RowParser & ~Copyable
    ) throws(IngestError) {
        var skip = skip
        while let (block, offset) = try input.nextBlock() {
            if let dropped = input.takeDroppedLine() {
                reader.drop(byteOffset: dropped.byteOffset, head: dropped.head)
            }
            reader.read(Bytes(rebasing: block.dropFirst(skip)), byteOffset: offset + skip, into: &parser)
            skip = 0
            meter.addBytes(block.count)
        }
        if let dropped = input.takeDroppedLine() {
            reader.drop(byteOffset: dropped.byteOffset, head: dropped.head)
        }
        reader.finish(parser)
    }

    private func fill(_ result: inout FileResult, from reader: borrowing RowReader) {
        result.report.rows = reader.rows
        result.report.accepted = reader.accepted
        result.report.duplicates = reader.duplicates
        result.report.quarantined = reader.quarantine.count
        result.report.reasons = reader.quarantine.byReason
        result.quarantine = reader.quarantine.kept
    }

    private func checkShare(_ result: FileResult, _ path: String) throws(IngestError) {
        let report = result.report
        guard Double(report.quarantined) > options.badRowShareMax * Double(report.rows) else { return }
        throw .tooManyBadRows(
            path: path, quarantined: report.quarantined, rows: report.rows, limit: options.badRowShareMax,
            example: result.quarantine.first)
    }
}
