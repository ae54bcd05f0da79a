import Files
import Units

/// A table that was written by its declaration, read again by the names of its columns.
///
/// Columns may stand in any order and further ones are passed over, so that tables of other versions read too.
public struct TableReader {
    /// A row.
    public typealias Row = [CSVReader.Field]

    /// The rows, as many fields each as there are columns.
    public private(set) var rows: [Row] = []
    private let path: String
    private var places: [String: Int] = [:]

    /// Reads a file of a folder.
    ///
    /// - Parameters:
    ///   - table: The table's declaration.
    ///   - folder: Where its file lies.
    ///   - columns: The columns that are needed, all of them declared.
    ///   - origin: What the folder should be, for the error where the file is missing.
    /// - Throws: `TableError` with the place of what is missing.
    public init(
        _ table: TableDescription, in folder: String, columns: [String], origin: String
    ) throws(TableError) {
        path = folder + "/" + table.file
        let bytes: [UInt8]
        do {
            bytes = try InputFile.read(path)
        } catch {
            throw TableError(file: path, line: 0, column: 0, message: "\(error.reason): expected \(origin)")
        }
        var reader = CSVReader(bytes)
        let header = try reader.next(file: path) ?? []
        for (place, field) in header.enumerated() { places[field.text] = place }
        for column in columns {
            precondition(
                table.columns.contains { $0.name == column }, "\(table.file) declares no column '\(column)'")
            guard places[column] == nil else { continue }
            throw TableError(file: path, line: 1, column: 1, message: "there is no column '\(column)'")
        }
        while let row = try reader.next(file: path) {
            guard row.count == header.count else {
                throw TableError(
                    file: path, line: row[0].line, column: 1,
                    message: "expected \(header.count) fields, found \(row.count)")
            }
            rows.append(row)
        }
    }

    /// The text of a column; empty where it is missing.
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
        try value(row, column, "an instant, as 2026-01-05T00:00:00Z") { Timestamp(iso8601: $0) }
    }

    private func field(_ row: Row, _ column: String) -> CSVReader.Field {
        guard let place = places[column] else { preconditionFailure("'\(column)' was not asked for") }
        return row[place]
    }

    private func value<Value>(
        _ row: Row, _ column: String, _ expected: String, _ read: (String) -> Value?
    ) throws(TableError) -> Value {
        let field = field(row, column)
        guard let value = read(field.text) else {
            throw TableError(
                file: path, line: field.line, column: field.column,
                message: "'\(field.text)' in '\(column)': expected \(expected)")
        }
        return value
    }
}
