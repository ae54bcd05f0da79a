import Numerics
import Units

/// What the calendar says of every step of a history and of some steps after it, found once for all series of
/// one end.
struct CalendarTable: Sendable {
    let columns: CalendarColumns
    /// Steps before the end.
    let historyCount: Int
    /// Row by row.
    private let values: [Double]

    /// Number of columns.
    var columnCount: Int { columns.count }

    /// The table of `count` steps before an instant and of `ahead` steps from it on.
    init(end: Timestamp, stepSeconds: Int64, count: Int, ahead: Int) {
        let columns = CalendarColumns(stepSeconds: stepSeconds, count: count)
        self.columns = columns
        historyCount = count
        guard columns.count > 0 else {
            values = []
            return
        }
        values = (-count..<ahead).flatMap {
            columns.values(at: end.advanced(bySeconds: Int64($0) * stepSeconds))
        }
    }

    /// The columns at a step, 0 being the first of the history.
    func row(_ step: Int) -> ArraySlice<Double> { values[step * columnCount..<(step + 1) * columnCount] }

    /// The sum of the columns with these weights, at each step.
    func product(_ weights: [Double]) -> [Double] {
        guard columnCount > 0 else { return [] }
        return Matrix.product(
            values, weights, rows: values.count / columnCount, inner: columnCount, columns: 1)
    }
}
