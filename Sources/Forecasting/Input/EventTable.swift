import Tables
import Units

/// The times of events by series, from a CSV table with the columns `unique_id,ds`; other columns are ignored.
///
/// `ds` is ISO 8601 with as many decimals as the clock has, or a count since the epoch in seconds to
/// nanoseconds. Rows may come in any order; times may repeat.
public struct EventTable: Sendable {
    /// One series.
    public struct Events: Sendable {
        /// Its name in the table.
        public let name: String
        /// Seconds since the first event, in order.
        public let times: [Double]
        /// When the first event was.
        public let start: Timestamp
    }

    /// The series in the order in which the table first names them.
    public let series: [Events]

    /// Reads a file; throws `TableError` at the first thing that is wrong.
    public static func read(path: String) throws(TableError) -> EventTable {
        try EventTable(bytes: try tableBytes(path), file: path)
    }

    /// Reads a table that is in memory; `file` is how errors name it.
    public init(bytes: [UInt8], file: String) throws(TableError) {
        var reader = CSVReader(bytes, delimiter: CSVReader.delimiter(of: bytes))
        let header = try reader.next(file: file) ?? []
        let titles = header.map(\.text)
        guard let name = titles.firstIndex(of: "unique_id"), let ds = titles.firstIndex(of: "ds") else {
            throw TableError(
                file: file, line: 1, column: 0, message: "expected the columns unique_id,ds")
        }
        try CSVReader.checkNames(header, titles: titles, used: [name, ds], file: file)
        var order: [String] = []
        var found: [String: [Int64]] = [:]
        while let fields = try reader.next(file: file) {
            guard fields.count > max(name, ds) else {
                throw TableError(
                    file: file, line: fields[0].line, column: 0,
                    message: "expected at least \(max(name, ds) + 1) fields, but found \(fields.count)")
            }
            let text = fields[ds].text
            guard let instant = Int64(text).flatMap({ Timestamp(epoch: $0) }) ?? Timestamp(iso8601: text)
            else {
                throw TableError(
                    file: file, line: fields[ds].line, column: fields[ds].column,
                    message: "ds is \"\(text.prefix(40))\"; expected ISO 8601 or a count since the epoch")
            }
            if found[fields[name].text] == nil { order.append(fields[name].text) }
            found[fields[name].text, default: []].append(instant.nanoseconds)
        }
        series = order.map { name in
            let sorted = (found[name] ?? []).sorted()
            let first = sorted.first ?? 0
            return Events(
                name: name, times: sorted.map { Double($0 - first) * 1e-9 },
                start: Timestamp(nanoseconds: first))
        }
    }
}
