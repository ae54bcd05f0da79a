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
                "time_of_day_digits", \.map.clockDigits, .choice, absent: "all of one width, as 093001",
                "What the digits of `time_of_day` are, where zeros in front are left out: 93000 is 09:30:00 as HHMMSS."
            ),
            .optional(
                "zone", \.map.zone, .localZone, absent: "that of the source",
                "Time zone of times that name none, or by letters of several meanings: `America/New_York`, `+05:30`."
            ),
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
    mutating func checkConversions(_ json: PlacedJSON, _ file: ConfigurationFile) throws(ConfigurationError) {
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
        if let side = map.constants["side"] {
            guard let known = known(side) else {
                throw file.error(
                    place("constants", "side"),
                    map.sides == nil
                        ? "the constant 'side' must be buy or sell, not '\(side)'"
                        : "the constant 'side' is none of the words of 'sides': '\(side)'")
            }
            map.constants["side"] = known
        }
        for name in ColumnMap.numberNames {
            guard var text = map.constants[name] else { continue }
            // A text is written as the columns are, a number of JSON always with a point.
            if let mark = map.decimalMark, json["constants"]?[name]?.string != nil {
                text = mark.plainText(text) ?? ""
                map.constants[name] = text
            }
            guard let value = Double(decimal: text), value > 0 || name != "price", value >= 0 else {
                throw file.error(
                    place("constants", name),
                    "the constant '\(name)' must be a number"
                        + (map.decimalMark.map { " with '\($0.rawValue)' before decimals" }
                            ?? ", not '\(text)'"))
            }
        }
        try checkSides(json, file)
    }

    private func checkSides(_ json: PlacedJSON, _ file: ConfigurationFile) throws(ConfigurationError) {
        guard let sides = map.sides else { return }
        if map.columns["side"] == nil, map.constants["side"] != nil {
            return try checkWords(sides, json, file)
        }
        guard let side = map.columns["side"], side != map.columns["quantity"] else {
            throw file.error(
                json["sides"]?.place ?? json.place,
                map.columns["side"] == nil
                    ? "'sides' needs a 'side' among the columns"
                    : "'sides' does not go with a side that is the sign of the quantity")
        }
        try checkWords(sides, json, file)
    }

    /// The side that a word stands for.
    private func known(_ word: String) -> String? {
        guard let sides = map.sides else { return ["buy", "sell"].contains(word) ? word : nil }
        let plain = word.lowercased()
        if sides.buy.contains(where: { $0.lowercased() == plain }) { return "buy" }
        return sides.sell.contains { $0.lowercased() == plain } ? "sell" : nil
    }

    private func checkWords(
        _ sides: ColumnMap.SideWords, _ json: PlacedJSON, _ file: ConfigurationFile
    ) throws(ConfigurationError) {
        let sell = Set(sides.sell.map { $0.lowercased() })
        if let both = sides.buy.first(where: { sell.contains($0.lowercased()) }) {
            throw file.error(
                json["sides"]?.place ?? json.place, "'\(both)' is a word for both sides of 'sides'")
        }
    }

    /// Keys that cannot both hold: one place for two values, and settings of another kind of text or clock.
    func checkContradictions(_ json: PlacedJSON, _ file: ConfigurationFile) throws(ConfigurationError) {
        let members = json["columns"]?.members ?? []
        for (index, member) in members.enumerated() {
            let other = members[..<index].first {
                map.columns[$0.key] == map.columns[member.key] && $0.key != member.key
                    && !ColumnMap.mayShare($0.key, member.key)
            }
            if let other {
                throw file.error(
                    member.place,
                    "'\(other.key)' and '\(member.key)' are the same column; a column holds one of them")
            }
        }
        let pairs: [(one: String, other: String, why: String)] = [
            ("time_unit", "start", "are two ways to tell the time of a row"),
            ("time_unit", "time_of_day_digits", "are two ways to read the time of day"),
        ]
        for pair in pairs where json[pair.one] != nil && json[pair.other] != nil {
            throw file.error(json[pair.one]?.place, "'\(pair.one)' and '\(pair.other)' \(pair.why)")
        }
        if map.clockDigits != nil, map.columns["time_of_day"] == nil {
            throw file.error(
                json["time_of_day_digits"]?.place,
                "'time_of_day_digits' needs 'time_of_day' among the columns")
        }
        if json["first"] != nil, start == nil {
            throw file.error(json["first"]?.place, "'first' needs 'start' and 'step'")
        }
        guard map.text != .table else { return }
        // Lines of JSON may have others in front; lines of labels that are not rows are quarantined.
        for key in map.text == .jsonLines ? ["delimiter"] : ["delimiter", "skip_lines"] where json[key] != nil
        {
            throw file.error(
                json[key]?.place,
                "'\(key)' is of tables and does not go with 'text' \"\(map.text.rawValue)\"")
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
            try text.checkContradictions(json, file)
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

extension FieldType where Value == LocalZone {
    fileprivate static var localZone: FieldType {
        FieldType(.text, write: { _ in "null" }) { json, file throws(ConfigurationError) in
            let text = json.string ?? ""
            guard let zone = LocalZone(text) else {
                throw file.error(
                    json.place,
                    "'zone' must be an offset or a time zone name, such as +05:30 or America/Chicago, not '\(text)'"
                )
            }
            return zone
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
