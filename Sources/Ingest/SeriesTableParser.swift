import Tape
import Units

/// Reads `unique_id,ds,y` and `timestamp,value`: counts by interval, the interval inferred for each series.
///
/// The step is the commonest distance between two neighbouring times of a series (the smallest of them in a tie); a
/// series of one row takes an hour. A `y` that is empty or NaN is a missing interval: accepted, and nothing stored.
struct SeriesTableParser: RowParser, ~Copyable {
    private var splitter: FieldSplitter
    private var time: TimeColumn
    private let columns: (id: Int?, time: Int, value: Int)
    private let columnCount: Int
    private let builder: TapeDeltaBuilder
    private let single: SeriesID
    private var directory = SeriesDirectory<Int>()
    private var names: [SeriesID] = []
    private var points: [[Point]] = []

    private struct Point {
        let start: Int64
        let units: Int128
        let line: Int
        let byteOffset: Int
    }

    init(_ layout: TableLayout, time: TimeColumn, naming: SeriesNaming, builder: TapeDeltaBuilder) {
        splitter = FieldSplitter(delimiter: layout.delimiter)
        self.time = time
        self.builder = builder
        columns = (layout.columns[.uniqueID], layout.columns[.time] ?? 0, layout.columns[.value] ?? 1)
        columnCount = layout.columnCount
        single = SeriesID(kind: "metrics", venue: naming.venue, name: naming.symbol)
    }

    mutating func parse(_ line: Bytes, at position: RowPosition) -> RowOutcome {
        guard let count = splitter.split(line) else { return .bad(.quotes) }
        guard count == columnCount else { return .bad(.fieldCount) }
        let stamp: Timestamp
        switch time.read(splitter.field(columns.time)) {
        case .success(let read): stamp = read
        case .failure(let problem): return .bad(problem.reason)
        }
        let value = NumberParsing.trimmed(splitter.field(columns.value))
        let isMissing = Self.isMissing(value)
        let units = isMissing ? 0 : NumberParsing.fixed(value)
        guard let units, units >= 0, units < Int128(Int64.max) * 100_000_000 else { return .bad(.value) }
        if let column = columns.id, splitter.field(column).isEmpty { return .bad(.name) }
        guard let index = seriesIndex() else { return .bad(.tooManySeries) }
        if !isMissing {
            points[index].append(
                Point(
                    start: stamp.seconds, units: units, line: position.line, byteOffset: position.byteOffset))
        }
        return .accepted
    }

    func finish() -> [(position: RowPosition, outcome: RowOutcome)] {
        var revised: [(position: RowPosition, outcome: RowOutcome)] = []
        for (id, rows) in zip(names, points) {
            let step = StepInference.stepSeconds(rows.map(\.start))
            for point in rows {
                var row = TapeRow(start: point.start, count: Int64(point.units / 100_000_000))
                row.countFraction = Int64(point.units % 100_000_000)
                let position = RowPosition(line: point.line, byteOffset: point.byteOffset)
                switch builder.addBar(row, to: id, stepSeconds: step) {
                case .added: break
                case .duplicate: revised.append((position, .duplicate))
                case .conflict: revised.append((position, .bad(.conflictingBar)))
                }
            }
        }
        return revised.sorted { $0.position.line < $1.position.line }
    }

    private static func isMissing(_ field: Bytes) -> Bool {
        if field.isEmpty { return true }
        guard field.count <= 4, field[0] > 0x39 else { return false }
        return ["nan", "null", "na"].contains(String(decoding: field, as: UTF8.self).lowercased())
    }

    private mutating func seriesIndex() -> Int? {
        guard let column = columns.id else {
            if names.isEmpty { addSeries(single) }
            return 0
        }
        let next = names.count
        var fresh: SeriesID?
        let found = directory.handle(venue: nil, name: splitter.field(column)) { _, name in
            let id = SeriesID(name)
            return (
                id,
                {
                    fresh = id
                    return next
                }
            )
        }
        if let fresh { addSeries(fresh) }
        return found
    }

    private mutating func addSeries(_ id: SeriesID) {
        names.append(id)
        points.append([])
    }
}

/// Finds the step of a series from its times.
enum StepInference {
    /// The commonest distance between neighbours, the smallest of them in a tie; an hour where there is none.
    static func stepSeconds(_ starts: [Int64]) -> Int64 {
        let sorted = starts.sorted()
        var distances: [Int64: Int] = [:]
        for (one, next) in zip(sorted, sorted.dropFirst()) where next > one {
            distances[next - one, default: 0] += 1
        }
        let best = distances.min { ($1.value, $0.key) < ($0.value, $1.key) }
        return min(best?.key ?? 3600, Tape.stepSecondsMax)
    }
}
