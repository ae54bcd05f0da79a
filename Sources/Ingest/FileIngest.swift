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
        result.report.archive = path.member?.archive
        result.report.bytes = path.size ?? spool?.size ?? 0
        do throws(IngestError) {
            if let problem = path.problem { throw problem }
            // A member of an archive is copied when its turn comes, and its copy goes with the turn.
            var copy = spool
            if let member = path.member {
                copy = try Spool(archive: member.archive, member: member.entry, path: path.path)
            }
            try withExtendedLifetime(copy) { () throws(IngestError) in
                try read(try ByteInput(path: path.path, descriptor: copy?.descriptor), path.path, &result)
            }
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
        let sniffer = Sniffer(path: path, wanted: options.format, zone: options.zone)
        let found: Finding
        do throws(IngestError) {
            found = try sniffer.find(head, isWhole: head.count < Sniffer.headLength, map: options.map)
        } catch {
            // A text that was cut off in unpacking is unlike anything: the tool's complaint says why.
            if head.count < Sniffer.headLength { try input.finish() }
            throw error
        }
        result.report.format = found.format
        let builder = TapeDeltaBuilder(known: known, keepsOverlap: options.overlap == .keep)
        var reader = RowReader(
            path: path, header: found.table?.layout.header, bannerLines: found.bannerLines,
            keptMax: options.quarantineKeptMax)
        let rows = RowIngest(
            input: input, path: path, found: found, options: options, builder: builder, meter: meter)
        try rows.read(&reader)
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
