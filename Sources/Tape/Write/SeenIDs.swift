/// The trade ids met so far, for finding repeats in any order of arrival.
///
/// Rising or falling runs extend one interval in place; other orders fill a small buffer that spills into sorted
/// levels of doubling size, so that n ids in random order cost O(n log² n) and no more than their intervals in memory.
struct SeenIDs: Sendable {
    private var main = IntervalSet()
    private var buffer = IntervalSet()
    private var levels: [IntervalSet] = []

    private static let bufferLimit = 512

    /// Adds the ids of one row; false, and nothing added, where any of them was there already.
    mutating func insert(_ ids: ClosedRange<Int64>) -> Bool {
        if let last = main.intervals.last, ids.lowerBound > last.upperBound {
            guard !isInSpill(ids) else { return false }
            main.appendSorted(ids)
            return true
        }
        guard !main.overlaps(ids), !isInSpill(ids) else { return false }
        if main.isEmpty || extendsFront(ids) {
            main.insert(ids)
            return true
        }
        buffer.insert(ids)
        if buffer.intervals.count >= Self.bufferLimit { spill() }
        return true
    }

    /// The id that would extend the last interval in place; nil where other ids may lie behind it.
    var next: Int64? {
        guard buffer.isEmpty, levels.isEmpty, let last = main.intervals.last, last.upperBound < .max else {
            return nil
        }
        return last.upperBound + 1
    }

    /// Extends the last interval.
    mutating func extend(through id: Int64) {
        main.extendLast(through: id)
    }

    /// All ids.
    var all: IntervalSet { levels.reduce(main.union(buffer)) { $0.union($1) } }

    private func extendsFront(_ ids: ClosedRange<Int64>) -> Bool {
        guard let first = main.intervals.first else { return true }
        return ids.upperBound < first.lowerBound && ids.upperBound + 1 == first.lowerBound
    }

    private func isInSpill(_ ids: ClosedRange<Int64>) -> Bool {
        if buffer.isEmpty && levels.isEmpty { return false }
        return buffer.overlaps(ids) || levels.contains { $0.overlaps(ids) }
    }

    private mutating func spill() {
        var carried = buffer
        buffer = IntervalSet()
        while let last = levels.last, last.intervals.count <= 2 * carried.intervals.count {
            carried = carried.union(last)
            levels.removeLast()
        }
        levels.append(carried)
    }
}
