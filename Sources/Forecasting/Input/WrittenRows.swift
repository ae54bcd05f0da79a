import Tables
import Units

/// The rows of a table, read but not yet put on a grid.
struct WrittenRows {
    struct Row {
        /// Seconds since the epoch, or the number of the interval.
        var time: Int64
        var value: Double
        var high: Double
        var low: Double
        var close: Double
        var line: Int
    }

    /// The names in order of appearance, with their rows.
    private(set) var groups: [(name: String, rows: [Row])] = []
    /// Whether times count intervals.
    let isIndexed: Bool
    /// Whether there are price columns.
    let hasPrices: Bool

    /// Integers below this count intervals; above it they are instants from 1973 on.
    private static let largestIndex: Int64 = 100_000_000

    init(bytes: [UInt8], file: String) throws(TableError) {
        if let zero = bytes.prefix(4096).firstIndex(of: 0) {
            throw TableError(
                file: file, line: 0, column: 0,
                message: "not a text file: byte \(zero) is zero; expected CSV with unique_id,ds,y")
        }
        var reader = CSVReader(bytes, delimiter: CSVReader.delimiter(of: bytes))
        guard let header = try reader.next(file: file) else {
            throw TableError(
                file: file, line: 1, column: 0, message: "the file is empty; expected unique_id,ds,y")
        }
        let columns = try Columns(header, file: file)
        hasPrices = columns.high != nil || columns.low != nil || columns.close != nil
        var places: [String: Int] = [:]
        var times: (integers: Bool, line: Int)?
        var largest: Int64 = 0
        while let fields = try reader.next(file: file) {
            try WrittenRows.checkWidth(fields, header.count, file)
            let row = try columns.row(fields, file: file)
            if let times, times.integers != row.isInteger {
                throw TableError(
                    file: file, line: row.row.line, column: fields[columns.ds].column,
                    message: "ds is \(row.isInteger ? "an integer" : "a date") here and "
                        + "\(row.isInteger ? "a date" : "an integer") in line \(times.line)")
            }
            if times == nil { times = (row.isInteger, row.row.line) }
            if row.isInteger {
                largest = max(largest, row.row.time.magnitude > Int64.max ? .max : abs(row.row.time))
            }
            if let place = places[row.name] {
                groups[place].rows.append(row.row)
            } else {
                places[row.name] = groups.count
                groups.append((row.name, [row.row]))
            }
        }
        isIndexed = times?.integers == true && largest < WrittenRows.largestIndex
        if times?.integers == true, !isIndexed { try readEpochs(file: file) }
    }

    /// A row has as many fields as the header; empty ones may follow.
    private static func checkWidth(
        _ fields: [CSVReader.Field], _ count: Int, _ file: String
    ) throws(TableError) {
        if fields.count == count || (fields.count > count && fields[count...].allSatisfy { $0.text.isEmpty })
        {
            return
        }
        let extra = fields.count > count ? fields[count] : nil
        throw TableError(
            file: file, line: fields[0].line, column: extra?.column ?? 0,
            message: "expected \(count) fields, as in the header, but found \(fields.count)"
                + (extra == nil ? "" : "; if decimals use a comma, change it to a point"))
    }

    /// The commonest distance between neighbouring rows of a series, in seconds; the shorter one where two
    /// are as common.
    var commonestStepSeconds: Int64? {
        var counts: [Int64: Int] = [:]
        for group in groups {
            let times = group.rows.map(\.time).sorted()
            for (one, next) in zip(times, times.dropFirst()) where next > one {
                counts[next - one, default: 0] += 1
            }
        }
        return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
    }

    private mutating func readEpochs(file: String) throws(TableError) {
        for group in groups.indices {
            for index in groups[group].rows.indices {
                let row = groups[group].rows[index]
                guard let instant = Timestamp(epoch: row.time) else {
                    throw TableError(
                        file: file, line: row.line, column: 0,
                        message: "ds \(row.time) is not a time between 1970 and 2199 in any unit")
                }
                groups[group].rows[index].time = instant.seconds
            }
        }
    }
}

/// Where the columns are.
private struct Columns {
    let name: Int
    let ds: Int
    let value: Int
    let high: Int?
    let low: Int?
    let close: Int?

    init(_ header: [CSVReader.Field], file: String) throws(TableError) {
        let titles = header.map { $0.text.filter { $0 != " " && $0 != "\t" } }
        func required(_ title: String, _ nearMisses: [String]) throws(TableError) -> Int {
            if let place = titles.firstIndex(of: title) { return place }
            let near = header.first { nearMisses.contains($0.text.lowercased()) }
            let hint = near.map { "; did you mean '\($0.text)' as \(title)?" } ?? ""
            throw TableError(
                file: file, line: header.first?.line ?? 1, column: near?.column ?? 0,
                message: "there is no column \(title); expected unique_id,ds,y" + hint)
        }
        name = try required("unique_id", ["id", "series", "name", "unique_id", "uniqueid", "symbol"])
        ds = try required("ds", ["date", "time", "timestamp", "datetime", "ds"])
        value = try required("y", ["value", "count", "values", "y", "trades"])
        high = titles.firstIndex(of: "high")
        low = titles.firstIndex(of: "low")
        close = titles.firstIndex(of: "close")
        try CSVReader.checkNames(
            header, titles: titles, used: [name, ds, value, high, low, close].compactMap { $0 }, file: file)
    }

    func row(_ fields: [CSVReader.Field], file: String) throws(TableError) -> (
        name: String, row: WrittenRows.Row, isInteger: Bool
    ) {
        let last = max(name, ds, value)
        guard fields.count > last else {
            throw TableError(
                file: file, line: fields[0].line, column: 0,
                message: "expected at least \(last + 1) fields, but found \(fields.count)")
        }
        let stamp = fields[ds]
        let time: Int64
        let integer = Int64(stamp.text)
        if let integer {
            time = integer
        } else if let instant = Timestamp(iso8601: stamp.text) {
            time = instant.seconds
        } else {
            throw TableError(
                file: file, line: stamp.line, column: stamp.column,
                message:
                    "ds is \"\(stamp.text.prefix(40))\"; expected ISO 8601 such as 2026-03-01T12:00:00Z, or "
                    + "an integer"
            )
        }
        func optional(_ place: Int?) throws(TableError) -> Double {
            guard let place, place < fields.count else { return .nan }
            return try number(fields[place], file: file)
        }
        let row = WrittenRows.Row(
            time: time, value: try number(fields[value], file: file), high: try optional(high),
            low: try optional(low), close: try optional(close), line: fields[0].line)
        return (fields[name].text, row, integer != nil)
    }

    private func number(_ field: CSVReader.Field, file: String) throws(TableError) -> Double {
        if let value = Double(decimal: field.text) {
            return value
        } else if ["", "na", "nan", "null", "none"].contains(field.text.lowercased()) {
            return .nan
        }
        throw TableError(
            file: file, line: field.line, column: field.column,
            message:
                "\"\(field.text.prefix(40))\" is not a finite number; leave the field empty if the value is "
                + "missing"
        )
    }
}
