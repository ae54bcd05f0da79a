import Ingest
import Units

/// Reads the file that says where a table, or JSON lines, of no known format hold what.
public enum ColumnMapFile {
    /// The table of its keys.
    public static let spec = ObjectSpec(
        "Where a table, or JSON lines, hold what.",
        [
            FieldSpec(
                "rows", .choice(ColumnMap.Kind.allCases.map(\.rawValue)), required: true,
                "What each row "
                    + "is."),
            FieldSpec(
                "columns", .map(keys: ColumnMap.names, .either(.text, .integer(1...4096))), required: true,
                "Where each value stands: a name in the header, a path in the JSON object (`data.price`), "
                    + "or a number "
                    + "from 1."),
            FieldSpec("text", .choice(["table", "json-lines"]), "How rows are written; table if absent."),
            FieldSpec("delimiter", .text, "What parts columns, one character; found out if absent."),
            FieldSpec("header", .flag, "Whether the first line names the columns; true if absent."),
            FieldSpec("skip_lines", .integer(0...1000), "Lines to pass over at the front; 0 if absent."),
            FieldSpec(
                "time_unit", .choice(["s", "ms", "us", "ns"]),
                "The unit of numeric times; found out if absent."),
            FieldSpec(
                "start", .time, "With `step`: times are row numbers, and this is the time of the first."),
            FieldSpec("step", .duration(1...34_560_000), "With `start`: the distance of two rows."),
            FieldSpec("first", .integer(0...1_000_000), "The number of the first row; 1 if absent."),
            FieldSpec("side", .choice(["taker", "maker"]), "Whose side the side is; taker if absent."),
            FieldSpec(
                "absent", .choice(["missing", "zero"]), "What an absent bar means; missing if absent."),
            FieldSpec("venue", .text, "The venue, where no column says it."),
            FieldSpec("symbol", .text, "The symbol, where no column says it."),
        ])

    /// A map from the text of its file.
    ///
    /// - Throws: `ConfigurationError`, with line and column.
    public static func read(_ text: [UInt8], file: String) throws(ConfigurationError) -> ColumnMap {
        let value = try PlacedJSON(parsing: text, file: file)
        try spec.check(value, file: file)
        return try decode(value, file: file)
    }

    /// A map from a value that was checked.
    static func decode(_ value: PlacedJSON, file: String) throws(ConfigurationError) -> ColumnMap {
        let kind = value["rows"]?.string.flatMap(ColumnMap.Kind.init) ?? .trades
        var map = ColumnMap(kind: kind, columns: [:])
        for member in value["columns"]?.members ?? [] {
            if let name = member.value.string {
                map.columns[member.key] = .name(name)
            } else if let number = member.value.number {
                map.columns[member.key] = .column(Int(number))
            }
        }
        try demand(kind, map.columns, value, file)
        map.isJSON = value["text"]?.string == "json-lines"
        if let text = value["delimiter"]?.string {
            let plain = text == "\\t" ? "\t" : text
            guard plain.utf8.count == 1, let byte = plain.utf8.first else {
                throw ConfigurationError(
                    file: file, place: value["delimiter"]?.place,
                    message: "'delimiter' must be one character, not '\(text)'")
            }
            map.delimiter = byte
        }
        map.hasHeader = value["header"]?.bool ?? true
        map.skipLines = Int(value["skip_lines"]?.number ?? 0)
        map.clock = try clock(value, file)
        map.sideIsMakers = value["side"]?.string == "maker"
        map.absentIsZero = value["absent"]?.string == "zero"
        map.venue = value["venue"]?.string
        map.symbol = value["symbol"]?.string
        return map
    }

    /// What each kind of row cannot do without.
    private static func demand(
        _ kind: ColumnMap.Kind, _ columns: [String: ColumnMap.Place], _ value: PlacedJSON, _ file: String
    ) throws(ConfigurationError) {
        let needed: [String] =
            switch kind {
            case .trades: ["price", "quantity"]
            case .bars: ["open", "high", "low", "close", "count"]
            case .requests: ["path", "status"]
            case .counts: columns["count"] == nil ? ["value"] : []
            case .events: []
            }
        let hasClock = columns["time"] != nil || value["start"] != nil
        if let missing = (hasClock ? [] : ["time"]).first ?? needed.first(where: { columns[$0] == nil }) {
            throw ConfigurationError(
                file: file, place: value["columns"]?.place ?? value.place,
                message: "rows of \(kind.rawValue) need '\(missing)' among the columns")
        }
    }

    private static func clock(
        _ value: PlacedJSON, _ file: String
    ) throws(ConfigurationError) -> ColumnMap.Clock {
        if let unit = value["time_unit"]?.string {
            let nanoseconds: [String: Int64] = ["s": 1_000_000_000, "ms": 1_000_000, "us": 1000, "ns": 1]
            return .epoch(nanoseconds: nanoseconds[unit] ?? 1_000_000_000)
        }
        let start = value["start"]?.string.flatMap { Timestamp(iso8601: $0) }
        let step = value["step"]?.string.flatMap { Duration(text: $0)?.inSeconds }
        switch (start, step) {
        case (nil, nil): return .automatic
        case (let start?, let step?):
            guard step == step.rounded() else {
                throw ConfigurationError(
                    file: file, place: value["step"]?.place, message: "'step' must be whole seconds")
            }
            return .steps(
                start: start, stepSeconds: Int64(step), first: Int64(value["first"]?.number ?? 1))
        default:
            throw ConfigurationError(
                file: file, place: (value["start"] ?? value["step"])?.place,
                message: "'start' and 'step' go together")
        }
    }
}
