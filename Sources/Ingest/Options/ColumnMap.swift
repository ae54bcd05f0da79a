import Units

/// What a user says about a table, or about lines that name their values, that no format fits: where each value stands
/// and what it means.
public struct ColumnMap: Sendable, Equatable {
    /// What a row is.
    public enum Kind: String, Sendable, CaseIterable {
        case trades
        /// A bar with its number of trades.
        case bars
        case requests
        /// A count of one interval.
        case counts
        /// An event of which nothing but its time is kept.
        case events
    }

    /// How the values of a row are parted.
    public enum Text: String, Sendable, CaseIterable {
        case table
        /// Lines of one JSON object or array each, or one array of objects.
        case jsonLines = "json-lines"
        /// Tabs between `label:value` (ltsv.org).
        case ltsv
        /// Blanks between `key=value`, a value perhaps quoted.
        case logfmt
    }

    /// Where a value stands.
    public enum Place: Sendable, Equatable {
        /// In the column of this number, or at this place of a JSON array, from 1.
        case column(Int)
        /// In the column that the header names so, at this path of a JSON object, or behind this label.
        case name(String)
    }

    /// The words of a side column; case does not matter. An empty field is an unknown side.
    public struct SideWords: Sendable, Equatable {
        public var buy: [String]
        public var sell: [String]

        public init(buy: [String], sell: [String]) {
            self.buy = buy
            self.sell = sell
        }
    }

    /// The clock of the times.
    public enum Clock: Sendable, Equatable {
        /// Found by content.
        case automatic
        /// Numbers since the epoch: nanoseconds in one.
        case epoch(nanoseconds: Int64)
        /// Row numbers: the first is `start`, each further one `stepSeconds` later. Without a column, rows
        /// are counted.
        case steps(start: Timestamp, stepSeconds: Int64, first: Int64)
    }

    /// The values that can be named, as the file of a map has them.
    public static let names = [
        "time", "time_of_day", "id", "price", "quantity", "first_id", "last_id", "is_buyer_maker", "side",
        "quote_quantity",
        "open", "high", "low", "close", "volume", "close_time", "quote_volume", "count", "symbol", "exchange",
        "unique_id", "value", "method", "path", "status", "bytes",
    ]

    /// The values that are numbers, which may have a decimal comma or a factor.
    public static let numberNames = [
        "price", "quantity", "quote_quantity", "open", "high", "low", "close", "volume", "quote_volume",
        "count",
        "value", "bytes",
    ]

    /// The values that may be the same in all rows.
    public static let constantNames = [
        "price", "quantity", "side", "unique_id", "method", "path", "status", "bytes",
    ]

    /// Groups of values of which several may stand in one column.
    private static let shared: [Set<String>] = [
        // The sign of a quantity is the side.
        ["side", "quantity"],
        // An id may be a time, and trades that are not summed up are a range of one.
        ["time", "id"], ["id", "first_id", "last_id"],
        ["symbol", "exchange", "unique_id"],
        // `GET /path HTTP/1.1` holds both.
        ["method", "path"],
    ]

    /// Whether one column may hold both of two values.
    public static func mayShare(_ one: String, _ other: String) -> Bool {
        shared.contains { $0.contains(one) && $0.contains(other) }
    }

    /// What a row is.
    public var kind: Kind
    /// How the values of a row are parted.
    public var text = Text.table
    /// What parts columns; nil to find out.
    public var delimiter: UInt8?
    /// Whether the first line names the columns.
    public var hasHeader = true
    /// Lines to pass over at the front.
    public var skipLines = 0
    /// Where the values stand, by their names. Where `side` and `quantity` are one column, its sign is the side: a
    /// negative quantity is a sale.
    public var columns: [String: Place]
    public var clock = Clock.automatic
    /// What the digits of a time of day beside a date are, zeros in front perhaps left out; nil where all of a file have one
    /// width, or marks between them.
    public enum ClockDigits: String, Sendable, CaseIterable {
        case hours = "HH"
        case minutes = "HHMM"
        case seconds = "HHMMSS"
        case milliseconds = "HHMMSSmmm"
        case microseconds = "HHMMSSuuuuuu"
    }

    /// What the digits of `time_of_day` are; nil to find out.
    public var clockDigits: ClockDigits?
    /// The clock of times that name no zone; nil for that of all files.
    public var zone: LocalZone?
    /// What comes first in dates of numbers alone; nil where there are none.
    public var dateOrder: DateOrder?
    /// The mark before the decimals of all numbers, any other mark being one between thousands; nil for plain numbers, and to
    /// find out for counts.
    public var decimalMark: DecimalMark?
    /// What numbers are multiplied by, by their names.
    public var scales: [String: Double] = [:]
    /// The words of the side column; nil for those that are known.
    public var sides: SideWords?
    /// Values that are the same in all rows, by their names; numbers are plain ones.
    public var constants: [String: String] = [:]
    /// Whether the side is that of the order that rested.
    public var sideIsMakers = false
    /// An interval that is absent had no trades.
    public var absentIsZero = false

    /// The venue and the symbol of every file, where columns do not say.
    public var venue: String?
    public var symbol: String?

    public init(kind: Kind, columns: [String: Place]) {
        self.kind = kind
        self.columns = columns
    }
}
