import Numerics
import Units

/// The sum of a calendar's effects at each step about an end.
///
/// A fit needs its calendar over the whole history, a forecast only over what it looks back on and some steps ahead: of
/// hundreds of fits that are kept at once, the whole tables would fill the memory.
struct CalendarCurve: Sendable {
    private let columns: CalendarColumns
    /// One a column.
    private let effects: [Double]
    /// Steps before the end that the sums hold.
    private let before: Int
    private let sums: [Double]

    /// The sums from `span` steps before the table's end on, or from its beginning where that is later.
    init(_ calendar: CalendarTable, _ effects: [Double], span: Int) {
        columns = calendar.columns
        self.effects = effects
        before = min(span, calendar.historyCount)
        sums = Array(calendar.product(effects).dropFirst(calendar.historyCount - before))
    }

    /// Adds the sum of each step to values whose first one is so many steps after the end; `time` is the instant of a
    /// value, for steps that the sums do not hold.
    func add(to values: inout [Double], from first: Int, time: (Int) -> Timestamp) {
        guard !effects.isEmpty else { return }
        let count = values.count
        let start = before + first
        let known = max(0, -start)..<max(0, -start, min(count, sums.count - start))
        if !known.isEmpty {
            values.withUnsafeMutableBufferPointer { values in
                sums.withUnsafeBufferPointer { sums in
                    guard let target = values.baseAddress, let source = sums.baseAddress else { return }
                    Kernels.best.addScaled(
                        1, source + start + known.lowerBound, count: known.count,
                        to: target + known.lowerBound)
                }
            }
        }
        guard known.count < count else { return }
        for index in 0..<count where !known.contains(index) {
            for (effect, column) in zip(effects, columns.values(at: time(index))) {
                values[index] += effect * column
            }
        }
    }
}
