import Tables
import Units

/// Rows put on a regular grid.
struct PlacedRows {
    private(set) var series: [RegularSeries] = []
    private(set) var prices: [SeriesTable.Prices?] = []
    private(set) var duplicates: [SeriesTable.Duplicate] = []
    private(set) var mergedRowCount = 0
    private(set) var names: [SeriesID: String] = [:]

    /// A table may be this many times longer on its grid than it has rows, beyond a first million of values.
    private static let sparsest = 20

    init(_ rows: SeriesRows, stepSeconds: Int64, file: String) throws(TableError) {
        var budget = 1_000_000
        for group in rows.groups { budget += group.rows.count * PlacedRows.sparsest }
        for group in rows.groups {
            let id = SeriesID(group.name)
            names[id] = group.name
            let unit = rows.isIndexed ? 1 : stepSeconds
            let sorted = try unique(group.rows, name: group.name)
            guard let first = sorted.first, let last = sorted.last else { continue }
            // Instants keep their phase where they are regular, so that a day may begin at any hour.
            let anchor = first.time - remainder(first.time, unit) * (isRegular(sorted, unit) ? 0 : 1)
            let length = (last.time - anchor) / unit + 1
            guard length <= Int64(budget) else {
                throw TableError(
                    file: file, line: last.line, column: 0,
                    message: "ds lies \(length) intervals of \(stepSeconds) s after the first of its series, "
                        + "which has \(sorted.count) rows; a stray time, or another step is needed")
            }
            budget -= Int(length)
            let limit = Timestamp.plausible.upperBound.seconds
            let (start, overflow) =
                rows.isIndexed
                ? anchor.multipliedReportingOverflow(by: stepSeconds) : (anchor, false)
            guard !overflow, start.magnitude < limit, length < limit / stepSeconds,
                start + length * stepSeconds < limit
            else {
                throw TableError(
                    file: file, line: last.line, column: 0, message: "ds reaches past the year 2199")
            }
            fill(
                sorted, id: id, anchor: anchor, unit: unit, length: Int(length), start: start,
                stepSeconds: stepSeconds, hasPrices: rows.hasPrices)
        }
    }

    /// Rows in order of time, each time once.
    private mutating func unique(_ rows: [SeriesRows.Row], name: String) throws(TableError)
        -> [SeriesRows.Row]
    {
        var result: [SeriesRows.Row] = []
        for row in rows.sorted(by: { ($0.time, $0.line) < ($1.time, $1.line) }) {
            if let last = result.last, last.time == row.time {
                duplicates.append(
                    SeriesTable.Duplicate(line: row.line, firstLine: last.line, uniqueID: name))
            } else {
                result.append(row)
            }
        }
        return result
    }

    private func isRegular(_ rows: [SeriesRows.Row], _ unit: Int64) -> Bool {
        guard let first = rows.first else { return true }
        return rows.allSatisfy { ($0.time - first.time) % unit == 0 }
    }

    private mutating func fill(
        _ rows: [SeriesRows.Row], id: SeriesID, anchor: Int64, unit: Int64, length: Int, start: Int64,
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
