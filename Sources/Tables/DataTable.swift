import Units

/// A table as CSV (RFC 4180: comma, LF line ends, fields quoted only where they must be, a missing value empty) or as a
/// JSON list of objects (a missing value is null), made by a `TableSchema`.
///
/// Cells are written as they come, so a table of millions of rows costs its text alone.
public struct DataTable: Sendable {
    enum Cell: Sendable {
        /// Text of any kind, hostile names included.
        case text(String)
        /// A number with nine significant digits; NaN and infinities are missing values.
        case number(Double)
        /// A whole number.
        case count(Int)
        /// An instant, in ISO 8601 and UTC.
        case time(Timestamp)
        /// Dollars, to the last digit that there is.
        case money(Money)
        /// `true` or `false`.
        case flag(Bool)
        /// Nothing.
        case missing
    }

    /// How the table is written.
    public enum Format: String, Sendable, CaseIterable {
        /// Comma-separated values.
        case csv
        /// A list of objects.
        case json
    }

    /// The names of the columns.
    public let columns: [String]
    /// How it is written.
    public let format: Format
    /// The rows so far, without the header.
    public private(set) var rowCount = 0
    /// The text so far, header included, as UTF-8; of JSON, without the closing bracket until `finish`.
    public private(set) var bytes: [UInt8] = []

    init(columns: [String], format: Format = .csv) {
        self.columns = columns
        self.format = format
        switch format {
        case .csv:
            for place in columns.indices { write(.text(columns[place]), at: place) }
            bytes.append(UInt8(ascii: "\n"))
        case .json: bytes.append(UInt8(ascii: "["))
        }
    }

    /// Starts a row.
    mutating func beginRow() {
        if format == .json { bytes.append(contentsOf: (rowCount == 0 ? "\n{" : ",\n{").utf8) }
    }

    /// Writes the cell of a column; columns come in order.
    mutating func write(_ cell: Cell, at column: Int) {
        if column > 0 { bytes.append(UInt8(ascii: ",")) }
        switch format {
        case .csv: write(cell)
        case .json:
            write(json: columns[column])
            bytes.append(UInt8(ascii: ":"))
            switch cell {
            case .text(let text): write(json: text)
            case .time(let time): write(json: time.description)
            case .number(let value) where !value.isFinite: bytes.append(contentsOf: "null".utf8)
            case .missing: bytes.append(contentsOf: "null".utf8)
            case .number, .count, .money, .flag: write(cell)
            }
        }
    }

    mutating func endRow() {
        bytes.append(format == .json ? UInt8(ascii: "}") : UInt8(ascii: "\n"))
        rowCount += 1
    }

    /// Ends the table; nothing for CSV.
    public mutating func finish() {
        if format == .json { bytes.append(contentsOf: "\n]\n".utf8) }
    }

    /// Takes the text written so far, so that a long table can be passed on in parts.
    public mutating func drain() -> [UInt8] {
        defer { bytes.removeAll(keepingCapacity: true) }
        return bytes
    }

    private mutating func write(json text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 0..<0x20:
                let digits = String(byte, radix: 16)
                bytes.append(
                    contentsOf: "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".utf8)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func write(_ cell: Cell) {
        switch cell {
        case .text(let text): write(text: text)
        case .number(let value): bytes.append(contentsOf: NumberText.csv(value).utf8)
        case .count(let value): bytes.append(contentsOf: String(value).utf8)
        case .time(let time): bytes.append(contentsOf: time.description.utf8)
        case .money(let amount): bytes.append(contentsOf: amount.exact.utf8)
        case .flag(let flag): bytes.append(contentsOf: (flag ? "true" : "false").utf8)
        case .missing: break
        }
    }

    /// A copy of the text of a CSV table in which no cell of text begins as a formula does: an apostrophe goes before `=`,
    /// `+`, `-`, `@`, a tab and a carriage return, unless the cell is a number. Spreadsheets show it as text; other
    /// programs have to take the apostrophe off again.
    public static func guardingFormulas(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + bytes.count / 50)
        var isQuoted = false
        var start = 0
        func flush(to end: Int) {
            let cell = bytes[start..<end]
            let isInQuotes = cell.first == UInt8(ascii: "\"")
            let body = isInQuotes ? cell.dropFirst() : cell
            let dangerous = body.first.map { "=+-@\t\r".utf8.contains($0) } ?? false
            if dangerous, Double(decimal: String(decoding: cell, as: UTF8.self)) == nil {
                if isInQuotes { result.append(UInt8(ascii: "\"")) }
                result.append(UInt8(ascii: "'"))
                result += body
            } else {
                result += cell
            }
        }
        for index in bytes.indices {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            guard !isQuoted, byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n") else { continue }
            flush(to: index)
            result.append(byte)
            start = index + 1
        }
        flush(to: bytes.count)
        return result
    }

    private mutating func write(text: String) {
        let mustQuote = text.utf8.contains { byte in
            byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == 0x0A || byte == 0x0D
        }
        guard mustQuote else {
            bytes.append(contentsOf: text.utf8)
            return
        }
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\"") { bytes.append(byte) }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
