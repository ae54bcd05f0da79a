import Tape
import Units

/// Recognises delimited tables, with a header or without.
enum TableRecogniser {
    static let delimiters: [UInt8] = [0x2C, 0x09, 0x3B, 0x7C]

    /// How many lines before the header may be a banner.
    private static let bannerLinesMax = 4

    static func recognise(_ sample: TextSample) -> [Finding] {
        var found: [Finding] = []
        for banner in 0...min(bannerLinesMax, max(0, sample.lines.count - 1)) {
            for delimiter in delimiters {
                let header = sample.lines[banner]
                let rows = Array(sample.lines.dropFirst(banner + 1))
                // A banner stands above a table: its header is followed by rows.
                if banner > 0, rows.isEmpty { continue }
                for layout in TableLayout.candidates(header: header, delimiter: delimiter) {
                    guard let table = reading(layout, rows: rows, sample) else { continue }
                    found.append(
                        Finding(format: table.layout.format, table: table, bannerLines: banner))
                }
            }
            if banner == 0 { found += headerless(sample) }
            if !found.isEmpty { break }
        }
        return found
    }

    private static func headerless(_ sample: TextSample) -> [Finding] {
        delimiters.flatMap { delimiter in
            HeaderlessLayout.candidates(Array(sample.lines.prefix(50)), delimiter: delimiter).compactMap {
                reading($0, rows: sample.lines, sample).map {
                    Finding(format: $0.layout.format, table: $0)
                }
            }
        }
    }

    /// The layout with its units of time; nil where the time column holds no times, or other columns not what
    /// they should.
    static func reading(_ layout: TableLayout, rows: [Bytes], _ sample: TextSample) -> TableReading? {
        var layout = layout
        let isLoose = layout.format.isCounts && layout.header != nil
        let earliest = isLoose ? Timestamp.plausible.lowerBound : TimeColumn.earliestLog
        let whole = cut(rows, layout)
        if layout.format == .grafana {
            guard let sorted = WideTables.decide(layout, whole, sample.zone) else { return nil }
            layout = sorted
        }
        // A header without rows is a known format with nothing in it.
        let time =
            rows.isEmpty
            ? TimeColumn(unit: .milliseconds, isResolved: true)
            : column(.time, of: layout, in: whole, earliest, sample.zone)
        guard let time, layout.format != .timestampValue || hasValues(layout, whole) else { return nil }
        let close =
            layout.columns[.closeTime] == nil
            ? nil : column(.closeTime, of: layout, in: whole, earliest, sample.zone)
        if layout.columns[.closeTime] != nil, close == nil, !rows.isEmpty { return nil }
        return TableReading(
            layout: layout, time: time, closeTime: close,
            stepSeconds: layout.format.isBars ? stepSeconds(layout, whole, time, close) : 1)
    }

    /// The fields of those rows that have as many as the table has columns.
    static func cut(_ rows: [Bytes], _ layout: TableLayout) -> [[[UInt8]]] {
        var splitter = FieldSplitter(delimiter: layout.delimiter)
        return rows.compactMap { row in
            guard let count = splitter.split(row),
                count == layout.columnCount || (layout.mayTrail && count > layout.columnCount)
            else { return nil }
            return (0..<layout.columnCount).map { Array(splitter.field($0)) }
        }
    }

    private static func column(
        _ role: ColumnRole, of layout: TableLayout, in rows: [[[UInt8]]], _ earliest: Timestamp,
        _ zone: LocalZone
    ) -> TimeColumn? {
        guard let index = layout.columns[role], !rows.isEmpty else { return nil }
        return TimeColumn(texts: rows.map { $0[index] }, earliest: earliest, zone: zone)
    }

    /// At least half of the values are numbers or missing.
    private static func hasValues(_ layout: TableLayout, _ rows: [[[UInt8]]]) -> Bool {
        guard let index = layout.columns[.value] else { return false }
        let fits = rows.filter { row in
            row[index].withUnsafeBytes { CountValue.read($0) } != .unreadable
        }
        return 2 * fits.count >= rows.count
    }

    /// The usual length of a bar: the commonest from start to end or, where ends are not given, from start to
    /// start.
    private static func stepSeconds(
        _ layout: TableLayout, _ rows: [[[UInt8]]], _ time: TimeColumn, _ closeTime: TimeColumn?
    ) -> Int64 {
        guard let open = layout.columns[.time] else { return 1 }
        var time = time
        var closeTime = closeTime
        var starts: [Int64] = []
        var lengths: [Int64: Int] = [:]
        for row in rows {
            guard let start = time.read(text: row[open]) else { continue }
            starts.append(start.seconds)
            guard var close = closeTime, let index = layout.columns[.closeTime],
                let end = close.read(text: row[index])
            else { continue }
            closeTime = close
            let length = end.nanoseconds - start.nanoseconds + close.unit.nanoseconds
            lengths[(length + 500_000_000) / 1_000_000_000, default: 0] += 1
        }
        let best = lengths.filter { $0.key > 0 }.min { ($1.value, $0.key) < ($0.value, $1.key) }
        return min(best?.key ?? StepInference.stepSeconds(starts), Tape.stepSecondsMax)
    }
}

extension TimeColumn {
    /// Decides the unit from texts.
    init?(texts: [[UInt8]], earliest: Timestamp = TimeColumn.earliestLog, zone: LocalZone = .utc) {
        let joined = texts.flatMap { $0 }
        let found: TimeColumn? = joined.withUnsafeBytes { all in
            var start = 0
            let samples = texts.map { text in
                defer { start += text.count }
                return Bytes(rebasing: all[start..<start + text.count])
            }
            return TimeColumn(samples: samples, earliest: earliest, zone: zone)
        }
        guard let found else { return nil }
        self = found
    }

    /// Reads one time, or nil.
    mutating func read(text: [UInt8]) -> Timestamp? {
        text.withUnsafeBytes { try? read($0).get() }
    }
}
