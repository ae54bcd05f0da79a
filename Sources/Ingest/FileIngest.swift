import Glibc
import Tape
import Units

/// Sees the events of files as they are read.
protocol FileObserver: EventObserver {
    /// Called before the first event of a file.
    func begin(_ format: InputFormat)
}

/// Reads one input, or a range of one, from its first byte to a delta, or to the reason why not.
struct FileIngest: Sendable {
    let options: IngestOptions
    let known: KnownRows
    let store: PageStore?
    let meter: Meter

    /// Reads an input, or the lines that start in a range of its bytes. What goes wrong is in the result.
    func read(
        _ path: InputPath, spool: Spool? = nil, range: Range<Int>? = nil, observer: (any FileObserver)? = nil
    ) -> FileResult {
        var result = FileResult(path: path.path)
        result.report.archive = path.member?.archive
        result.report.bytes = path.size ?? spool?.size ?? 0
        do throws(IngestError) {
            if let problem = path.problem { throw problem }
            // A member of an archive is copied when its turn comes, and its copy goes with the turn.
            var copy = spool
            if let member = path.member {
                if let range, range.lowerBound > 0 {
                    result.isElsewhere = true
                    return result
                }
                copy = try Spool(archive: member.archive, member: member.entry, path: path.path)
            }
            try withExtendedLifetime(copy) { () throws(IngestError) in
                try read(path.path, copy?.descriptor, path.member == nil ? range : nil, observer, &result)
            }
        } catch {
            result.fail(error)
        }
        return result
    }

    private func read(
        _ path: String, _ descriptor: Int32?, _ range: Range<Int>?, _ observer: (any FileObserver)?,
        _ result: inout FileResult
    ) throws(IngestError) {
        let whole = try ByteInput(path: path, descriptor: descriptor, timing: options.timer)
        let clock = options.timer.start()
        let found = try sniff(whole, path)
        options.timer.stop(.sniff, clock)
        result.report.format = found.format.about
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
        builder.clock = options.timer.clock
        observer?.begin(found.format.about)
        builder.observer = observer
        var reader = LineReader(
            path: path, header: found.table?.layout.header, bannerLines: found.bannerLines,
            faults: found.format.faults(in: found), keptMax: options.quarantineKeptMax)
        let feed = RowFeed(
            input: input, path: path, found: found, options: options, builder: builder, meter: meter)
        result.isNamedAsWhole = isByName(found)
        if result.isNamedAsWhole, !feed.naming.isTold { result.unnamed = feed.naming }
        try found.format.read(feed, &reader)
        try input.finish()
        if !reader.waitingExcerpts.isEmpty {
            try reader.fillExcerpts(from: ByteInput(path: path, descriptor: descriptor, range: range))
        }
        result.report.textBytes = input.textBytes
        result.hasher = input.hasher
        fill(&result, from: reader)
        let closing = options.timer.start()
        do throws(TapeError) {
            result.delta = try builder.finish(
                source: input.hasher.finish(), bytes: input.textBytes, format: found.format.about.rawValue)
        } catch {
            result.tapeFailure = error
        }
        options.timer.stop(.rows, closing)
        // Rows are coded in between.
        options.timer.move(builder.codingNanoseconds, from: .rows, to: .code)
    }

    /// Whether the name of the file says whose trades it holds, since neither a column nor the document does.
    private func isByName(_ found: Finding) -> Bool {
        let rows = found.format.about.rows
        guard rows == .trades || rows == .bars, let table = found.table else { return false }
        return table.layout.columns[.symbol] == nil
    }

    private func sniff(_ input: ByteInput, _ path: String) throws(IngestError) -> Finding {
        let head = try input.peek(Sniffer.headLength)
        if head.isEmpty {
            try input.finish()
            throw .empty(path: path)
        }
        let sniffer = Sniffer(path: path, wanted: options.format, zone: options.map?.zone ?? options.zone)
        do throws(IngestError) {
            return try sniffer.find(head, isWhole: head.count < Sniffer.headLength, map: options.map)
        } catch {
            // A text that was cut off in unpacking is unlike anything: the tool's complaint says why.
            if head.count < Sniffer.headLength { try input.finish() }
            throw error
        }
    }

    private func fill(_ result: inout FileResult, from reader: borrowing LineReader) {
        result.lines = reader.line
        result.hasEndedOpen = reader.hasEndedOpen
        result.report.rows = reader.rows
        result.report.accepted = reader.accepted
        result.report.duplicates = reader.duplicates
        result.report.quarantined = reader.quarantine.count
        result.report.reasons = reader.quarantine.byReason
        // What parsers find out after the last row comes behind the others.
        result.quarantine = reader.quarantine.kept.sorted { $0.byteOffset < $1.byteOffset }
    }
}
