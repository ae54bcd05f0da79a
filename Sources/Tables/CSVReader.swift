import Files

/// Reads records of comma-separated fields by RFC 4180: quoted fields may hold commas, line ends and doubled
/// quotes.
public struct CSVReader {
    /// A field and where it begins, both from 1.
    public struct Field: Sendable {
        /// What it holds, without its quotes.
        public var text: String
        /// Its line, from 1.
        public var line: Int
        /// Its column in bytes, from 1.
        public var column: Int
    }

    private let bytes: [UInt8]
    private let delimiter: UInt8
    private var position: Int
    private var line = 1
    private var lineStart: Int

    /// Records of a text in UTF-8, byte-order mark or not, whose fields a byte parts.
    public init(_ bytes: [UInt8], delimiter: UInt8 = 0x2C) {
        self.bytes = bytes
        self.delimiter = delimiter
        position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        lineStart = position
    }

    /// The byte that parts the fields of a text's first line: the comma, or where there is none the tab, the semicolon or
    /// the bar that parts it into most.
    public static func delimiter(of bytes: [UInt8]) -> UInt8 {
        let first = bytes.prefix { $0 != 0x0A && $0 != 0x0D }
        guard !first.contains(0x2C) else { return 0x2C }
        let found = [0x09, 0x3B, 0x7C].map { mark in (mark: mark, count: first.count { $0 == mark }) }
        let best = found.max { $0.count < $1.count }
        return best.map { $0.count > 0 ? UInt8($0.mark) : 0x2C } ?? 0x2C
    }

    /// The records of a small file.
    ///
    /// - Parameters:
    ///   - path: The file, in UTF-8; `-` is standard input.
    ///   - limit: The most bytes that it may have.
    /// - Returns: Its records, each with a field at least; empty lines are passed over.
    /// - Throws: `TableError` with its place.
    public static func records(
        ofFile path: String, limit: Int = 64 << 20
    ) throws(TableError) -> [[Field]] {
        let bytes: [UInt8]
        do {
            bytes = try InputFile.read(path, limit: limit)
        } catch {
            throw TableError(file: path, line: 0, column: 0, message: error.reason)
        }
        if let line = InputFile.tooLongLine(of: bytes) {
            throw TableError(file: path, line: line, column: 0, message: "the line is longer than 1 MiB")
        }
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw TableError(file: path, line: 0, column: 0, message: "not UTF-8 text")
        }
        var reader = CSVReader(bytes)
        var records: [[Field]] = []
        while let record = try reader.next(file: path) { records.append(record) }
        return records
    }

    private var delimiterName: String {
        delimiter == 0x2C ? "a comma" : "'\(delimiter == 0x09 ? "tab" : String(UnicodeScalar(delimiter)))'"
    }

    /// The next record that is not an empty line; nil at the end.
    public mutating func next(file: String) throws(TableError) -> [Field]? {
        while position < bytes.count, bytes[position] == 0x0A || bytes[position] == 0x0D { endLine() }
        guard position < bytes.count else { return nil }
        var fields: [Field] = []
        while true {
            fields.append(try field(file: file))
            guard position < bytes.count, bytes[position] == delimiter else { break }
            position += 1
        }
        if position < bytes.count { endLine() }
        return fields
    }

    /// Steps over one line end: LF, CR LF or CR.
    private mutating func endLine() {
        if bytes[position] == 0x0D, position + 1 < bytes.count, bytes[position + 1] == 0x0A { position += 1 }
        position += 1
        line += 1
        lineStart = position
    }

    private mutating func field(file: String) throws(TableError) -> Field {
        let start = (line: line, column: position - lineStart + 1)
        guard position < bytes.count, bytes[position] == 0x22 else {
            let first = position
            while position < bytes.count, bytes[position] != delimiter, bytes[position] != 0x0A,
                bytes[position] != 0x0D
            {
                position += 1
            }
            return Field(
                text: String(decoding: bytes[first..<position], as: UTF8.self), line: start.line,
                column: start.column)
        }
        position += 1
        var text: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            if byte == 0x22 {
                if position + 1 < bytes.count, bytes[position + 1] == 0x22 {
                    position += 1
                } else {
                    break
                }
            }
            text.append(byte)
            position += 1
            if byte == 0x0A {
                line += 1
                lineStart = position
            }
        }
        guard position < bytes.count else {
            throw TableError(
                file: file, line: start.line, column: start.column,
                message: "the quotation mark is not closed")
        }
        position += 1
        if position < bytes.count, bytes[position] != delimiter, bytes[position] != 0x0A,
            bytes[position] != 0x0D
        {
            throw TableError(
                file: file, line: line, column: position - lineStart + 1,
                message: "expected \(delimiterName) or the end of the line after a closing quote")
        }
        return Field(
            text: String(decoding: text, as: UTF8.self), line: start.line, column: start.column)
    }
}
