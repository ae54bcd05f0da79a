import Units

/// A set of whole numbers kept as sorted, disjoint, closed intervals: seconds that a log covers, or trade ids.
public struct IntervalSet: Sendable, Equatable {
    /// The intervals, ascending; no two of them touch.
    public private(set) var intervals: [ClosedRange<Int64>]

    /// The empty set.
    public init() {
        intervals = []
    }

    /// The union of any intervals, in any order. O(n log n).
    public init(_ unsorted: [ClosedRange<Int64>]) {
        intervals = []
        for interval in unsorted.sorted(by: { $0.lowerBound < $1.lowerBound }) { appendSorted(interval) }
    }

    /// Whether nothing is in the set.
    public var isEmpty: Bool { intervals.isEmpty }

    /// How many numbers are in the set; stays at `Int64.max` beyond it.
    public var size: Int64 {
        intervals.reduce(0) { sum, interval in
            let (length, overflow) = interval.upperBound.subtractingReportingOverflow(interval.lowerBound)
            return overflow ? .max : sum.addingSaturating(length).addingSaturating(1)
        }
    }

    /// Whether a number is in the set. O(log n).
    public func contains(_ number: Int64) -> Bool { overlaps(number...number) }

    /// Whether any number of an interval is in the set. O(log n).
    public func overlaps(_ interval: ClosedRange<Int64>) -> Bool {
        let index = intervals.partitioningIndex { $0.upperBound >= interval.lowerBound }
        return index < intervals.count && intervals[index].lowerBound <= interval.upperBound
    }

    /// The longest run of numbers that the set shares with another. O(n + m).
    public func longestOverlap(with other: IntervalSet) -> Int64 {
        var longest: Int64 = 0
        var left = 0
        var right = 0
        while left < intervals.count, right < other.intervals.count {
            let one = intervals[left]
            let two = other.intervals[right]
            let low = max(one.lowerBound, two.lowerBound)
            let high = min(one.upperBound, two.upperBound)
            if low <= high { longest = max(longest, (high &- low).addingSaturating(1)) }
            if one.upperBound < two.upperBound { left += 1 } else { right += 1 }
        }
        return longest
    }

    /// The first run of numbers that the set shares with another, or nil. O(n + m).
    public func firstOverlap(with other: IntervalSet) -> ClosedRange<Int64>? {
        var left = 0
        var right = 0
        while left < intervals.count, right < other.intervals.count {
            let one = intervals[left]
            let two = other.intervals[right]
            if one.overlaps(two) { return one.clamped(to: two) }
            if one.upperBound < two.upperBound { left += 1 } else { right += 1 }
        }
        return nil
    }

    /// How many numbers of an interval are in the set. O(log n + k).
    public func overlapSize(_ interval: ClosedRange<Int64>) -> Int64 {
        var index = intervals.partitioningIndex { $0.upperBound >= interval.lowerBound }
        var total: Int64 = 0
        while index < intervals.count, intervals[index].lowerBound <= interval.upperBound {
            let low = max(intervals[index].lowerBound, interval.lowerBound)
            let high = min(intervals[index].upperBound, interval.upperBound)
            total = total.addingSaturating((high &- low).addingSaturating(1))
            index += 1
        }
        return total
    }

    /// The numbers of either set. O(n + m).
    public func union(_ other: IntervalSet) -> IntervalSet {
        if other.isEmpty { return self }
        if isEmpty { return other }
        var result = IntervalSet()
        result.intervals.reserveCapacity(intervals.count + other.intervals.count)
        var left = 0
        var right = 0
        while left < intervals.count || right < other.intervals.count {
            let takeLeft =
                right >= other.intervals.count
                || (left < intervals.count
                    && intervals[left].lowerBound <= other.intervals[right].lowerBound)
            result.appendSorted(takeLeft ? intervals[left] : other.intervals[right])
            if takeLeft { left += 1 } else { right += 1 }
        }
        return result
    }

    /// The set with every hole of at most `gap` numbers filled.
    public func joined(across gap: Int64) -> IntervalSet {
        var result = IntervalSet()
        for interval in intervals {
            if let last = result.intervals.last, interval.lowerBound &- last.upperBound &- 1 <= gap,
                interval.lowerBound &- last.upperBound > 0
            {
                result.intervals[result.intervals.count - 1] = last.lowerBound...interval.upperBound
            } else {
                result.intervals.append(interval)
            }
        }
        return result
    }

    /// The part inside an interval.
    public func clipped(to bounds: ClosedRange<Int64>) -> IntervalSet {
        var result = IntervalSet()
        for interval in intervals where interval.overlaps(bounds) {
            result.intervals.append(interval.clamped(to: bounds))
        }
        return result
    }

    /// The smallest number of the set that is not below a given one. O(log n).
    func lowerBound(from number: Int64) -> Int64? {
        let index = intervals.partitioningIndex { $0.upperBound >= number }
        return index < intervals.count ? Swift.max(number, intervals[index].lowerBound) : nil
    }

    /// Makes the last interval longer; there must be one.
    mutating func extendLast(through number: Int64) {
        let last = intervals[intervals.count - 1]
        intervals[intervals.count - 1] = last.lowerBound...Swift.max(last.upperBound, number)
    }

    /// Adds an interval that starts no earlier than the last one.
    mutating func appendSorted(_ interval: ClosedRange<Int64>) {
        guard let last = intervals.last else {
            intervals.append(interval)
            return
        }
        if last.upperBound == .max || interval.lowerBound <= last.upperBound + 1 {
            intervals[intervals.count - 1] =
                last.lowerBound...Swift.max(last.upperBound, interval.upperBound)
        } else {
            intervals.append(interval)
        }
    }

    /// Adds an interval wherever it belongs. O(log n) plus the move of what lies behind it.
    mutating func insert(_ interval: ClosedRange<Int64>) {
        let first = intervals.partitioningIndex {
            $0.upperBound == .max || $0.upperBound + 1 >= interval.lowerBound
        }
        var end = first
        var merged = interval
        while end < intervals.count,
            interval.upperBound == .max || intervals[end].lowerBound <= interval.upperBound + 1
        {
            merged =
                Swift.min(
                    merged.lowerBound, intervals[end].lowerBound)...Swift.max(
                    merged.upperBound, intervals[end].upperBound)
            end += 1
        }
        intervals.replaceSubrange(first..<end, with: CollectionOfOne(merged))
    }
}
