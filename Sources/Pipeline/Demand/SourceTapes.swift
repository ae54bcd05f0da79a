import Ingest
import Reporting
import Tape
import Units

/// Reads a plan's sources into tapes: one of demand, one of raw trades, one for each source of traffic.
///
/// They are kept apart, because on one tape the minutes of raw logs would stand for their whole hours.
struct SourceTapes {
    let plan: PlanFile
    let files: SourceFiles
    let threads: Int

    /// What was read.
    struct Result {
        var demand: Tape
        var burstiness: Tape?
        var traffic: [(tape: Tape, sampleShare: Double)] = []
        /// When orders came, of the sources of raw trades; none where there are more than fit into memory.
        var arrivals: [ArrivalSeries] = []
        var inputs: [InputSummary] = []
        var quarantine: [QuarantineEntry] = []
    }

    /// Reads all sources into tapes below a folder.
    func read(into folder: String) throws -> Result {
        guard plan.sources.contains(where: { $0.use == .demand }) else {
            throw ConfigurationError(
                file: plan.path ?? "plan", place: plan.sources.first?.place,
                message: "no source has the use 'demand', so there is nothing to forecast")
        }
        // All patterns are looked up before anything is read.
        let found = try plan.sources.map { ($0, try files.files(of: $0, plan: plan.path)) }
        var inputs: [InputSummary] = []
        var quarantine: [QuarantineEntry] = []
        var traffic: [(tape: Tape, sampleShare: Double)] = []
        for (index, (source, paths)) in found.enumerated() {
            let name = source.use == .traffic ? "traffic-\(index)" : source.use.rawValue
            let report = try ingest(paths, source, into: "\(folder)/\(name)")
            inputs += report.files.map { summary($0, use: source.use) }
            quarantine += report.quarantine.map(entry)
            if source.use == .traffic {
                traffic.append((try Tape.open("\(folder)/\(name)"), source.sampleShare))
            }
        }
        let hasRaw = found.contains { $0.0.use == .burstiness }
        let demand = try Tape.open("\(folder)/demand")
        var result = Result(
            demand: demand, burstiness: hasRaw ? try Tape.open("\(folder)/burstiness") : nil,
            traffic: traffic,
            inputs: inputs, quarantine: quarantine)
        if hasRaw || demand.series.contains(where: \.hasEvents) {
            for (source, paths) in found where source.use == (hasRaw ? .burstiness : .demand) {
                // A log too large for memory is known by the tape's counts instead.
                let read = try? ArrivalReader(try options(source)).read(paths)
                result.arrivals += read?.series ?? []
            }
        }
        return result
    }

    private func options(_ source: PlanFile.Source) throws -> IngestOptions {
        var options = IngestOptions()
        options.threads = threads
        options.venue = source.venue
        options.symbol = source.symbol
        options.map = source.map
        if !source.routes.isEmpty { options.routes = RouteTable(rules: source.routes) }
        if let name = source.format {
            guard let format = InputFormat(rawValue: name) else {
                throw ConfigurationError.unknown(
                    "format", name, among: InputFormat.allNames, at: source.place,
                    file: plan.path ?? "plan")
            }
            options.format = format
        }
        return options
    }

    private func ingest(_ paths: [String], _ source: PlanFile.Source, into tape: String) throws
        -> IngestReport
    {
        let report = try Ingestor(try options(source)).ingest(paths, into: tape)
        if let failure = report.failures.first?.failure { throw failure }
        return report
    }

    private func summary(_ file: FileReport, use: PlanFile.Use) -> InputSummary {
        var summary = InputSummary(
            path: files.relative(file.path), use: use.rawValue, format: file.format?.rawValue ?? "",
            rows: file.rows,
            accepted: file.accepted, duplicates: file.duplicates, quarantined: file.quarantined)
        summary.contentHash = file.contentHash
        return summary
    }

    private func entry(_ row: QuarantinedRow) -> QuarantineEntry {
        QuarantineEntry(
            path: files.relative(row.path), line: row.line, column: row.column == 0 ? nil : row.column,
            byteOffset: row.byteOffset,
            reason: row.reason.description,
            excerpt: row.excerpt)
    }
}
