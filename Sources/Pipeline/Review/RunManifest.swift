import Foundation
import Reporting
import Units

/// What a finished run says of itself: the `manifest.json` of its folder.
///
/// What is asked for is read when it is, so that folders of other versions serve as far as they go.
public struct RunManifest: Sendable {
    /// The folder.
    public let folder: String
    private let path: String
    private let content: PlacedJSON

    /// Reads the manifest of a folder.
    ///
    /// - Throws: `ResultManifestError` where there is none, or it is no JSON.
    public init(_ folder: String) throws(ResultManifestError) {
        self.folder = folder
        path = folder + "/manifest.json"
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ResultManifestError(
                file: path, message: "no such file: expected the manifest of a finished run")
        }
        do {
            content = try PlacedJSON(parsing: Array(data), file: path)
        } catch {
            throw ResultManifestError(file: path, place: error.place, message: error.message)
        }
    }

    /// The version that made it.
    public var version: String {
        get throws(ResultManifestError) { try value("version", "a text", \.string) }
    }

    /// The start of the planned span.
    public var asOf: Timestamp {
        get throws(ResultManifestError) {
            try value("as_of", "an instant") { $0.string.flatMap { Timestamp(iso8601: $0) } }
        }
    }

    /// Whether that was asked for; otherwise it is the end of the data.
    public var isAsOfGiven: Bool {
        get throws(ResultManifestError) { try value("as_of_given", "true or false", \.bool) }
    }

    /// The length of a step in seconds.
    public var stepSeconds: Int64 {
        get throws(ResultManifestError) {
            try value("step_seconds", "a whole number of seconds above 0") {
                $0.number.flatMap { Int64(exactly: $0) }.flatMap { $0 > 0 ? $0 : nil }
            }
        }
    }

    public var seed: UInt64 {
        get throws(ResultManifestError) {
            try value("seed", "a whole number") { $0.number.flatMap { UInt64(exactly: $0) } }
        }
    }

    /// The plan file, as it was named.
    public var planFile: String {
        get throws(ResultManifestError) { try value("plan_file", "a text", \.string) }
    }

    /// What was written in it.
    public var planText: String {
        get throws(ResultManifestError) { try value("plan_text", "a text", \.string) }
    }

    /// The same; nil where nothing is told of a plan.
    var planTextIfAny: String? { content["plan_text"]?.string }

    /// How many past weeks it was told to plan again; nil: as it thought best.
    public var pastWeeks: Int? { content["past_weeks"]?.number.flatMap { Int(exactly: $0) } }

    /// Whether past plans are from a backtest that it was given.
    public var isBacktestGiven: Bool { content["backtest_given"]?.bool ?? false }

    /// Whether every objective is held.
    public var isFeasible: Bool {
        get throws(ResultManifestError) { try value("feasible", "true or false", \.bool) }
    }

    /// Whether exports were asked for even of a plan that does not hold.
    public var areExportsForced: Bool {
        get throws(ResultManifestError) { try value("exports_forced", "true or false", \.bool) }
    }

    /// The files of the result but for this one, by their paths in the folder.
    public var files: [String] {
        get throws(ResultManifestError) { try value("files", "a list of texts", \.texts) }
    }

    /// The files that were read, in their order, each with the hash of its text; empty where the run did not keep it.
    public var inputs: [(path: String, hash: String)] {
        get throws(ResultManifestError) {
            try value("inputs", "a list of files", { $0.items }).map {
                ($0["path"]?.string ?? "", $0["hash"]?.string ?? "")
            }
        }
    }

    /// The hash of the shapes and prices; nil where the run did not keep it.
    public var catalogueHash: String? { content["catalogue_hash"]?.string }

    /// What the run showed on the terminal.
    public var screen: RunReport.Screen {
        get throws(ResultManifestError) {
            try value("screen", "what the run showed") { RunReport.Screen($0) }
        }
    }

    private func value<Value>(
        _ key: String, _ expected: String, _ read: (PlacedJSON) -> Value?
    ) throws(ResultManifestError) -> Value {
        guard let found = content[key] else {
            throw ResultManifestError(
                file: path, place: content.place,
                message: "there is no '\(key)' in it: expected the manifest of a finished run")
        }
        guard let value = read(found) else {
            throw ResultManifestError(
                file: path, place: found.place, message: "'\(key)': expected \(expected)")
        }
        return value
    }
}

extension PlacedJSON {
    /// The texts of a list of nothing else.
    fileprivate var texts: [String]? {
        guard case .array(let items) = kind else { return nil }
        let texts = items.compactMap(\.string)
        return texts.count == items.count ? texts : nil
    }
}

extension RunReport.Screen {
    /// The manifest's object.
    var content: [String: Any] {
        [
            "holds": holds, "verdict": verdict, "lines": lines, "header": header, "rows": rows,
            "findings": findings,
        ]
    }

    fileprivate init?(_ content: PlacedJSON) {
        guard let holds = content["holds"]?.bool, let verdict = content["verdict"]?.string,
            let lines = content["lines"]?.texts, let header = content["header"]?.texts,
            let rows = content["rows"]?.items.map(\.texts), let findings = content["findings"]?.texts
        else { return nil }
        let cells = rows.compactMap { $0 }
        guard cells.count == rows.count, cells.allSatisfy({ $0.count == header.count }) else { return nil }
        self.init(
            holds: holds, verdict: verdict, lines: lines, header: header, rows: cells, findings: findings)
    }
}

/// What is wrong with the manifest of a result folder, and where.
public struct ResultManifestError: Error, Sendable, Equatable, CustomStringConvertible {
    public var file: String
    /// Where in it; nil for the file as a whole.
    public var place: TextPlace?
    /// What was found and what was expected.
    public var message: String

    /// `week/manifest.json:3:5: …`.
    public var description: String {
        place.map { "\(file):\($0.line):\($0.column): \(message)" } ?? "\(file): \(message)"
    }
}
