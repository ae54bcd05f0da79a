import Units

/// What a user says about a table or about JSON lines that no format fits: where each value stands and what
/// it means.
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

    /// Where a value stands.
    public enum Place: Sendable, Equatable {
        /// In the column of this number, from 1.
        case column(Int)
        /// In the column that the header names so, or at this path of a JSON object.
        case name(String)
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
        "time", "id", "price", "quantity", "first_id", "last_id", "is_buyer_maker", "side", "quote_quantity",
        "open", "high", "low", "close", "volume", "close_time", "quote_volume", "count", "symbol", "exchange",
        "unique_id", "value", "method", "path", "status", "bytes",
    ]

    /// What a row is.
    public var kind: Kind
    /// Whether lines are JSON objects.
    public var isJSON = false
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
    /// What comes first in dates of numbers alone; nil where there are none.
    public var dateOrder: DateOrder?
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
