import Glibc

/// Walks the lines of an input, hands its rows to a parser, and keeps count: accepted, duplicates and
/// quarantined add up to the rows. Blank lines, comments, the header wherever it stands and a `sep=` line are
/// not rows.
struct LineReader: ~Copyable {
    private(set) var rows = 0
    private(set) var accepted = 0
    private(set) var duplicates = 0
    private(set) var quarantine: Quarantine

    /// Rows in quarantine whose text is yet to be read.
    private(set) var waitingExcerpts: [Int] = []

    private let header: [UInt8]?
    private let faults: FaultFinder
    /// Lines so far.
    private(set) var line = 0
    private var bannerLines: Int
    /// A row whose quotation mark is still open at the end of a block, with all that follows it there.
    private var carry: (text: [UInt8], byteOffset: Int)?

    /// Whether the text has ended in a row whose quotation marks are open.
    private(set) var hasEndedOpen = false

    /// Whether a row waits for the lines that close its quotation marks.
    var isWaiting: Bool { carry != nil }

    /// The longest line that is taken for a row.
    static let lineLengthMax = 1 << 20

    init(path: String, header: [UInt8]?, bannerLines: Int, faults: any RowFaults, keptMax: Int) {
        self.header = header
        self.bannerLines = bannerLines
        self.faults = FaultFinder(faults)
        quarantine = Quarantine(path: path, keptMax: keptMax)
    }

    /// Reads the lines of one block.
    mutating func read(_ block: Bytes, byteOffset: Int, into parser: inout some RowParser & ~Copyable) {
        guard let waiting = carry else {
            read(block, byteOffset: byteOffset, isLast: false, &parser)
            return
        }
        carry = nil
        let joined = waiting.text + block
        joined.withUnsafeBytes { read($0, byteOffset: waiting.byteOffset, isLast: false, &parser) }
    }

    private mutating func read(
        _ block: Bytes, byteOffset: Int, isLast: Bool, _ parser: inout some RowParser & ~Copyable
    ) {
        guard let base = block.baseAddress else { return }
        var start = 0
        while start < block.count {
            let found = memchr(base + start, 0x0A, block.count - start)
            let end = found.map { UnsafeRawPointer($0) - base } ?? block.count
            line += 1
            let text = LineReader.trimmedEnd(Bytes(rebasing: block[start..<end]))
            if LineReader.isSkipped(text) {
                if text.first == 0x23 {
                    parser.note(directive: text)
                    faults.note(directive: text)
                }
            } else if bannerLines > 0 {
                bannerLines -= 1
            } else if let next = take(text, in: block, from: start, byteOffset, isLast, &parser) {
                start = next
                continue
            }
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

    /// Counts a row that a parser of documents has read; `column` is where it begins.
    mutating func count(_ outcome: RowOutcome, line: Int, column: Int, byteOffset: Int, text: Bytes) {
        rows += 1
        switch outcome {
        case .accepted: accepted += 1
        case .duplicate: duplicates += 1
        case .bad(let reason):
            let faults = faults
            quarantine.add(reason, line: line, column: column, byteOffset: byteOffset, text: text) {
                // An element that is no row is at fault where it begins.
                faults.offset(of: reason, in: text) ?? (reason == .json ? 0 : nil)
            }
        }
    }

    /// Reads what was left over, and applies what the parser finds out after the last row.
    mutating func finish(_ parser: inout some RowParser & ~Copyable) {
        if let waiting = carry {
            carry = nil
            hasEndedOpen = true
            waiting.text.withUnsafeBytes { read($0, byteOffset: waiting.byteOffset, isLast: true, &parser) }
        }
        apply(parser.finish())
    }

    /// Applies what a parser found out after the last row.
    mutating func apply(_ revised: [(position: RowPosition, outcome: RowOutcome)]) {
        for (position, outcome) in revised {
            switch outcome {
            case .accepted: continue
            case .duplicate: duplicates += 1
            case .bad(let reason):
                let kept = quarantine.kept.count
                quarantine.add(
                    reason, line: position.line, byteOffset: position.byteOffset,
                    text: Bytes(start: nil, count: 0))
                if quarantine.kept.count > kept { waitingExcerpts.append(kept) }
            }
            accepted -= 1
        }
    }

    /// Reads the texts of rows that turned out to be bad after they had gone by.
    mutating func fillExcerpts(from input: ByteInput) throws(IngestError) {
        var waiting = waitingExcerpts.sorted {
            quarantine.kept[$0].byteOffset < quarantine.kept[$1].byteOffset
        }[...]
        while let next = waiting.first, let (block, offset) = try input.nextBlock() {
            var index = next
            while quarantine.kept[index].byteOffset < offset + block.count {
                let row = quarantine.kept[index]
                let start = row.byteOffset - offset
                if start >= 0 {
                    let end = block[start...].firstIndex(of: 0x0A) ?? block.count
                    let text = LineReader.trimmedEnd(Bytes(rebasing: block[start..<end]))
                    quarantine.fill(
                        index, excerpt: Quarantine.excerpt(text),
                        column: faults.offset(of: row.reason, in: text).map { $0 + 1 } ?? 0)
                }
                waiting = waiting.dropFirst()
                guard let following = waiting.first else { return }
                index = following
            }
        }
    }

    /// Reads one line; where it was more than one, returns where the next begins.
    @inline(__always)
    private mutating func take(
        _ text: Bytes, in block: Bytes, from start: Int, _ byteOffset: Int, _ isLast: Bool,
        _ parser: inout some RowParser & ~Copyable
    ) -> Int? {
        let outcome: RowOutcome =
            text.count > LineReader.lineLengthMax
            ? .bad(.lineTooLong)
            : parser.parse(text, at: RowPosition(line: line, byteOffset: byteOffset + start))
        switch outcome {
        case .accepted:
            rows += 1
            accepted += 1
        case .duplicate:
            rows += 1
            duplicates += 1
        case .bad(let reason):
            if reason == .quotes, parser.joinsQuotedLines,
                let next = join(block, from: start, byteOffset, isLast, &parser)
            {
                return next
            }
            // Files that were put end to end repeat their header.
            if let header, text.elementsEqual(header) { return nil }
            rows += 1
            let faults = faults
            quarantine.add(reason, line: line, byteOffset: byteOffset + start, text: text) {
                faults.offset(of: reason, in: text)
            }
        }
        return nil
    }

    /// Reads a row whose quoted field runs over several lines, and returns where the next one begins; nil
    /// where the lines make no good row together, so that the first of them is bad and the others stand for
    /// themselves.
    private mutating func join(
        _ block: Bytes, from start: Int, _ byteOffset: Int, _ isLast: Bool,
        _ parser: inout some RowParser & ~Copyable
    ) -> Int? {
        var isOpen = false
        var newlines = 0
        var index = start
        let limit = min(block.count, start + LineReader.lineLengthMax)
        while index < limit {
            if block[index] == 0x22 { isOpen.toggle() }
            if block[index] == 0x0A {
                if !isOpen { break }
                newlines += 1
            }
            index += 1
        }
        guard !isOpen else {
            guard index == block.count, !isLast else { return nil }
            carry = (Array(block[start...]), byteOffset + start)
            line -= 1
            return block.count
        }
        guard newlines > 0 else { return nil }
        let text = LineReader.trimmedEnd(Bytes(rebasing: block[start..<index]))
        switch parser.parse(text, at: RowPosition(line: line, byteOffset: byteOffset + start)) {
        case .accepted: accepted += 1
        case .duplicate: duplicates += 1
        case .bad: return nil
        }
        rows += 1
        line += newlines
        return index + 1
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
