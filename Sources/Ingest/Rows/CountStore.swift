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

    /// Reads `12`, `1.5e3`, nothing, `NaN`, `null`, `+Inf`.
    static func read(_ raw: Bytes) -> CountValue {
        let field = NumberParsing.trimmed(raw)
        if isMissing(field) { return .missing }
        guard let units = NumberParsing.fixed(field), units >= 0,
            units < Int128(Int64.max) * 100_000_000
        else { return .unreadable }
        return .units(units)
    }

    /// Whether a text is a value, or says that there is none.
    static func isReadable(_ text: [UInt8]) -> Bool { text.withUnsafeBytes { read($0) } != .unreadable }

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
/// The step is the commonest distance between two neighbouring times of a series (the smallest of them in a
/// tie); a series of one row takes an hour. 48 bytes a point.
struct CountStore {
    private var names: [SeriesID] = []
    private var points: [[Point]] = []

    private struct Point {
        let start: Int64
        let units: Int128
        let line: Int
        let byteOffset: Int

        var row: TapeRow {
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
        var rows: [Int: (byteOffset: Int, duplicates: Int, isConflict: Bool)] = [:]
        for (id, series) in zip(names, points) {
            guard !series.isEmpty else { continue }
            let step = StepInference.stepSeconds(series.map(\.start))
            let handle = builder.barSeries(id, stepSeconds: step)
            for point in series {
                let outcome = builder.addBar(point.row, to: handle)
                if outcome == .added { continue }
                var entry = rows[point.line] ?? (point.byteOffset, 0, false)
                if outcome == .duplicate { entry.duplicates += 1 }
                if outcome == .conflict { entry.isConflict = true }
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
                entry.isConflict || !sharesRows || entry.duplicates == pointsByLine[line]
            else { return nil }
            return (
                RowPosition(line: line, byteOffset: entry.byteOffset),
                entry.isConflict ? .bad(.conflictingBar) : .duplicate
            )
        }
    }
}

/// Finds the step of a series from its times.
enum StepInference {
    /// The commonest distance between neighbours, the smallest of them in a tie; an hour where there is none.
    static func stepSeconds(_ starts: [Int64]) -> Int64 {
        let isSorted = zip(starts, starts.dropFirst()).allSatisfy { $0 <= $1 }
        let sorted = isSorted ? starts : starts.sorted()
        var distances: [Int64: Int] = [:]
        // Distances mostly repeat: they are counted run by run.
        var run: (distance: Int64, count: Int) = (0, 0)
        for (one, next) in zip(sorted, sorted.dropFirst()) where next > one {
            if next - one != run.distance {
                if run.count > 0 { distances[run.distance, default: 0] += run.count }
                run = (next - one, 0)
            }
            run.count += 1
        }
        if run.count > 0 { distances[run.distance, default: 0] += run.count }
        let best = distances.min { ($1.value, $0.key) < ($0.value, $1.key) }
        return min(best?.key ?? 3600, Tape.stepSecondsMax)
    }
}
