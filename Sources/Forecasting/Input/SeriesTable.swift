import Files
import Tables
import Units

/// Series read from a CSV table with the columns `unique_id,ds,y` and, where there are prices,
/// `high,low,close`.
///
/// `ds` is ISO 8601, a count since the epoch (seconds to nanoseconds), or a small integer that only counts
/// intervals. An empty `y` is missing. Rows may come in any order; rows of one interval are added up, since
/// `y` is a count. Each series has its own step, which may be of months; times that jitter around a step are put on it.
public struct SeriesTable: Sendable {
    /// The series in the order in which the table first names them; their names are those of the table.
    public let series: [RegularSeries]
    /// The prices of each series, on its own steps; nil where the table has no such columns.
    public let prices: [Prices?]
    /// Rows that repeat an earlier `unique_id` and `ds`; the first one counts.
    public let duplicates: [Duplicate]
    /// Number of rows that were added to another row's interval.
    public let mergedRowCount: Int
    /// Silences of more than a week, inside a series.
    public let gaps: [Gap]
    /// Whether `ds` counted intervals or months, so that instants mean nothing to a calendar.
    public let isIndexed: Bool
    /// Seasons of series whose steps are months, in steps; nil for others.
    public let monthSeasons: [Int]?

    private let calendar: MonthSteps?
    private let names: [SeriesID: String]
    private let indexStepSeconds: Int64

    /// The highest, the lowest and the last price of each step; NaN is missing.
    public struct Prices: Sendable, Equatable {
        /// The highest price.
        public let high: [Double]
        /// The lowest price.
        public let low: [Double]
        /// The last price.
        public let close: [Double]

        /// Prices of as many steps each.
        public init(high: [Double], low: [Double], close: [Double]) {
            precondition(high.count == low.count && low.count == close.count, "one price a step")
            self.high = high
            self.low = low
            self.close = close
        }
    }

    /// A silence inside a series.
    public struct Gap: Sendable, Equatable {
        /// The name of the series.
        public let uniqueID: String
        /// The line of the row behind it.
        public let line: Int
        /// How many steps have no row.
        public let steps: Int
    }

    /// A repeated row.
    public struct Duplicate: Sendable, Equatable {
        /// The line of the repetition.
        public let line: Int
        /// The line of the row that counts.
        public let firstLine: Int
        /// The name of the series.
        public let uniqueID: String
    }

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - stepSeconds: The step; by default each series' own, an hour for intervals.
    /// - Returns: The table.
    /// - Throws: `TableError` at the first thing that is wrong.
    public static func read(path: String, stepSeconds: Int64? = nil) throws(TableError) -> SeriesTable {
        try SeriesTable(bytes: try tableBytes(path), file: path, stepSeconds: stepSeconds)
    }

    /// Reads a table that is in memory; `file` is how errors name it.
    public init(bytes: [UInt8], file: String, stepSeconds: Int64? = nil) throws(TableError) {
        let rows = try WrittenRows(bytes: bytes, file: file)
        if let step = stepSeconds {
            guard step > 0, step <= SeriesTable.longestStepSeconds else {
                throw TableError(
                    file: file, line: 0, column: 0,
                    message: "a step of \(step) seconds; expected 1 s to 1,000 days")
            }
        }
        let placed = try PlacedRows(rows, stepSeconds: stepSeconds, file: file)
        series = placed.series
        prices = placed.prices
        duplicates = placed.duplicates
        mergedRowCount = placed.mergedRowCount
        gaps = placed.gaps
        calendar = placed.calendar
        monthSeasons = placed.calendar.map { $0.stepsPerYear.map { [$0] } ?? [] }
        isIndexed = rows.isIndexed || placed.calendar != nil
        indexStepSeconds = placed.calendar?.stepSeconds ?? stepSeconds ?? 3600
        names = placed.names
    }

    /// The longest step that a table may have.
    static let longestStepSeconds: Int64 = 86_400_000

    /// The name of a series as the table had it.
    public func uniqueID(of id: SeriesID) -> String {
        names[id] ?? id.description
    }

    /// An instant as the table would write it: a number of intervals, or ISO 8601.
    public func ds(_ instant: Timestamp) -> String {
        if let calendar { return calendar.time(at: instant.seconds / indexStepSeconds).description }
        return isIndexed ? String(instant.seconds / indexStepSeconds) : instant.description
    }
}

/// What a file of a table holds; throws `TableError` where it cannot be read, is too large, or has a line that is none.
func tableBytes(_ path: String) throws(TableError) -> [UInt8] {
    let bytes: [UInt8]
    do {
        bytes = try InputFile.read(path)
    } catch {
        throw TableError(file: path, line: 0, column: 0, message: error.reason)
    }
    if let line = InputFile.tooLongLine(of: bytes) {
        throw TableError(file: path, line: line, column: 0, message: "the line is longer than 1 MiB")
    }
    return bytes
}
