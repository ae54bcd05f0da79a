import Tape
import Units

/// A value of a series of counts, as a text has it.
enum CountValue: Equatable {
    /// In units of 1e-8.
    case units(Int128)
    /// Nothing was measured: empty, NaN, null, or the infinity that a division by zero leaves.
    case missing
    /// Not a number, or negative, or too large.
    case unreadable

    /// Reads `12`, `1.5e3`, nothing, `NaN`, `null`, `+Inf`; and `1 270,5` where that is the style.
    static func read(_ raw: Bytes, _ style: NumberStyle = .plain) -> CountValue {
        let field = NumberParsing.trimmed(raw)
        if isMissing(field) { return .missing }
        let units: Int128?
        if style == .plain {
            units = NumberParsing.fixed(field)
        } else if let plain = style.plainText(field) {
            units = plain.withUnsafeBytes { NumberParsing.fixed($0) }
        } else {
            units = nil
        }
        guard let units, units >= 0, units < Int128(Int64.max) * 100_000_000 else { return .unreadable }
        return .units(units)
    }

    /// Whether a text is a value, or says that there is none.
    static func isReadable(_ text: [UInt8], _ style: NumberStyle = .plain) -> Bool {
        text.withUnsafeBytes { read($0, style) } != .unreadable
    }

    private static let words: Set<String> = [
        "nan", "null", "na", "n/a", "none", "inf", "+inf", "-inf", "infinity", "+infinity", "-infinity",
        "undefined", "-",
    ]

    private static func isMissing(_ field: Bytes) -> Bool {
        if field.isEmpty { return true }
        guard field.count <= 9, field[0] &- 0x30 >= 10 else { return false }
        return words.contains(String(decoding: field, as: UTF8.self).lowercased())
    }
}

/// Keeps the points of counts by interval until their step is known, which is at the end of the file.
///
/// Each series has a grid of its own, which `TimeGrid` finds from its times. 48 bytes a point.
struct CountStore {
    /// The clock of times that name no zone.
    var zone = LocalZone.utc

    private var names: [SeriesID] = []
    private var points: [[Point]] = []

    private struct Point {
        var start: Int64
        let units: Int128
        let line: Int
        let byteOffset: Int

        func row(at start: Int64) -> TapeRow {
            // Most are below 2^63 units, where division is quick.
            if let narrow = Int64(exactly: units) {
                var row = TapeRow(start: start, count: narrow / 100_000_000)
                row.countFraction = narrow % 100_000_000
                return row
            }
            var row = TapeRow(start: start, count: Int64(units / 100_000_000))
            row.countFraction = Int64(units % 100_000_000)
            return row
        }
    }

    /// How many series there are.
    var seriesCount: Int { names.count }

    /// Adds a series and returns its number.
    mutating func addSeries(_ id: SeriesID) -> Int {
        names.append(id)
        points.append([])
        return names.count - 1
    }

    /// Gives a series another name.
    mutating func rename(_ series: Int, to id: SeriesID) { names[series] = id }

    /// Adds a point to a series.
    mutating func add(_ units: Int128, at time: Timestamp, to series: Int, _ position: RowPosition) {
        points[series].append(
            Point(
                start: time.seconds, units: units, line: position.line, byteOffset: position.byteOffset))
    }

    /// Hands all points to the tape; returns the rows that turn out to be repeated, or to contradict others.
    /// Where several points share a row, it is told once: a contradiction goes before a repeat, and a repeat
    /// needs all its points to be repeated.
    func finish(
        _ builder: TapeDeltaBuilder, sharesRows: Bool = false
    ) -> [(position: RowPosition, outcome: RowOutcome)] {
        // The rows with a point that was there before.
        var rows: [Int: (byteOffset: Int, duplicates: Int, fault: BadRow?)] = [:]
        for (id, series) in zip(names, points) {
            guard !series.isEmpty else { continue }
            let series = unfolded(series)
            let grid = TimeGrid(series.map(\.start), repeats: CountStore.repeats(series))
            var handles: [Int64: Int] = [:]
            for point in series {
                guard let place = grid.place(point.start) else {
                    var entry = rows[point.line] ?? (point.byteOffset, 0, nil)
                    entry.fault = grid == .none ? .irregularTime : .changedStep
                    rows[point.line] = entry
                    continue
                }
                let handle =
                    handles[place.stepSeconds] ?? builder.barSeries(id, stepSeconds: place.stepSeconds)
                handles[place.stepSeconds] = handle
                let outcome = builder.addBar(point.row(at: place.start), to: handle)
                if outcome == .added { continue }
                var entry = rows[point.line] ?? (point.byteOffset, 0, nil)
                if outcome == .duplicate { entry.duplicates += 1 }
                if outcome == .conflict { entry.fault = .conflictingBar }
                rows[point.line] = entry
            }
        }
        if rows.isEmpty { return [] }
        var pointsByLine: [Int: Int] = [:]
        if sharesRows {
            for point in points.joined() where rows[point.line] != nil {
                pointsByLine[point.line, default: 0] += 1
            }
        }
        return rows.keys.sorted().compactMap { line in
            guard let entry = rows[line],
                entry.fault != nil || !sharesRows || entry.duplicates == pointsByLine[line]
            else { return nil }
            return (
                RowPosition(line: line, byteOffset: entry.byteOffset),
                entry.fault.map { .bad($0) } ?? .duplicate
            )
        }
    }

    /// The times that points of different values share.
    private static func repeats(_ series: [Point]) -> [Int64] {
        var values: [Int64: Int128] = [:]
        values.reserveCapacity(series.count)
        return series.compactMap { point in
            guard let other = values.updateValue(point.units, forKey: point.start) else { return nil }
            return other == point.units ? nil : point.start
        }
    }

    /// Points of which those that repeat a time that the clock shows twice are moved to its second pass, where that is
    /// free.
    private func unfolded(_ series: [Point]) -> [Point] {
        if zone.isFixed { return series }
        var counts: [Int64: Int] = [:]
        for point in series { counts[point.start, default: 0] += 1 }
        var taken = Set(counts.keys)
        var seen: Set<Int64> = []
        // In a table that begins with its newest row the second pass comes first.
        let descends = (series.first?.start ?? 0) > (series.last?.start ?? 0)
        return series.map { point in
            guard counts[point.start] ?? 0 > 1, let shift = zone.secondPass(of: point.start),
                seen.insert(point.start).inserted == descends, taken.insert(point.start + shift).inserted
            else { return point }
            var moved = point
            moved.start += shift
            return moved
        }
    }
}
