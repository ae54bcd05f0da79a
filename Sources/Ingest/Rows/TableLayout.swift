/// How a table's lines are cut, and what its columns hold.
struct TableLayout: Sendable {
    /// Whether some rows, cut into fields, hold what the layout takes them for; times without a zone are of this one.
    typealias Check = @Sendable (_ rows: [[[UInt8]]], TableLayout, LocalZone) -> Bool

    var delimiter: UInt8
    var columnCount: Int
    var columns: [ColumnRole: Int]
    /// The header line, or nil where there is none.
    var header: [UInt8]?
    /// The names in the header; empty where there is none.
    var names: [String]
    /// The side is that of the order that rested.
    var sideIsMakers = false
    /// A negative quantity is a sale of the taker, a positive one a purchase (turned by `sideIsMakers`).
    var signIsSide = false
    /// A trade may come without an id though there is a column of ids.
    var mayLackID = false
    /// An interval that is absent had no trades.
    var absentIsZero = false
    /// A bar opens at the close of the one before it, which may lie outside of its own range.
    var opensAtLastClose = false
    /// Rows may have empty fields behind the last column.
    var mayTrail = false
    /// Below a header, times may be numbers that make no date of a log: 0, 60, 120.
    var mayCountTime = false
    /// What comes first in dates of numbers alone; nil where there are none.
    var dateOrder: DateOrder?
    /// Whether how values are written is found from the fields. Those of JSON do not tell: its numbers without quotation marks
    /// have a point and nothing between thousands, whatever the texts beside them have.
    var detectsNumbers = true
    /// How values are written.
    var numbers = NumberStyle.plain
    /// What rows must hold beside their times; nil for anything.
    var check: Check?

    init(
        delimiter: UInt8 = 0x2C, columnCount: Int = 0, columns: [ColumnRole: Int], header: [UInt8]? = nil,
        names: [String] = []
    ) {
        self.delimiter = delimiter
        self.columnCount = columnCount
        self.columns = columns
        self.header = header
        self.names = names
    }

    /// Whether rows are counts, whose numbers may have marks between thousands, or decimal commas.
    var isOfCounts: Bool { mayCountTime || (columns.count == 2 && columns[.value] != nil) }

    /// The fields of those rows that have as many as the table has columns.
    func cut(_ rows: [Bytes]) -> [[[UInt8]]] {
        var splitter = FieldSplitter(delimiter: delimiter)
        return rows.compactMap { row in
            guard let count = splitter.split(row),
                count == columnCount || (mayTrail && count > columnCount)
            else { return nil }
            return (0..<columnCount).map { Array(splitter.field($0)) }
        }
    }
}
