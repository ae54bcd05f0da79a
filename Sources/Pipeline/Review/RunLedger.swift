import Files
import Foundation
import Planning
import Reporting
import Tables
import Units

/// A list of runs that only grows: one line of JSON for each, without the time at which it was written.
///
/// A run that is made again, to the same effect, is in it once.
public struct RunLedger: Sendable {
    /// One run.
    public struct Entry: Sendable, Equatable {
        public var asOf: String
        public var holds: Bool
        /// The chance of a break that it told.
        public var probabilityBroken: Double
        /// Dollars of the plan and of today's nodes over the span.
        public var cost: Double
        public var todaysCost: Double
        /// The last past week that it planned again; nil: it planned none.
        public var lastWeek: String?
        /// What that plan told, what came, and what it and perfect foresight cost.
        public var told: Double?
        public var came: Double?
        public var lastCost: Double?
        public var hindsightCost: Double?
    }

    /// A row of the ledger's table.
    public struct Row: Sendable {
        public var entry: Entry
        /// The cost over that of the run before, less 1; nil for the first.
        public var costChange: Double?
        /// The share of last weeks up to here whose plan broke; nil where there are none.
        public var shareBroken: Double?
    }

    /// Its runs, the first first.
    public let entries: [Entry]

    /// The most bytes of a ledger.
    private static let bytesMax = 256 << 20

    /// Reads a ledger.
    ///
    /// - Throws: `InputFileError` where there is none, `TableError` with the line that is none of a ledger.
    public init(path: String) throws {
        entries = try RunLedger.lines(path).map { number, line in
            let json: PlacedJSON
            do throws(ConfigurationError) {
                json = try PlacedJSON(parsing: Array(line.utf8), file: path)
            } catch {
                throw TableError(
                    file: path, line: number, column: error.place?.column ?? 1, message: error.message)
            }
            guard let entry = Entry(json) else {
                throw TableError(
                    file: path, line: number, column: 1,
                    message: "expected the line of a run, as run --ledger writes it")
            }
            return entry
        }
    }

    /// The lines that are not blank, each with its number in the file, from 1.
    private static func lines(_ path: String) throws(InputFileError) -> [(number: Int, text: Substring)] {
        String(decoding: try InputFile.read(path, limit: bytesMax), as: UTF8.self)
            .split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }.enumerated()
            .map { (number: $0.offset + 1, text: $0.element) }
            .filter { !$0.text.allSatisfy(\.isWhitespace) }
    }

    /// Adds a run at the end of a ledger, which is made where there is none; a line that is there already is not repeated.
    ///
    /// - Throws: `InputFileError` where the file cannot be read, `ResultFolderError` where it cannot be written.
    public static func append(_ report: RunReport, of plan: PlanFile, to path: String) throws {
        let line = line(report, plan)
        var lines: [Substring] = []
        if FileManager.default.fileExists(atPath: path) { lines = try Self.lines(path).map(\.text) }
        guard !lines.contains(line[...]) else { return }
        let text = (lines + [line[...]]).joined(separator: "\n") + "\n"
        try ResultFile.write(Array(text.utf8), to: path)
    }

    /// The line of a run.
    static func line(_ report: RunReport, _ plan: PlanFile) -> String {
        func number(_ value: Double) -> String { value.isFinite ? NumberText.csv(value) : "null" }
        let inputs = report.inputs.map { "\($0.path)\t\($0.contentHash ?? "")" }.joined(separator: "\n")
        var members: [(String, String)] = [
            ("as_of", ExportText.quoted(report.asOf.description)),
            ("until", ExportText.quoted(report.end.description)), ("name", ExportText.quoted(report.name)),
            ("version", ExportText.quoted(highwaterVersion)), ("seed", "\(plan.seed)"),
            ("plan_hash", ExportText.quoted(RunHash.text(String(decoding: plan.text, as: UTF8.self)))),
            ("inputs_hash", ExportText.quoted(RunHash.text(inputs))),
            ("holds", "\(report.plan.isFeasible)"), ("p_broken", number(report.plan.probabilityBroken)),
            ("cost_usd", number(report.plan.totalCost.dollars)),
            ("todays_cost_usd", number(report.plan.todaysCost.dollars)),
        ]
        if let week = report.pastPlans?.weeks.last {
            members += [
                ("last_week", ExportText.quoted(week.start.description)), ("last_p_said", number(week.told)),
                ("last_p_came", number(week.came)), ("last_cost_usd", number(week.cost.dollars)),
                ("last_hindsight_cost_usd", week.hindsightCost.map { number($0.dollars) } ?? "null"),
            ]
        }
        return jsonObject(members.map { (key: $0.0, value: $0.1) })
    }

    /// Accuracy and cost over time.
    public var rows: [Row] {
        var (weeks, broken) = (0.0, 0.0)
        return entries.indices.map { place in
            let entry = entries[place]
            if let came = entry.came {
                weeks += 1
                if PlanScore.isBroken(came) { broken += 1 }
            }
            let before = place > 0 ? entries[place - 1].cost : 0
            return Row(
                entry: entry, costChange: before > 0 ? entry.cost / before - 1 : nil,
                shareBroken: weeks > 0 ? broken / weeks : nil)
        }
    }

    /// The table of `show ledger`.
    public static let table = TableSchema<Row>(
        "show ledger", of: "show ledger", "A run of a ledger.",
        [
            .text("as_of", in: .utc, "Start of the planned span.") { $0.entry.asOf },
            .flag("holds", "Whether the plan holds every objective.") { $0.entry.holds },
            .number("p_broken", in: .probability, "The chance of a break that it told.") {
                $0.entry.probabilityBroken
            },
            .number("cost_usd", in: .dollars, "Cost of the plan over the span.") { $0.entry.cost },
            .number("cost_change", in: .share, "That cost over the run's before, less 1.", \.costChange),
            .number("todays_cost_usd", in: .dollars, "Cost of today's nodes over the span.") {
                $0.entry.todaysCost
            },
            .text("last_week", in: .utc, "Start of the last past week; empty if none was planned again.") {
                $0.entry.lastWeek
            },
            .number("last_p_said", in: .probability, "The chance of a break that its plan told.") {
                $0.entry.told
            },
            .number("last_p_came", in: .probability, "The chance of a break at the loads that came.") {
                $0.entry.came
            },
            .number("last_cost_usd", in: .dollars, "Cost of that plan.") { $0.entry.lastCost },
            .number("last_hindsight_cost_usd", in: .dollars, "Cost of a plan with perfect foresight.") {
                $0.entry.hindsightCost
            },
            .number(
                "share_broken", in: .share, "Share of last weeks up to this run whose plan broke.",
                \.shareBroken),
        ])
}

extension RunLedger.Entry {
    fileprivate init?(_ json: PlacedJSON) {
        guard let asOf = json["as_of"]?.string, let holds = json["holds"]?.bool,
            let cost = json["cost_usd"]?.number, let today = json["todays_cost_usd"]?.number
        else { return nil }
        self.init(
            asOf: asOf, holds: holds, probabilityBroken: json["p_broken"]?.number ?? .nan, cost: cost,
            todaysCost: today, lastWeek: json["last_week"]?.string, told: json["last_p_said"]?.number,
            came: json["last_p_came"]?.number, lastCost: json["last_cost_usd"]?.number,
            hindsightCost: json["last_hindsight_cost_usd"]?.number)
    }
}
