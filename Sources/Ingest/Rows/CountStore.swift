import Tape
import Units

/// Keeps the points of counts by interval until their step is known, which is at the end of the file.
///
/// Each series has a grid of its own, which `TimeGrid` finds from its times. 48 bytes a point.
struct CountStore {
    /// The clock of times that name no zone.
    var zone = LocalZone.utc

    private var names: [SeriesID] = []
    private var points: [[Point]] = []
    /// The series that are called as counters are.
    private var counters: Set<Int> = []

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

    /// Says that a series is called as those are that count from the start of a server on.
    mutating func suspectCounter(_ series: Int) { counters.insert(series) }

    /// Adds a point to a series.
    mutating func add(_ units: Int128, at time: Timestamp, to series: Int, _ position: RowPosition) {
        points[series].append(
            Point(
                start: time.seconds, units: units, line: position.line, byteOffset: position.byteOffset))
    }

    /// A row with a point that is repeated or wrong.
    private struct Revised {
        let line: Int
        var duplicates = 0
        var fault: BadRow?
    }

    /// Hands all points to the tape; returns the rows that turn out to be repeated, or to contradict others.
    /// Where several points share a row, it is told once: a contradiction goes before a repeat, and a repeat
    /// needs all its points to be repeated. The rows at which a step changes come first.
    func finish(
        _ builder: TapeDeltaBuilder, sharesRows: Bool = false
    ) -> [(position: RowPosition, outcome: RowOutcome)] {
        // By where rows begin: those of a document may all stand on one line.
        var rows: [Int: Revised] = [:]
        for (number, (id, series)) in zip(names, points).enumerated() where !series.isEmpty {
            let series = unfolded(series)
            let faults = faults(of: series, isSuspect: counters.contains(number))
            var handles: [Int64: Int] = [:]
            for point in series {
                var entry = rows[point.byteOffset] ?? Revised(line: point.line)
                guard faults.common == nil, let place = faults.grid.place(point.start) else {
                    entry.fault = point.start == faults.change ? .changedStep : faults.common ?? .twoSteps
                    rows[point.byteOffset] = entry
                    continue
                }
                let handle =
                    handles[place.stepSeconds] ?? builder.barSeries(id, stepSeconds: place.stepSeconds)
                handles[place.stepSeconds] = handle
                let outcome = builder.addBar(point.row(at: place.start), to: handle)
                if outcome == .added { continue }
                if outcome == .duplicate { entry.duplicates += 1 }
                if outcome == .conflict { entry.fault = .conflictingBar }
                rows[point.byteOffset] = entry
            }
        }
        return revisions(rows, sharesRows: sharesRows)
    }

    /// What is wrong with a series as a whole.
    private func faults(of series: [Point], isSuspect: Bool) -> (
        grid: TimeGrid, common: BadRow?, change: Int64?
    ) {
        if isSuspect, CountStore.isCounter(series) { return (.none, .counter, nil) }
        let times = series.map(\.start)
        let grid = TimeGrid(times, repeats: CountStore.repeats(series))
        switch grid {
        case .mixed:
            let sorted = Set(times).sorted()
            return (grid, .twoSteps, grid.firstChange(in: sorted).map { sorted[$0] })
        case .none: return (grid, .irregularTime, nil)
        case .exact, .jittered, .months: return (grid, nil, nil)
        }
    }

    private func revisions(
        _ rows: [Int: Revised], sharesRows: Bool
    ) -> [(position: RowPosition, outcome: RowOutcome)] {
        if rows.isEmpty { return [] }
        var counts: [Int: Int] = [:]
        if sharesRows {
            for point in points.joined() where rows[point.byteOffset] != nil {
                counts[point.byteOffset, default: 0] += 1
            }
        }
        let places = rows.keys.sorted()
        let changes = places.filter { rows[$0]?.fault == .changedStep }
        return (changes + places.filter { rows[$0]?.fault != .changedStep }).compactMap { byteOffset in
            guard let entry = rows[byteOffset],
                entry.fault != nil || !sharesRows || entry.duplicates == counts[byteOffset]
            else { return nil }
            return (
                RowPosition(line: entry.line, byteOffset: byteOffset),
                entry.fault.map { .bad($0) } ?? .duplicate
            )
        }
    }

    /// Whether values never fall and rise nearly always, as those of a counter do, whose sum means nothing.
    private static func isCounter(_ series: [Point]) -> Bool {
        let sorted = series.sorted { $0.start < $1.start }
        guard sorted.count >= 6 else { return false }
        let rises = zip(sorted, sorted.dropFirst()).count { $0.units < $1.units }
        return 10 * rises >= 8 * (sorted.count - 1)
            && zip(sorted, sorted.dropFirst()).allSatisfy { $0.units <= $1.units }
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
