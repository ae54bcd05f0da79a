/// The first lines of an input.
struct TextSample {
    let path: String
    /// The start of the text, behind a byte order mark.
    let head: Bytes
    /// Whether `head` is all of it.
    let isWhole: Bool
    /// Whole lines that are neither blank nor comments nor a `sep=` line.
    let lines: [Bytes]
    /// Lines that begin with `#`.
    let directives: [Bytes]
    /// The clock of times without a zone.
    let zone: LocalZone

    /// How many lines are looked at.
    private static let linesMax = 500

    init(path: String, head: Bytes, isWhole: Bool, zone: LocalZone) {
        self.path = path
        self.head = head
        self.isWhole = isWhole
        self.zone = zone
        var lines: [Bytes] = []
        var directives: [Bytes] = []
        var start = 0
        while start < head.count, lines.count < TextSample.linesMax {
            let end = head[start...].firstIndex(of: 0x0A) ?? head.count
            // The last piece is half a line, unless it is the end of the text or all that there is to look
            // at.
            if end == head.count, !isWhole, !lines.isEmpty { break }
            let line = LineReader.trimmedEnd(Bytes(rebasing: head[start..<end]))
            if !LineReader.isSkipped(line) {
                lines.append(line)
            } else if line.first == 0x23 {
                directives.append(line)
            }
            start = end + 1
        }
        self.lines = lines
        self.directives = directives
    }

    /// The number of a line of the text, from 1; nil for one that is none of these lines.
    func lineNumber(of line: Bytes) -> Int? {
        guard let start = line.baseAddress, let base = head.baseAddress, start >= base,
            start - base < head.count
        else { return nil }
        return head[..<(start - base)].count { $0 == 0x0A } + 1
    }

    /// An error at a field of one of the lines.
    func malformed(_ index: Int, field: Int, delimiter: UInt8, _ message: String) -> IngestError {
        let line = lines[min(index, lines.count - 1)]
        let fields = TableFaults.fields(line, delimiter)
        return .malformed(
            path: path, line: lineNumber(of: line) ?? 1,
            column: field < fields.count ? fields[field].lowerBound + 1 : 1, message: message)
    }

    /// Whether at least half of the first lines satisfy a test.
    func mostLines(_ limit: Int = 50, _ test: (Bytes) -> Bool) -> Bool {
        let sample = lines.prefix(limit)
        return !sample.isEmpty && 2 * sample.filter(test).count >= sample.count
    }
}
