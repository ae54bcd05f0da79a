import Tape
import Units

/// A table's layout with its units of time.
struct TableReading: Sendable {
    private(set) var layout: TableLayout
    var time: TimeColumn
    var closeTime: TimeColumn?
    /// The usual length of a bar; 1 for rows that are none.
    var stepSeconds: Int64 = 1

    init(_ layout: TableLayout, time: TimeColumn, stepSeconds: Int64 = 1) {
        self.layout = layout
        self.time = time
        self.stepSeconds = stepSeconds
    }

    /// Finds the units from some rows, perhaps none; nil where the time column holds no times, or other columns not what
    /// they should.
    init?(_ layout: TableLayout, rows: [Bytes], zone: LocalZone) {
        let isLoose = layout.mayCountTime && layout.header != nil
        let earliest = isLoose ? Timestamp.plausible.lowerBound : TimeColumn.earliestLog
        let whole = layout.cut(rows)
        func column(_ role: ColumnRole) -> TimeColumn? {
            guard let index = layout.columns[role], !whole.isEmpty else { return nil }
            return TimeColumn(
                texts: whole.map { $0[index] }, earliest: earliest, zone: zone, dateOrder: layout.dateOrder)
        }
        // A header without rows is a known format with nothing in it.
        let time = rows.isEmpty ? TimeColumn(unit: .milliseconds, isResolved: true) : column(.time)
        var layout = layout
        if layout.isOfCounts, layout.detectsNumbers { layout.numbers = TableReading.style(of: whole, layout) }
        guard let time, layout.check?(whole, layout, zone) ?? true else { return nil }
        self.init(layout, time: time)
        closeTime = column(.closeTime)
        if layout.columns[.closeTime] != nil, closeTime == nil, !rows.isEmpty { return nil }
        if layout.columns[.open] != nil { stepSeconds = barSeconds(whole) }
    }

    /// How the values of counts are written; plain where that is not clear.
    private static func style(of rows: [[[UInt8]]], _ layout: TableLayout) -> NumberStyle {
        let time = layout.columns[.time]
        let columns = layout.columns[.value].map { [$0] } ?? Array(0..<layout.columnCount)
        let fields = rows.flatMap { row in columns.filter { $0 != time && $0 < row.count }.map { row[$0] } }
        return NumberStyle(ofCounts: fields)
    }

    /// The usual length of a bar: the commonest from start to end or, where ends are not given, from start to
    /// start.
    private func barSeconds(_ rows: [[[UInt8]]]) -> Int64 {
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
    init?(
        texts: [[UInt8]], earliest: Timestamp = TimeColumn.earliestLog, zone: LocalZone = .utc,
        dateOrder: DateOrder? = nil
    ) {
        let joined = texts.flatMap { $0 }
        let found: TimeColumn? = joined.withUnsafeBytes { all in
            var start = 0
            let samples = texts.map { text in
                defer { start += text.count }
                return Bytes(rebasing: all[start..<start + text.count])
            }
            return TimeColumn(samples: samples, earliest: earliest, zone: zone, dateOrder: dateOrder)
        }
        guard let found else { return nil }
        self = found
    }

    /// Reads one time, or nil.
    mutating func read(text: [UInt8]) -> Timestamp? {
        text.withUnsafeBytes { try? read($0).get() }
    }
}
