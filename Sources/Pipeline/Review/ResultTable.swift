import Forecasting
import Foundation
import Tables
import Units

/// A table of a finished run, read again by the names of its columns.
struct ResultTable {
    let path: String
    private var places: [String: Int] = [:]
    private(set) var rows: [[CSVReader.Field]] = []

    /// Reads a table of a folder.
    ///
    /// - Throws: `TableError` where the file, a column or a field is missing.
    init(_ name: String, in folder: String, columns: [String]) throws(TableError) {
        path = folder + "/" + name
        guard let data = FileManager.default.contents(atPath: path) else {
            throw TableError(
                file: path, line: 0, column: 0, message: "no such file: expected the folder of a finished run"
            )
        }
        var fields = CSVReader(Array(data))
        let header = try fields.next(file: path) ?? []
        for (place, field) in header.enumerated() { places[field.text] = place }
        for column in columns where places[column] == nil {
            throw TableError(file: path, line: 1, column: 1, message: "there is no column '\(column)'")
        }
        while let row = try fields.next(file: path) {
            guard row.count == header.count else {
                throw TableError(
                    file: path, line: row[0].line, column: 1,
                    message: "expected \(header.count) fields, found \(row.count)")
            }
            rows.append(row)
        }
    }

    func text(_ row: [CSVReader.Field], _ column: String) -> String { row[places[column] ?? 0].text }

    func number(_ row: [CSVReader.Field], _ column: String) throws(TableError) -> Double {
        try value(row, column, "a number") { Double($0).flatMap { $0.isFinite ? $0 : nil } }
    }

    func time(_ row: [CSVReader.Field], _ column: String) throws(TableError) -> Timestamp {
        try value(row, column, "an instant, as 2026-01-05T00:00:00Z") { Timestamp(iso8601: $0) }
    }

    private func value<Value>(
        _ row: [CSVReader.Field], _ column: String, _ expected: String, _ read: (String) -> Value?
    ) throws(TableError) -> Value {
        let field = row[places[column] ?? 0]
        guard let value = read(field.text) else {
            throw TableError(
                file: path, line: field.line, column: field.column,
                message: "'\(field.text)' in '\(column)': expected \(expected)")
        }
        return value
    }
}
