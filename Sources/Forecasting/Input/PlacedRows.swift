import Tables
import Units

/// Rows put on a regular grid, each series on its own.
struct PlacedRows {
    private(set) var series: [RegularSeries] = []
    private(set) var prices: [SeriesTable.Prices?] = []
    private(set) var duplicates: [SeriesTable.Duplicate] = []
    private(set) var mergedRowCount = 0
    private(set) var names: [SeriesID: String] = [:]
    private(set) var gaps: [SeriesTable.Gap] = []
    /// Where steps are months: how `ds` counts them.
    private(set) var calendar: MonthSteps?

    /// A table may be this many times longer on its grid than it has rows, beyond a first million of values.
    private static let sparsest = 20

    /// Where the rows of one series lie.
    private struct Grid {
        /// Seconds of one place; 1 where times count places.
        var unit: Int64
        /// What the series calls its step.
        var stepSeconds: Int64
    }

    init(_ rows: WrittenRows, stepSeconds: Int64?, file: String) throws(TableError) {
        var budget = 1_000_000
        for group in rows.groups { budget += group.rows.count * PlacedRows.sparsest }
        var usual: Int64?
        if !rows.isIndexed, stepSeconds == nil {
            calendar = try PlacedRows.calendar(rows.groups, file: file)
            usual = rows.commonestStepSeconds
        }
        for group in rows.groups {
            let id = SeriesID(group.name)
            names[id] = group.name
            var (sorted, repeats) = try unique(group.rows, name: group.name)
            let isCounted = rows.isIndexed || calendar != nil
            let grid = try PlacedRows.grid(
                &sorted, repeats, group.name, isIndexed: rows.isIndexed, calendar: calendar,
                wanted: stepSeconds, usual: usual, file: file)
            guard let first = sorted.first, let last = sorted.last else { continue }
            noteGaps(sorted, group.name, grid)
            // Instants keep their phase where they are regular, so that a day may begin at any hour.
            let anchor =
                first.time - remainder(first.time, grid.unit) * (isRegular(sorted, grid.unit) ? 0 : 1)
            let (span, isTooFar) = last.time.subtractingReportingOverflow(anchor)
            let length = isTooFar ? Int64.max : span / grid.unit + 1
            guard length <= Int64(budget) else {
                throw TableError(
                    file: file, line: last.line, column: 0,
                    message:
                        "ds is \(length) intervals of \(grid.stepSeconds) s after the first of its series, "
                        + "'\(group.name)', which has only \(sorted.count) rows; fix this time or set "
                        + "another step"
                )
            }
            budget -= Int(length)
            let limit = Timestamp.plausible.upperBound.seconds
            let (start, overflow) =
                isCounted ? anchor.multipliedReportingOverflow(by: grid.stepSeconds) : (anchor, false)
            guard !overflow, start.magnitude < limit, length < limit / grid.stepSeconds,
                start + length * grid.stepSeconds < limit
            else {
                throw TableError(
                    file: file, line: last.line, column: 0, message: "ds goes beyond the year 2199")
            }
            fill(
                sorted, id: id, anchor: anchor, unit: grid.unit, length: Int(length), start: start,
                stepSeconds: grid.stepSeconds, hasPrices: rows.hasPrices)
        }
    }

    /// The grid of a series, to which its times are brought.
    private static func grid(
        _ rows: inout [WrittenRows.Row], _ repeats: [Int64], _ name: String, isIndexed: Bool,
        calendar: MonthSteps?, wanted: Int64?, usual: Int64?, file: String
    ) throws(TableError) -> Grid {
        if isIndexed {
            // A season that is left out again and again is a hole of the numbering; two steps are not.
            if case .mixed(let fine, let coarse) = TimeGrid(rows.map(\.time), repeats: repeats), fine == 1 {
                throw changeError(
                    rows, name, fine, coarse, unit: "", advice: "number the steps one by one", file)
            }
            return Grid(unit: 1, stepSeconds: wanted ?? 3600)
        }
        guard let calendar else {
            return try grid(&rows, repeats, name, wanted: wanted, usual: usual, file: file)
        }
        for index in rows.indices { rows[index].time = calendar.index(of: rows[index].time) }
        return Grid(unit: 1, stepSeconds: calendar.stepSeconds)
    }

    /// The months of series whose steps are such; nil where none is.
    private static func calendar(
        _ groups: [(name: String, rows: [WrittenRows.Row])], file: String
    ) throws(TableError) -> MonthSteps? {
        var found: (name: String, steps: MonthSteps)?
        var other: (name: String, line: Int)?
        for group in groups {
            let times = group.rows.map(\.time)
            guard case .months(let count, let isAtEnd) = TimeGrid(times), let first = times.min() else {
                other = other ?? (group.name, group.rows.first?.line ?? 0)
                continue
            }
            if let known = found {
                guard known.steps.takesIn(first, months: count, isAtEnd: isAtEnd) else {
                    throw TableError(
                        file: file, line: group.rows.first?.line ?? 0, column: 0,
                        message:
                            "the months of series '\(group.name)' and '\(known.name)' do not line up; "
                            + "forecast them separately"
                    )
                }
            } else {
                found = (group.name, MonthSteps(first: first, months: count, isAtEnd: isAtEnd))
            }
        }
        if let found, let other {
            throw TableError(
                file: file, line: other.line, column: 0,
                message:
                    "series '\(found.name)' has monthly steps and '\(other.name)' does not; forecast them "
                    + "separately"
            )
        }
        return found?.steps
    }

    /// The grid of a series, on which times that jitter are put.
    private static func grid(
        _ rows: inout [WrittenRows.Row], _ repeats: [Int64], _ name: String, wanted: Int64?, usual: Int64?,
        file: String
    ) throws(TableError) -> Grid {
        let grid = TimeGrid(rows.map(\.time), repeats: repeats)
        let own: Int64
        switch grid {
        case .exact(let step): own = step
        case .jittered(let step, _):
            own = step
            for index in rows.indices {
                rows[index].time = grid.place(rows[index].time)?.start ?? rows[index].time
            }
        case .months(let count, _): own = Int64(count) * 28 * 86_400
        case .mixed(let fine, let coarse):
            // Added up by the coarser one both are right, unless rows of both stand for the same time.
            guard let wanted, wanted >= coarse, repeats.isEmpty else {
                throw changeError(
                    rows, name, fine, coarse, unit: " s",
                    advice:
                        "give each step its own name, write steps without events as 0, or aggregate them with "
                        + "--every", file)
            }
            return Grid(unit: wanted, stepSeconds: wanted)
        case .none:
            guard let wanted else {
                throw TableError(
                    file: file, line: rows.first?.line ?? 0, column: 0,
                    message: "the times of series '\(name)' have no regular step, neither fixed nor monthly; "
                        + "aggregate them with --every")
            }
            return Grid(unit: wanted, stepSeconds: wanted)
        }
        if let wanted {
            guard rows.count < 3 || own < 2 * wanted else {
                throw TableError(
                    file: file, line: rows.first?.line ?? 0, column: 0,
                    message:
                        "series '\(name)' has a step of \(own) s, which cannot be split into steps of "
                        + "\(wanted) s"
                )
            }
            return Grid(unit: wanted, stepSeconds: wanted)
        }
        guard own > 0, own <= SeriesTable.longestStepSeconds else {
            throw TableError(
                file: file, line: rows.first?.line ?? 0, column: 0,
                message: "series '\(name)' has a step of \(own) seconds; expected 1 s to 1,000 days")
        }
        // One or two rows say little: they have the table's step, where they keep it.
        if rows.count < 3, let usual, rows.count < 2 || own % usual == 0 {
            return Grid(unit: usual, stepSeconds: usual)
        }
        return Grid(unit: own, stepSeconds: own)
    }

    /// The error of a series of two steps, at the row where the second one begins.
    private static func changeError(
        _ rows: [WrittenRows.Row], _ name: String, _ fine: Int64, _ coarse: Int64, unit: String,
        advice: String, _ file: String
    ) -> TableError {
        let change = TimeGrid.mixed(fine, coarse).firstChange(in: rows.map(\.time))
        return TableError(
            file: file, line: change.map { rows[$0].line } ?? rows.first?.line ?? 0, column: 0,
            message:
                "series '\(name)' has two steps, \(fine)\(unit) and \(coarse)\(unit), and changes here; \(advice)"
        )
    }

    /// Silences that are long beside the step and longer than a week.
    private mutating func noteGaps(_ rows: [WrittenRows.Row], _ name: String, _ grid: Grid) {
        for (one, next) in zip(rows, rows.dropFirst()) {
            let steps = (next.time - one.time) / grid.unit
            guard steps > 10, steps > 604_800 / max(1, grid.stepSeconds) else { continue }
            gaps.append(SeriesTable.Gap(uniqueID: name, line: next.line, steps: Int(steps) - 1))
        }
    }

    /// Rows in order of time, each time once, and the times of which others have another value.
    private mutating func unique(
        _ rows: [WrittenRows.Row], name: String
    ) throws(TableError) -> (rows: [WrittenRows.Row], repeats: [Int64]) {
        var result: [WrittenRows.Row] = []
        var repeats: [Int64] = []
        for row in rows.sorted(by: { ($0.time, $0.line) < ($1.time, $1.line) }) {
            if let last = result.last, last.time == row.time {
                duplicates.append(
                    SeriesTable.Duplicate(line: row.line, firstLine: last.line, uniqueID: name))
                if row.value != last.value { repeats.append(row.time) }
            } else {
                result.append(row)
            }
        }
        return (result, repeats)
    }

    private func isRegular(_ rows: [WrittenRows.Row], _ unit: Int64) -> Bool {
        guard let first = rows.first else { return true }
        return rows.allSatisfy { ($0.time &- first.time) % unit == 0 }
    }

    private mutating func fill(
        _ rows: [WrittenRows.Row], id: SeriesID, anchor: Int64, unit: Int64, length: Int, start: Int64,
        stepSeconds: Int64, hasPrices: Bool
    ) {
        let empty = [Double](repeating: .nan, count: length)
        var values = empty
        var high = hasPrices ? empty : []
        var low = high
        var close = high
        var previous = -1
        for row in rows {
            let place = Int((row.time - anchor) / unit)
            if place == previous { mergedRowCount += 1 }
            previous = place
            values[place] =
                values[place].isNaN ? row.value : values[place] + (row.value.isNaN ? 0 : row.value)
            guard hasPrices else { continue }
            high[place] = Double.maximum(high[place], row.high)
            low[place] = Double.minimum(low[place], row.low)
            if !row.close.isNaN { close[place] = row.close }
        }
        series.append(
            RegularSeries(id: id, start: Timestamp(seconds: start), stepSeconds: stepSeconds, values: values))
        prices.append(hasPrices ? SeriesTable.Prices(high: high, low: low, close: close) : nil)
    }

    private func remainder(_ time: Int64, _ unit: Int64) -> Int64 {
        let rest = time % unit
        return rest < 0 ? rest + unit : rest
    }
}
