import Glibc

/// Walks the lines of an input, hands its rows to a parser, and keeps count: accepted, duplicates and quarantined add up
/// to the rows. Blank lines, comments, the header wherever it stands and a `sep=` line are not rows.
struct RowReader: ~Copyable {
    private(set) var rows = 0
    private(set) var accepted = 0
    private(set) var duplicates = 0
    private(set) var quarantine: Quarantine

    private let header: [UInt8]?
    /// Lines so far.
    private(set) var line = 0

    /// The longest line that is taken for a row.
    static let lineLengthMax = 1 << 20

    init(path: String, header: [UInt8]?, keptMax: Int) {
        self.header = header
        quarantine = Quarantine(path: path, keptMax: keptMax)
    }

    /// Reads the lines of one block.
    mutating func read(_ block: Bytes, byteOffset: Int, into parser: inout some RowParser & ~Copyable) {
        guard let base = block.baseAddress else { return }
        var start = 0
        while start < block.count {
            let found = memchr(base + start, 0x0A, block.count - start)
            let end = found.map { UnsafeRawPointer($0) - base } ?? block.count
            line += 1
            let text = RowReader.trimmedEnd(Bytes(rebasing: block[start..<end]))
            if !RowReader.isSkipped(text) { take(text, byteOffset: byteOffset + start, &parser) }
            start = end + 1
        }
    }

    /// Counts lines that were read without a row parser, of which some turned out to be duplicates.
    mutating func accept(_ lines: Int, duplicates repeated: Int) {
        line += lines
        rows += lines
        accepted += lines - repeated
        duplicates += repeated
    }

    /// Counts a line that was dropped unread because it did not fit the buffer.
    mutating func drop(byteOffset: Int, head: [UInt8]) {
        line += 1
        rows += 1
        head.withUnsafeBytes { quarantine.add(.lineTooLong, line: line, byteOffset: byteOffset, text: $0) }
    }

    /// Applies what the parser found out after the last row.
    mutating func finish(_ parser: borrowing some RowParser & ~Copyable) {
        for (position, outcome) in parser.finish() {
            switch outcome {
            case .accepted: continue
            case .duplicate: duplicates += 1
            case .bad(let reason):
                quarantine.add(
                    reason, line: position.line, byteOffset: position.byteOffset,
                    text: Bytes(start: nil, count: 0))
            }
            accepted -= 1
        }
    }

    @inline(__always)
    private mutating func take(_ text: Bytes, byteOffset: Int, _ parser: inout some RowParser & ~Copyable) {
        let outcome: RowOutcome =
            text.count > RowReader.lineLengthMax
            ? .bad(.lineTooLong) : parser.parse(text, at: RowPosition(line: line, byteOffset: byteOffset))
        switch outcome {
        case .accepted:
            rows += 1
            accepted += 1
        case .duplicate:
            rows += 1
            duplicates += 1
        case .bad(let reason):
            // Files that were put end to end repeat their header.
            if let header, text.elementsEqual(header) { return }
            rows += 1
            quarantine.add(reason, line: line, byteOffset: byteOffset, text: text)
        }
    }

    /// A line without its carriage return.
    @inline(__always)
    static func trimmedEnd(_ line: Bytes) -> Bytes {
        line.count > 0 && line[line.count - 1] == 0x0D ? Bytes(rebasing: line[..<(line.count - 1)]) : line
    }

    /// Whether a line is no row: blank, a comment, or the `sep=,` of spreadsheets.
    @inline(__always)
    static func isSkipped(_ line: Bytes) -> Bool {
        guard let first = line.first else { return true }
        if first > 0x23, first != 0x73 { return false }
        if first == 0x23 { return true }
        if first == 0x73 { return line.count <= 6 && line.starts(with: "sep=".utf8) }
        return (first == 0x20 || first == 0x09) && line.allSatisfy { $0 == 0x20 || $0 == 0x09 }
    }
}
