import Ingest
import Units

/// Reads the file that says where a table, or JSON lines, of no known format hold what.
public enum ColumnMapFile {
    /// What its file may hold, for schemas and the reference.
    public static var shape: ObjectShape { ColumnMapText.spec.shape }

    /// A map from the text of its file.
    ///
    /// - Throws: `ConfigurationError`, with line and column.
    public static func read(_ text: [UInt8], file: String) throws(ConfigurationError) -> ColumnMap {
        try read(text, ConfigurationFile(path: file))
    }

    static func read(_ text: [UInt8], _ file: ConfigurationFile) throws(ConfigurationError) -> ColumnMap {
        try FieldType.columnMap.read(text: text, file)
    }
}

/// A map as its file has it: the clock is put together from several keys.
private struct ColumnMapText {
    var map = ColumnMap(kind: .trades, columns: [:])
    var timeUnit: TimeUnit?
    var start: Timestamp?
    var stepSeconds: Double?
    var first: Int64 = 1

    enum TimeUnit: String, CaseIterable {
        case seconds = "s"
        case milliseconds = "ms"
        case microseconds = "us"
        case nanoseconds = "ns"

        var nanoseconds: Int64 {
            switch self {
            case .seconds: 1_000_000_000
            case .milliseconds: 1_000_000
            case .microseconds: 1000
            case .nanoseconds: 1
            }
        }
    }

    static let spec = ObjectSpec(
        ColumnMapText(), "The columns of a table, or the keys of JSON lines.",
        [
            .required("rows", \.map.kind, .choice, "What each row is."),
            .required(
                "columns", \.map.columns, .map(ColumnMap.names, by: { $0 }, .columnPlace),
                "Where to find each value: a header name, a path in the JSON object (`data.price`), or a "
                    + "column number from 1."),
            .key("text", \.map.isJSON, .words(no: "table", yes: "json-lines"), "Text format of the rows."),
            .optional(
                "delimiter", \.map.delimiter, .delimiter, absent: "detected",
                "Column separator, one character."),
            .key("header", \.map.hasHeader, .flag, "Whether the first line names the columns."),
            .key("skip_lines", \.map.skipLines, .integer(0...1000), "Lines to skip at the start."),
            .optional(
                "time_unit", \.timeUnit, .choice, absent: "detected", "Unit of numeric times."),
            .optional(
                "dates", \.map.dateOrder, .choice, absent: "none",
                "Which part comes first in all-numeric dates such as 05/01/2026."),
            .optional(
                "start", \.start, .time,
                "With `step`: times are row numbers, and this is the time of the first row."),
            .optional(
                "step", \.stepSeconds, .duration(1...34_560_000),
                "With `start`: the time between two rows."),
            .key("first", \.first, .integer(0...1_000_000), "The number of the first row."),
            .key(
                "side", \.map.sideIsMakers, .words(no: "taker", yes: "maker"),
                "Whose side the side column gives."),
            .key(
                "absent", \.map.absentIsZero, .words(no: "missing", yes: "zero"), "What a missing bar means."),
            .optional("venue", \.map.venue, .text, "The venue, if no column gives it."),
            .optional("symbol", \.map.symbol, .text, "The symbol, if no column gives it."),
        ])

    /// What each kind of row cannot do without.
    func checkColumns(_ json: PlacedJSON, _ file: ConfigurationFile) throws(ConfigurationError) {
        let needed: [String] =
            switch map.kind {
            case .trades: ["price", "quantity"]
            case .bars: ["open", "high", "low", "close", "count"]
            case .requests: ["path", "status"]
            case .counts: map.columns["count"] == nil ? ["value"] : []
            case .events: []
            }
        let hasClock = map.columns["time"] != nil || start != nil
        if let missing = (hasClock ? [] : ["time"]).first ?? needed.first(where: { map.columns[$0] == nil }) {
            throw file.error(
                json["columns"]?.place ?? json.place,
                "rows of \(map.kind.rawValue) need '\(missing)' among the columns")
        }
    }

    func clock(_ json: PlacedJSON, _ file: ConfigurationFile) throws(ConfigurationError) -> ColumnMap.Clock {
        if let timeUnit { return .epoch(nanoseconds: timeUnit.nanoseconds) }
        switch (start, stepSeconds) {
        case (nil, nil): return .automatic
        case (let start?, let step?):
            guard step == step.rounded() else {
                throw file.error(json["step"]?.place, "'step' must be a whole number of seconds")
            }
            return .steps(start: start, stepSeconds: Int64(saturating: step), first: first)
        default:
            throw file.error(
                (json["start"] ?? json["step"])?.place, "'start' and 'step' must be given together")
        }
    }
}

extension FieldType where Value == ColumnMap {
    /// A map with the columns that its rows need.
    static var columnMap: FieldType {
        FieldType(.object(ColumnMapText.spec.shape), write: { _ in "null" }) {
            json, file throws(ConfigurationError) in
            var text = try ColumnMapText.spec.read(json, file)
            try text.checkColumns(json, file)
            text.map.clock = try text.clock(json, file)
            return text.map
        }
    }
}

extension FieldType where Value == ColumnMap.Place {
    fileprivate static var columnPlace: FieldType {
        FieldType(.either(.text, .integer(1...4096)), write: { _ in "null" }) { json, _ in
            json.string.map { .name($0) } ?? .column(Int(saturating: json.number ?? 1))
        }
    }
}

extension FieldType where Value == UInt8 {
    fileprivate static var delimiter: FieldType {
        FieldType(.text, write: { _ in "null" }) { json, file throws(ConfigurationError) in
            let text = json.string ?? ""
            let plain = text == "\\t" ? "\t" : text
            guard plain.utf8.count == 1, let byte = plain.utf8.first else {
                throw file.error(json.place, "'delimiter' must be one character, not '\(text)'")
            }
            return byte
        }
    }
}
