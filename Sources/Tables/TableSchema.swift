/// A table as it is declared: its file, what a row is, and its columns, each with name, unit, meaning and cell.
///
/// The writer, the readers, JSON and the reference of all columns follow from it, so that a column is added in one
/// place:
///
///     static let work = TableSchema<WorkRow>("work.csv", of: "plan", "A symbol and one of its queues.", [
///         .text("tier", in: .name, "The tier.", \.tier),
///         .number("work_us_per_trade", in: .microseconds, "Work for one trade.") { $0.secondsPerTrade * 1e6 },
///     ])
public struct TableSchema<Row>: Sendable {
    /// What a reader has to know of it.
    public let description: TableDescription
    private let columns: [Column<Row>.Part]

    /// Declares a table.
    ///
    /// - Parameters:
    ///   - file: The file's name; for a table that goes where `--output` says, the command's name.
    ///   - command: The commands or options that write it.
    ///   - meaning: What a row is, in a sentence.
    ///   - columns: The columns from left to right.
    public init(
        _ file: String, of command: String, _ meaning: String, _ columns: [Column<Row>]
    ) {
        self.columns = columns.flatMap(\.parts)
        description = TableDescription(
            file: file, command: command, meaning: meaning, columns: self.columns.map(\.description))
    }

    /// A table without rows.
    ///
    /// - Parameters:
    ///   - format: CSV or JSON.
    ///   - conditions: Of the columns that are written only where asked for, whose.
    /// - Returns: What takes the rows.
    public func writer(format: DataTable.Format = .csv, with conditions: Set<String> = []) -> TableWriter<Row>
    {
        TableWriter(
            columns.filter { part in part.description.condition.map(conditions.contains) ?? true }, format)
    }

    /// A table of rows.
    public func table(
        _ rows: some Sequence<Row>, format: DataTable.Format = .csv, with conditions: Set<String> = []
    ) -> DataTable {
        var writer = writer(format: format, with: conditions)
        for row in rows { writer.append(row) }
        return writer.table
    }

    /// The table of rows as CSV, under its file's name.
    public func file(_ rows: some Sequence<Row>) -> (name: String, table: DataTable) {
        (description.file, table(rows))
    }
}

/// What a reader has to know of a table.
public struct TableDescription: Sendable, Equatable {
    /// The file's name, or the command's.
    public let file: String
    /// The commands or options that write it.
    public let command: String
    /// What a row is, in a sentence.
    public let meaning: String
    /// The columns from left to right.
    public let columns: [ColumnDescription]

    /// The version of all tables: it rises when a column goes, is renamed or gets another type, unit or meaning. Further
    /// columns and tables leave it, as readers go by names.
    public static let schemaVersion = 1
}

/// Writes the rows of a table that is declared, one by one.
public struct TableWriter<Row>: Sendable {
    /// The table so far.
    public private(set) var table: DataTable
    private let columns: [Column<Row>.Part]

    init(_ columns: [Column<Row>.Part], _ format: DataTable.Format) {
        self.columns = columns
        table = DataTable(columns: columns.map(\.description.name), format: format)
    }

    /// Adds a row.
    public mutating func append(_ row: Row) {
        table.beginRow()
        for place in columns.indices { table.write(columns[place].cell(row), at: place) }
        table.endRow()
    }

    /// Takes the text written so far, so that a long table can be passed on in parts.
    public mutating func drain() -> [UInt8] { table.drain() }
}
