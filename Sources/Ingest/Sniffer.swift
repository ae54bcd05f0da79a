import Tape
import Units

/// Finds the format of a text from its first lines. A file's name has no say.
struct Sniffer {
    let path: String
    let wanted: InputFormat?

    /// How many bytes of the text are looked at, and how many lines of them.
    static let headLength = 256 << 10
    private static let linesMax = 500

    /// What was found.
    struct Finding {
        let format: InputFormat
        let layout: TableLayout?
        /// Fields of sample rows, by role.
        let time: TimeColumn?
        let closeTime: TimeColumn?
        let stepSeconds: Int64
        /// Bytes to skip at the front: a byte order mark.
        let skip: Int
    }

    /// Looks at the start of a text; `isWhole` says that it is all of it.
    func find(_ head: Bytes, isWhole: Bool) throws(IngestError) -> Finding {
        let skip = head.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) {
            throw .binary(path: path, hint: "it starts as UTF-16; convert it: iconv -f UTF-16 -t UTF-8")
        }
        let lines = Sniffer.lines(Bytes(rebasing: head[skip...]), isWhole: isWhole)
        guard let first = lines.first else {
            if head.contains(0) { throw .binary(path: path, hint: "it holds NUL bytes") }
            throw .empty(path: path)
        }
        let found = accessLog(lines, skip: skip) ?? table(lines, skip: skip)
        guard let found else {
            let head = lines.prefix(5)
            if head.contains(where: { $0.contains(0) }) {
                throw .binary(path: path, hint: "it holds NUL bytes")
            }
            throw .unrecognised(path: path, near: near(first))
        }
        if let wanted, wanted != found.format {
            throw .otherFormat(path: path, wanted: wanted.rawValue, found: found.format.rawValue)
        }
        return found
    }

    private func accessLog(_ lines: [Bytes], skip: Int) -> Finding? {
        var clock = LogClock()
        let sample = lines.prefix(50)
        let fits = sample.filter { line in
            if case .success = AccessLogLine.read(line, clock: &clock) { return true }
            return false
        }
        guard 2 * fits.count >= sample.count else { return nil }
        return Finding(
            format: .accessLog, layout: nil, time: nil, closeTime: nil, stepSeconds: 1, skip: skip)
    }

    private func table(_ lines: [Bytes], skip: Int) -> Finding? {
        for delimiter in Sniffer.delimiters {
            if let first = lines.first, let layout = TableLayout(header: first, delimiter: delimiter),
                let finding = finding(layout, rows: Array(lines.dropFirst()), skip: skip)
            {
                return finding
            }
        }
        for delimiter in Sniffer.delimiters {
            if let layout = TableLayout(headerless: Array(lines.prefix(50)), delimiter: delimiter),
                let finding = finding(layout, rows: lines, skip: skip)
            {
                return finding
            }
        }
        return nil
    }

    private static let delimiters: [UInt8] = [0x2C, 0x09, 0x3B, 0x7C]

    /// The layout with its units of time; nil where the time column holds no times.
    private func finding(_ layout: TableLayout, rows: [Bytes], skip: Int) -> Finding? {
        let isSeries = layout.format == .series || layout.format == .timestampValue
        let earliest = isSeries ? Timestamp.plausible.lowerBound : TimeColumn.earliestLog
        // A header without rows is a known format with nothing in it.
        let time =
            rows.isEmpty
            ? TimeColumn(unit: .milliseconds, isResolved: true)
            : column(.time, of: layout, in: rows, earliest: earliest)
        guard var time else { return nil }
        let close =
            layout.columns[.closeTime] == nil
            ? nil : column(.closeTime, of: layout, in: rows, earliest: earliest)
        if layout.columns[.closeTime] != nil, close == nil, !rows.isEmpty { return nil }
        return Finding(
            format: layout.format, layout: layout, time: time, closeTime: close,
            stepSeconds: stepSeconds(layout, rows, &time, close), skip: skip)
    }

    private func column(
        _ role: ColumnRole, of layout: TableLayout, in rows: [Bytes], earliest: Timestamp
    ) -> TimeColumn? {
        guard let index = layout.columns[role] else { return nil }
        var splitter = FieldSplitter(delimiter: layout.delimiter)
        var fields: [[UInt8]] = []
        for row in rows where splitter.split(row) == layout.columnCount {
            fields.append(Array(splitter.field(index)))
        }
        let joined = fields.flatMap { $0 }
        return joined.withUnsafeBytes { all in
            var start = 0
            let samples = fields.map { field in
                defer { start += field.count }
                return Bytes(rebasing: all[start..<start + field.count])
            }
            return TimeColumn(samples: samples, earliest: earliest)
        }
    }

    /// The usual length of a bar: the commonest from start to end or, where ends are not given, from start to start.
    private func stepSeconds(
        _ layout: TableLayout, _ rows: [Bytes], _ time: inout TimeColumn, _ closeTime: TimeColumn?
    ) -> Int64 {
        guard [.binanceKlines, .bitmexBars, .bars].contains(layout.format), let open = layout.columns[.time]
        else {
            return 1
        }
        var splitter = FieldSplitter(delimiter: layout.delimiter)
        var starts: [Int64] = []
        var lengths: [Int64: Int] = [:]
        for row in rows where splitter.split(row) == layout.columnCount {
            guard case .success(let start) = time.read(splitter.field(open)) else { continue }
            starts.append(start.seconds)
            guard var close = closeTime, let index = layout.columns[.closeTime],
                case .success(let end) = close.read(splitter.field(index))
            else { continue }
            let length = end.nanoseconds - start.nanoseconds + close.unit.nanoseconds
            lengths[(length + 500_000_000) / 1_000_000_000, default: 0] += 1
        }
        let best = lengths.filter { $0.key > 0 }.min { ($1.value, $0.key) < ($0.value, $1.key) }
        return min(best?.key ?? StepInference.stepSeconds(starts), Tape.stepSecondsMax)
    }

    /// Whole lines that are neither blank nor comments nor a `sep=` line.
    private static func lines(_ head: Bytes, isWhole: Bool) -> [Bytes] {
        var lines: [Bytes] = []
        var start = 0
        while start < head.count, lines.count < linesMax {
            let end = head[start...].firstIndex(of: 0x0A) ?? head.count
            // The last piece is half a line, unless it is the end of the text or all that there is to look at.
            if end == head.count, !isWhole, !lines.isEmpty { break }
            let line = RowReader.trimmedEnd(Bytes(rebasing: head[start..<end]))
            if !RowReader.isSkipped(line) { lines.append(line) }
            start = end + 1
        }
        return lines
    }

    /// What the file looks like, for the message that says that no format fits.
    private func near(_ first: Bytes) -> String {
        if first.first == 0x7B || first.first == 0x5B { return "it looks like JSON, which is not read yet" }
        if first.starts(with: "PAR1".utf8) { return "it looks like Parquet; export it as CSV" }
        let text = String(decoding: first.prefix(60), as: UTF8.self)
        let shown = text.unicodeScalars.map { $0.value < 0x20 ? " " : String($0) }.joined()
        let fields = first.filter { $0 == 0x2C }.count + 1
        return "the first line has \(fields) comma-separated fields: \(shown)"
    }
}
