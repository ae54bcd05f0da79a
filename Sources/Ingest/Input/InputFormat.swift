/// A format of log that can be read: its name, what its rows are, and its page for a reader. How its files are known and
/// read, its file in `Formats` says.
public struct InputFormat: Sendable, Hashable {
    /// What a row stands for.
    public enum Rows: Sendable {
        /// One trade, or several in one.
        case trades
        /// A bar, with a length and a number of trades.
        case bars
        /// A count of one interval.
        case counts
        case requests
        /// A message, of which nothing but its time counts.
        case messages
        /// An event, of which nothing but its time is known.
        case events
    }

    /// The name that options and reports have, as `binance-trades`.
    public let rawValue: String
    /// What a row stands for.
    public let rows: Rows
    /// The venue of a file that does not say which one it is from.
    let venue: String
    /// Whether a file's name ends in the length of its bars in minutes, as `XBTUSD_60` does.
    let namesMinutes: Bool
    /// Whether every row is an arrival of one series, whatever it is counted as.
    let joinsArrivals: Bool

    /// What it is.
    public let title: String
    /// Its columns, or the grammar of its lines.
    public let grammar: String
    /// How it is told from others.
    public let recognition: String
    /// Which series it gives, and what counts as one.
    public let series: String
    /// What else a reader should know; empty for nothing.
    public let notes: String
    /// Files in `Datasets/samples`, at least one.
    public let samples: [String]

    init(
        _ name: String, rows: Rows, venue: String? = nil, namesMinutes: Bool = false,
        joinsArrivals: Bool = false, title: String, grammar: String, recognition: String, series: String,
        notes: String = "", samples: [String]
    ) {
        rawValue = name
        self.rows = rows
        self.venue = venue ?? (rows == .requests ? "http" : "generic")
        self.namesMinutes = namesMinutes
        self.joinsArrivals = joinsArrivals
        self.title = title
        self.grammar = grammar
        self.recognition = recognition
        self.series = series
        self.notes = notes
        self.samples = samples
    }

    /// Whether two formats have one name.
    public static func == (one: InputFormat, other: InputFormat) -> Bool { one.rawValue == other.rawValue }

    /// Hashes the name.
    public func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }
}
