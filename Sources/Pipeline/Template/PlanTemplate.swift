import Exchange
import Files
import Foundation
import Ingest
import Planning
import Reporting
import Tape
import Units

/// Writes a commented plan file from the logs of a folder.
public struct PlanTemplate {
    /// The folder.
    public let logs: String
    /// Threads to use.
    public let threads: Int

    /// A template for the logs of a folder.
    public init(logs: String, threads: Int) {
        self.logs = logs
        self.threads = threads
    }

    /// A file that was read, by what it is good for.
    private struct Found {
        var use: PlanFile.Use
        var path: String
        var format: InputFormat
        var series: [SeriesID]
    }

    /// The plan's text, JSON with comments.
    ///
    /// - Throws: `TapeError`, `IngestError` where no file holds trades or requests.
    public func text() throws -> String {
        let work = try WorkFolder(keeping: nil)
        return try withExtendedLifetime(work) { try text(in: work.path) }
    }

    private func text(in folder: String) throws -> String {
        var options = IngestOptions()
        options.threads = threads
        let report = try Ingestor(options).ingest([logs], into: folder + "/tape")
        let found = report.files.compactMap(classify)
        guard found.contains(where: { $0.use != .traffic }) else {
            throw report.failures.first?.failure
                ?? IngestError.unrecognised(path: logs, near: "no file contains trades")
        }
        // Raw trades of a few minutes tell burstiness; where nothing else counts trades, they are the demand.
        let hasBars = found.contains { $0.use == .demand }
        let sources = group(found, hasBars: hasBars, all: report.files.map { relative($0.path) })
        let tape = try Tape.open(folder + "/tape")
        let symbols = tape.series.filter { $0.id.kind == "trades" }
        let failed = report.failures.map { file in
            "    // not read: \(PlanTemplate.comment(relative(file.path))): "
                + PlanTemplate.comment(file.failure.map(PlanTemplate.reason) ?? "")
        }
        let plan = PlanFile.spec.blank
        return """
            {
              // Written by `highwater init`. Every key has a default; `highwater config schema` lists them
              // all.
              \(PlanFile.spec.memberText(of: plan, "name")),
              \(PlanFile.spec.memberText(of: plan, "seed")),

              // Found in the folder of logs: \(symbols.count) series of trades and \
            \(tape.series.count - symbols.count) of requests.
              // `use`: demand is forecast, burstiness measures how arrivals cluster, traffic measures the
              // messages per trade. A source may also set "format", "venue" and "symbol", a column "map"
              // for an unrecognised format, and "routes", the rules for request classes.
              "sources": [
            \((failed + sources).joined(separator: "\n"))
              ],

              "forecast": { \(forecast(plan.forecast)) },
            \(mixText(tape))
              // What the plan must survive: N+1, the loss of a zone, and at most this chance of breaking any
              // objective over the horizon.
              "plan": {
                \(required(plan.options))
              },

              // Today's exchange. Enter your measured service times, and the nodes and shapes that run today.
            \(PlanTemplate.topology(.standard)),

              // What-if scenarios to test the plan with: files, or objects as here.
              "scenarios": [
                { "name": "surge-5x", "description": "Five times the traffic within four minutes",
                  "events": [{ "event": "surge", "x": 5, "ramp": "4m", "hold": "20m" }] }
              ]
            }

            """
    }

    private func forecast(_ plan: PlanFile.ForecastPlan) -> String {
        PlanFile.ForecastPlan.spec.memberText(of: plan, "step", "horizon", "seasons", "paths")
    }

    private func required(_ options: PlanOptions) -> String {
        PlanOptions.spec.memberText(
            of: options, "zones", "spare_nodes", "survives_zone_loss", "probability_broken")
    }

    private func relative(_ path: String) -> String {
        SourceFiles(root: logs).relative(path)
    }

    private func classify(_ file: FileReport) -> Found? {
        guard file.failure == nil, let format = file.format else { return nil }
        let use: PlanFile.Use =
            switch format.rows {
            case .requests, .events: .traffic
            case .bars, .counts: .demand
            case .trades, .messages: .burstiness
            }
        guard file.series.contains(where: { $0.kind == "trades" || $0.kind == "requests" }) else {
            return nil
        }
        return Found(use: use, path: relative(file.path), format: format, series: file.series)
    }

    /// One source for each use, folder and format: a pattern where one names these files and no others, so
    /// that tomorrow's files are found too, and else the files one by one.
    private func group(_ found: [Found], hasBars: Bool, all: [String]) -> [String] {
        var groups: [String: (use: PlanFile.Use, folder: String, paths: [String])] = [:]
        for file in found {
            let use = file.use == .burstiness && !hasBars ? .demand : file.use
            let folder = PlanTemplate.folder(file.path)
            let key = "\(use.rawValue)|\(folder)|\(file.format.rawValue)"
            groups[key, default: (use, folder, [])].paths.append(file.path)
        }
        let entries = groups.sorted { $0.key < $1.key }.map { _, group in
            let beside = all.filter { PlanTemplate.folder($0) == group.folder }
            let paths = PlanTemplate.pattern(for: group.paths, among: beside).map { [$0] } ?? group.paths
            let share = group.use == .traffic ? ", \"sample_share\": 1" : ""
            return "    { \"use\": \"\(group.use.rawValue)\", \"paths\": ["
                + paths.map(ExportText.quoted).joined(separator: ", ") + "]\(share) }"
        }
        return [entries.joined(separator: ",\n")]
    }

    private static func folder(_ path: String) -> String {
        path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    }

    /// The pattern `folder/prefix*suffix` that names these files of a folder and no others; nil where there
    /// is none, or where a single file needs none.
    static func pattern(for paths: [String], among beside: [String]) -> String? {
        guard paths.count > 1, let first = paths.first else { return nil }
        let folder = folder(first)
        guard !folder.contains(where: { $0 == "*" || $0 == "?" }) else { return nil }
        let names = paths.map { $0.dropFirst(folder.count) }
        let prefix = names.dropFirst().reduce(names[0]) { shared, name in
            shared.prefix(zip(shared, name).prefix { $0 == $1 }.count)
        }
        let suffix = names.dropFirst().reduce(names[0]) { shared, name in
            shared.suffix(zip(shared.reversed(), name.reversed()).prefix { $0 == $1 }.count)
        }
        // A shared end that starts at a dot is a file type; more than that is chance.
        let type = suffix.firstIndex(of: ".").map { suffix[$0...] } ?? ""
        let letters = prefix.prefix { !$0.isNumber && $0 != "*" && $0 != "?" }
        for candidate in [folder + "*" + type, folder + letters + "*" + type] {
            let glob = Glob(candidate)
            if Set(beside.filter(glob.matches)) == Set(paths) { return candidate }
        }
        return nil
    }

    private func mixText(_ tape: Tape) -> String {
        if tape.series.contains(where: { $0.id.kind == "requests" }) {
            return "  // The messages per trade are measured from the traffic logs.\n"
        }
        let spec = MessageMix.spec
        return """
              // Messages per trade; there are no traffic logs to measure them from.
              "mix": {
                \(spec.memberText(of: .standard, "orders_per_trade", "cancels_per_trade")),
                \(spec.memberText(of: .standard, "queries_per_trade"))
              },

            """
    }

    /// A topology as the plan file has it.
    static func topology(_ topology: Topology) -> String {
        let tiers = topology.tiers.map { tier in
            func members(_ keys: String...) -> String {
                keys.map { Tier.spec.memberText(of: tier, $0) }.filter { !$0.isEmpty }.joined(separator: ", ")
            }
            let lines = [
                members("name", "kind", "nodes"), members("shape", "allowed_shapes"), members("service"),
                members("sending"), members("memory"), members("objective"), members("imbalance"),
            ]
            let text = lines.filter { !$0.isEmpty }.map { "            " + $0 }.joined(separator: ",\n")
            return "          {\n\(text)\n          }"
        }
        let edges = topology.edges.map { "      " + Topology.Edge.spec.text(of: $0) }
        return """
              "topology": {
                "tiers": [
            \(tiers.joined(separator: ",\n"))
                ],
                \(Topology.spec.memberText(of: topology, "sources")),
                "edges": [
            \(edges.joined(separator: ",\n"))
                ]
              }
            """
    }

    /// Why a file was not read, short: one line each is enough to know which they are, and `ingest` tells the rest.
    private static func reason(_ failure: IngestError) -> String {
        switch failure {
        case .unrecognised: "no known format fits"
        case .empty: "empty"
        case .binary: "not text"
        default: failure.description
        }
    }

    /// Text that stays on the line of its comment.
    private static func comment(_ text: String) -> String {
        String(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : Character($0) })
    }
}
