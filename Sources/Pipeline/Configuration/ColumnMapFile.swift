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
        ColumnMapText(), "The columns of a table, or the keys of JSON, LTSV or logfmt lines.",
        [
            .required("rows", \.map.kind, .choice, "What each row is."),
            .required(
                "columns", \.map.columns, .map(ColumnMap.names, by: { $0 }, .columnPlace),
                "Where to find each value: a header name, a path in the JSON object (`data.price`), a label, or a "
                    + "number from 1 (of a column, or of an element where rows are JSON arrays). `time_of_day` is "
                    + "joined to the date in `time`."),
            .key(
                "text", \.map.text, .choice,
                "Text format of the rows: a table, JSON (lines, or one array), LTSV (`label:value` between tabs), or "
                    + "logfmt (`key=value`)."),
            .optional(
                "delimiter", \.map.delimiter, .delimiter, absent: "detected",
                "Column separator, one character."),
            .key("header", \.map.hasHeader, .flag, "Whether the first line names the columns."),
            .key("skip_lines", \.map.skipLines, .integer(0...1000), "Lines to skip at the start."),
            .optional(
                "time_unit", \.timeUnit, .choice, absent: "detected",
                "Unit of numeric times; with `time_of_day`, of its count since midnight (absent: digits such as "
                    + "093001)."),
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
            .optional(
                "sides", \.map.sides, .object(ColumnMapText.sides),
                absent: "`buy`, `b`, `bid`; `sell`, `s`, `ask`",
                "The words of the side column. A word that is in neither list is an error of its row."),
            .optional(
                "decimal", \.map.decimalMark, .choice, absent: "`.`; detected for counts",
                "Decimal mark of all numbers. The other mark, blanks, `'` and `_` may then separate thousands."
            ),
            .key(
                "scale", \.map.scales, .map(ColumnMap.numberNames, by: { $0 }, .number(1e-18...1e18)),
                absent: "none",
                "A factor for each number that needs one: 0.01 for a price in cents, 100 for a quantity in lots of "
                    + "100."),
            .key(
                "constants", \.map.constants, .map(ColumnMap.constantNames, by: { $0 }, .word),
                absent: "none",
                "Values that no column gives because they are the same in all rows."),
            .key(
                "absent", \.map.absentIsZero, .words(no: "missing", yes: "zero"), "What a missing bar means."),
            .optional("venue", \.map.venue, .text, "The venue, if no column gives it."),
            .optional("symbol", \.map.symbol, .text, "The symbol, if no column gives it."),
        ])

    /// The words of a side column.
    private static let sides = ObjectSpec(
        ColumnMap.SideWords(buy: [], sell: []), "The words of a side column; case does not matter.",
        [
            .required("buy", \.buy, .list(.word, atLeast: 1), "Words for a purchase."),
            .required("sell", \.sell, .list(.word, atLeast: 1), "Words for a sale."),
        ])

    /// Keys that contradict each other, or lack what they need.
    func checkConversions(_ json: PlacedJSON, _ file: ConfigurationFile) throws(ConfigurationError) {
        func place(_ key: String, _ name: String) -> TextPlace? {
            (json[key]?.members.first { $0.key == name })?.place ?? json[key]?.place ?? json.place
        }
        if map.columns["time_of_day"] != nil, map.columns["time"] == nil || start != nil {
            throw file.error(
                place("columns", "time_of_day"),
                map.columns["time"] == nil
                    ? "'time_of_day' needs a 'time' that holds the dates"
                    : "'time_of_day' does not go with 'start' and 'step'")
        }
        if let name = map.scales.keys.sorted().first(where: { map.columns[$0] == nil }) {
            throw file.error(place("scale", name), "'scale' has '\(name)', which is not among the columns")
        }
        if let name = map.constants.keys.sorted().first(where: { map.columns[$0] != nil }) {
            throw file.error(place("constants", name), "'\(name)' is both a column and a constant")
        }
        if let side = map.constants["side"], !["buy", "sell"].contains(side) {
            throw file.error(
                place("constants", "side"), "the constant 'side' must be buy or sell, not '\(side)'")
        }
        for name in ColumnMap.numberNames {
            guard let text = map.constants[name] else { continue }
            guard let value = Double(decimal: text), value > 0 || name != "price", value >= 0 else {
                throw file.error(
                    place("constants", name), "the constant '\(name)' must be a number, not '\(text)'")
            }
        }
        try checkSides(json, file)
    }

    private func checkSides(_ json: PlacedJSON, _ file: ConfigurationFile) throws(ConfigurationError) {
        guard let sides = map.sides else { return }
        guard let side = map.columns["side"], side != map.columns["quantity"] else {
            throw file.error(
                json["sides"]?.place ?? json.place,
                map.columns["side"] == nil
                    ? "'sides' needs a 'side' among the columns"
                    : "'sides' does not go with a side that is the sign of the quantity")
        }
        let sell = Set(sides.sell.map { $0.lowercased() })
        if let both = sides.buy.first(where: { sell.contains($0.lowercased()) }) {
            throw file.error(
                json["sides"]?.place ?? json.place, "'\(both)' is a word for both sides of 'sides'")
        }
    }

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
        if let missing = (hasClock ? [] : ["time"]).first
            ?? needed.first(where: { map.columns[$0] == nil && map.constants[$0] == nil })
        {
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
            try text.checkConversions(json, file)
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

extension FieldType where Value == String {
    /// A text, or a whole number that stands for its digits.
    fileprivate static var word: FieldType {
        FieldType(
            .either(.text, .number(-.greatestFiniteMagnitude ... .greatestFiniteMagnitude)),
            write: { _ in "null" }
        ) { json, _ in
            json.string ?? json.number.map { number in
                number == number.rounded() ? "\(Int64(saturating: number))" : "\(number)"
            } ?? ""
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
