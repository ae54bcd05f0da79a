import Foundation
import Tables
import Units

/// Something that moves demand and is known beforehand: a listing, a promotion, a halving.
public struct PlannedEvent: Sendable, Equatable {
    /// The kind; events of one name share one effect.
    public let name: String
    /// The first instant.
    public let start: Timestamp
    /// The first instant after it.
    public let end: Timestamp
    /// How strong it is, in multiples of the kind's effect on the log scale.
    public let intensity: Double

    /// An event from its parts.
    public init(name: String, start: Timestamp, end: Timestamp, intensity: Double = 1) {
        self.name = name
        self.start = start
        self.end = end
        self.intensity = intensity
    }

    /// Reads a table with the columns `start,end` and, if wanted, `intensity` (1 where empty) and `name`.
    ///
    /// Throws `TableError` at the first thing that is wrong.
    public static func read(path: String) throws(TableError) -> [PlannedEvent] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw TableError(file: path, line: 0, column: 0, message: "cannot be read")
        }
        return try table([UInt8](data), file: path)
    }

    /// Reads a table that is in memory; `file` is how errors name it.
    public static func table(_ bytes: [UInt8], file: String) throws(TableError) -> [PlannedEvent] {
        var reader = CSVReader(bytes)
        guard let header = try reader.next(file: file) else {
            throw TableError(
                file: file, line: 1, column: 0,
                message: "the file is empty; expected start,end,intensity,name")
        }
        let names = header.map(\.text)
        guard let start = names.firstIndex(of: "start"), let end = names.firstIndex(of: "end") else {
            throw TableError(
                file: file, line: 1, column: 1, message: "expected the columns start,end[,intensity,name]")
        }
        let used = ["start", "end", "intensity", "name"].compactMap { names.firstIndex(of: $0) }
        try CSVReader.checkNames(header, titles: names, used: used, file: file)
        var events: [PlannedEvent] = []
        while let fields = try reader.next(file: file) {
            func text(_ column: Int?) -> String {
                column.flatMap { $0 < fields.count ? fields[$0].text : nil } ?? ""
            }
            func problem(_ column: Int, _ message: String) -> TableError {
                let field = column < fields.count ? fields[column] : fields[fields.count - 1]
                return TableError(file: file, line: field.line, column: field.column, message: message)
            }
            guard let from = Timestamp(iso8601: text(start)) else {
                throw problem(start, "'\(text(start))' is not a time; expected ISO 8601")
            }
            guard let to = Timestamp(iso8601: text(end)), to > from else {
                throw problem(end, "'\(text(end))' is not a time after the start; expected ISO 8601")
            }
            var intensity = 1.0
            if let column = names.firstIndex(of: "intensity"), !text(column).isEmpty {
                guard let value = Double(decimal: text(column)) else {
                    throw problem(column, "'\(text(column))' is not a number")
                }
                intensity = value
            }
            let name = text(names.firstIndex(of: "name"))
            events.append(
                PlannedEvent(
                    name: name.isEmpty ? "event" : name, start: from, end: to, intensity: intensity))
        }
        return events
    }
}
