import Units

/// What a figure counts or measures, as a reader of the reference has to know it: `nodes`, `µs`, `per second`.
public struct ColumnUnit: Sendable, Equatable, ExpressibleByStringLiteral {
    /// The unit in words.
    public let text: String

    /// A unit of its own, as `nodes`.
    public init(stringLiteral text: String) { self.text = text }

    /// An identifier, as of a tier or of a series.
    public static let name: ColumnUnit = "name"
    /// One of a few words, which the sentence lists or explains.
    public static let word: ColumnUnit = "word"
    /// Prose for a reader.
    public static let prose: ColumnUnit = "prose"
    /// An instant in ISO 8601 and UTC.
    public static let utc: ColumnUnit = "UTC"
    /// An instant, or the number of an interval where the input only counts them.
    public static let step: ColumnUnit = "UTC, or steps"
    /// From 0 to 1.
    public static let share: ColumnUnit = "share"
    /// From 0 to 1.
    public static let probability: ColumnUnit = "probability"
    /// A ratio.
    public static let factor: ColumnUnit = "factor"
    /// A number without a unit.
    public static let plain: ColumnUnit = "plain number"
    public static let seconds: ColumnUnit = "s"
    /// Millionths of a second.
    public static let microseconds: ColumnUnit = "µs"
    /// A rate.
    public static let perSecond: ColumnUnit = "per second"
    /// US dollars.
    public static let dollars: ColumnUnit = "USD"
    /// Whether something holds.
    public static let flag: ColumnUnit = "true or false"
}

/// What kind of value a column holds.
public enum ColumnType: String, Sendable, CaseIterable {
    case text
    /// A number with nine significant digits.
    case number
    /// A whole number.
    case integer
    /// An instant in ISO 8601 and UTC.
    case time
    /// Dollars and cents.
    case money
    /// `true` or `false`.
    case flag
}

/// What a reader has to know of a column.
public struct ColumnDescription: Sendable, Equatable {
    /// Its name in the header.
    public let name: String
    /// What kind of value it holds.
    public let type: ColumnType
    /// What the value counts or measures.
    public let unit: ColumnUnit
    /// What it means, in a sentence.
    public let meaning: String
    /// What has to be asked for to get it, as an option; nil where it is always there.
    public let condition: String?
}

/// One entry of a table's declaration: a column, or the three of a figure with its interval.
///
///     .number("load", in: "messages", "Messages in a second of the busiest hour.") { $0.load }
///
/// A missing value is nil.
public struct Column<Row>: Sendable {
    struct Part: Sendable {
        let description: ColumnDescription
        let cell: @Sendable (Row) -> DataTable.Cell
    }

    let parts: [Part]

    private init(_ parts: [Part]) { self.parts = parts }

    private init(
        _ name: String, _ type: ColumnType, _ unit: ColumnUnit, _ meaning: String,
        _ cell: @escaping @Sendable (Row) -> DataTable.Cell
    ) {
        let description = ColumnDescription(
            name: name, type: type, unit: unit, meaning: meaning, condition: nil)
        parts = [Part(description: description, cell: cell)]
    }

    /// The same, written only where an option asks for it.
    public func only(with condition: String) -> Column {
        Column(
            parts.map { part in
                let old = part.description
                return Part(
                    description: ColumnDescription(
                        name: old.name, type: old.type, unit: old.unit, meaning: old.meaning,
                        condition: condition),
                    cell: part.cell)
            })
    }

    /// Several entries as one, as a column for each of many levels.
    public static func list(_ columns: [Column]) -> Column { Column(columns.flatMap(\.parts)) }

    /// Text of any kind.
    public static func text(
        _ name: String, in unit: ColumnUnit, _ meaning: String,
        _ value: @escaping @Sendable (Row) -> String?
    ) -> Column {
        Column(name, .text, unit, meaning) { value($0).map { .text($0) } ?? .missing }
    }

    /// A number; NaN and infinities are missing too.
    public static func number(
        _ name: String, in unit: ColumnUnit, _ meaning: String,
        _ value: @escaping @Sendable (Row) -> Double?
    ) -> Column {
        Column(name, .number, unit, meaning) { value($0).map { .number($0) } ?? .missing }
    }

    /// A whole number.
    public static func integer(
        _ name: String, in unit: ColumnUnit, _ meaning: String,
        _ value: @escaping @Sendable (Row) -> Int?
    ) -> Column {
        Column(name, .integer, unit, meaning) { value($0).map { .count($0) } ?? .missing }
    }

    /// An instant.
    public static func time(
        _ name: String, _ meaning: String, _ value: @escaping @Sendable (Row) -> Timestamp?
    ) -> Column {
        Column(name, .time, .utc, meaning) { value($0).map { .time($0) } ?? .missing }
    }

    /// Dollars and cents.
    public static func money(
        _ name: String, _ meaning: String, _ value: @escaping @Sendable (Row) -> Money?
    ) -> Column {
        Column(name, .money, .dollars, meaning) { value($0).map { .money($0) } ?? .missing }
    }

    /// Whether something holds.
    public static func flag(
        _ name: String, _ meaning: String, _ value: @escaping @Sendable (Row) -> Bool?
    ) -> Column {
        Column(name, .flag, .flag, meaning) { value($0).map { .flag($0) } ?? .missing }
    }

    /// A figure, and the ends of its 95 % interval as `NAME_lo` and `NAME_hi`.
    public static func estimate(
        _ name: String, in unit: ColumnUnit, _ meaning: String,
        _ value: @escaping @Sendable (Row) -> Estimate?
    ) -> Column {
        let figure = number(name, in: unit, meaning) { value($0)?.value }
        let low = number("\(name)_lo", in: unit, "Lower end of the 95 % interval.") { value($0)?.lo }
        let high = number("\(name)_hi", in: unit, "Upper end of the 95 % interval.") { value($0)?.hi }
        return Column(figure.parts + low.parts + high.parts)
    }
}
