import Files
import Units

/// A table that was written by its declaration, read again by the names of its columns.
///
/// Columns may stand in any order and further ones are passed over, so that tables of other versions read too.
public struct TableReader {
    public typealias Row = [CSVReader.Field]

    /// The rows, as many fields each as there are columns.
    public let rows: [Row]
    private let path: String
    private var places: [String: Int] = [:]

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - table: The table's declaration.
    ///   - path: The file.
    ///   - columns: The columns that are needed, all of them declared.
    ///   - origin: What the file should be, for the error where it or a column is missing.
    /// - Throws: `TableError` with the place of what is missing.
    public init(
        _ table: TableDescription, path: String, columns: [String], origin: String
    ) throws(TableError) {
        self.path = path
        let records: [Row]
        do {
            records = try CSVReader.records(ofFile: path, limit: InputFile.tableBytesMax)
        } catch {
            let hint = error.line > 0 ? "" : ": expected \(origin)"
            throw TableError(
                file: path, line: error.line, column: error.column, message: error.message + hint)
        }
        let header = records.first ?? []
        for (place, field) in header.enumerated() { places[field.text] = place }
        for column in columns {
            precondition(
                table.columns.contains { $0.name == column }, "\(table.file) declares no column '\(column)'")
            guard places[column] == nil else { continue }
            throw TableError(
                file: path, line: 1, column: 1,
                message: "there is no column '\(column)': expected \(origin)")
        }
        for row in records.dropFirst() where row.count != header.count {
            throw TableError(
                file: path, line: row[0].line, column: 1,
                message: "expected \(header.count) fields, but found \(row.count)")
        }
        rows = Array(records.dropFirst())
    }

    /// Whether the file has a column: those of later versions are not asked of all.
    public func has(_ column: String) -> Bool { places[column] != nil }

    /// The text of a column that was asked for, or that the file has.
    public func text(_ row: Row, _ column: String) -> String { field(row, column).text }

    /// The number of a column.
    ///
    /// - Throws: `TableError` with its place where it is none, or not finite.
    public func number(_ row: Row, _ column: String) throws(TableError) -> Double {
        try value(row, column, "a number") { Double(decimal: $0) }
    }

    /// The instant of a column.
    ///
    /// - Throws: `TableError` with its place where it is none.
    public func time(_ row: Row, _ column: String) throws(TableError) -> Timestamp {
        try value(row, column, "a time such as 2026-01-05T00:00:00Z") { Timestamp(iso8601: $0) }
    }

    private func field(_ row: Row, _ column: String) -> CSVReader.Field {
        guard let place = places[column] else { preconditionFailure("'\(column)' was not asked for") }
        return row[place]
    }

    private func value<Value>(
        _ row: Row, _ column: String, _ expected: String, _ read: (String) -> Value?
    ) throws(TableError) -> Value {
        guard let value = read(text(row, column)) else { throw error(row, column, "expected \(expected)") }
        return value
    }

    /// What is wrong with a cell, with its place.
    public func error(_ row: Row, _ column: String, _ message: String) -> TableError {
        let field = field(row, column)
        return TableError(
            file: path, line: field.line, column: field.column,
            message: "'\(field.text)' in '\(column)': \(message)")
    }
}
