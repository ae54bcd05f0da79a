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

    /// Whether at least half of the first lines satisfy a test.
    func mostLines(_ limit: Int = 50, _ test: (Bytes) -> Bool) -> Bool {
        let sample = lines.prefix(limit)
        return !sample.isEmpty && 2 * sample.filter(test).count >= sample.count
    }
}
