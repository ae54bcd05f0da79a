/// Order statistics without a full sort.
public enum Selection {
    /// The median of finite values; NaN of nothing. O(n), and the same every time.
    ///
    /// A few counts of the values below a bound narrow down where it lies; only what is left is ordered
    /// (Hoare 1961).
    public static func median(_ values: [Double]) -> Double {
        guard !values.isEmpty else { return .nan }
        return values.withUnsafeBufferPointer { median($0) }
    }

    /// The same of at least one value.
    public static func median(_ values: UnsafeBufferPointer<Double>) -> Double {
        let count = values.count
        guard let source = values.baseAddress else { return .nan }
        let rank = count / 2
        // The lower middle of an even number of values, otherwise the middle.
        let first = count % 2 == 0 ? rank - 1 : rank
        return withUnsafeTemporaryAllocation(of: Double.self, capacity: count + 1) { inside in
            guard let target = inside.baseAddress else { return .nan }
            var below = 0
            var found = count
            if count >= 64, let place = Bracket(source, count: count, first: first, rank: rank) {
                below = place.below
                found = Kernels.best.valuesWithin(
                    source, count: count, from: place.lowest, below: place.bound, to: target)
            } else {
                target.initialize(from: source, count: count)
            }
            guard rank - below < found else { return .nan }
            let part = UnsafeMutableBufferPointer(rebasing: inside[..<found])
            let upper = value(ofRank: rank - below, in: part)
            guard first < rank else { return upper }
            // All values before the middle are not above it: the lower middle is the largest of them.
            var lower = part[0]
            for value in part[..<(rank - below)] where value > lower { lower = value }
            return lower + 0.5 * (upper - lower)
        }
    }

    /// The quantile of finite values with linear interpolation (type 7 of Hyndman and Fan 1996); NaN of nothing.
    /// O(n).
    public static func quantile(_ values: UnsafeBufferPointer<Double>, _ level: Double) -> Double {
        guard !values.isEmpty else { return .nan }
        let position = level * Double(values.count - 1)
        let rank = min(Int(saturating: position), values.count - 1)
        return withUnsafeTemporaryAllocation(of: Double.self, capacity: values.count) { inside in
            _ = inside.initialize(from: values)
            let below = value(ofRank: rank, in: inside)
            guard rank + 1 < values.count else { return below }
            // All values behind the place are not below it: the next one is the smallest of them.
            var above = inside[rank + 1]
            for value in inside[(rank + 1)...] where value < above { above = value }
            return below + (position - Double(rank)) * (above - below)
        }
    }

    /// Where two ranks next to each other lie.
    private struct Bracket {
        /// The values looked for are at least this and below that.
        private(set) var lowest: Double
        private(set) var bound: Double
        /// How many values are below `lowest`.
        private(set) var below = 0

        /// So many values or fewer are soon ordered.
        private static let few = 16

        /// nil where the range of the values is empty or not finite.
        init?(_ values: UnsafePointer<Double>, count: Int, first: Int, rank: Int) {
            let kernels = Kernels.best
            let (low, high) = kernels.rangeOf(values, count: count)
            guard (high - low).isFinite, high > low else { return nil }
            lowest = low
            bound = high.nextUp
            var belowBound = count
            for round in 0..<12 where belowBound - below > Bracket.few {
                // Now on this side of where an even spread would have it, now on that.
                let share = Double(rank - below) / Double(belowBound - below)
                let moved = min(max(share + (round % 2 == 0 ? 0.08 : -0.08), 0.04), 0.96)
                let bound = lowest + moved * (self.bound - lowest)
                let found = kernels.countBelow(values, count: count, bound: bound)
                if found <= first {
                    lowest = bound
                    below = found
                } else if found > rank {
                    self.bound = bound
                    belowBound = found
                }
            }
        }
    }

    /// The smallest and the largest value.
    public static func range(_ values: [Double]) -> (lowest: Double, highest: Double) {
        values.withUnsafeBufferPointer { values in
            guard let source = values.baseAddress, !values.isEmpty else { return (.nan, .nan) }
            return Kernels.best.rangeOf(source, count: values.count)
        }
    }

    public static func medianAbsolute(_ values: [Double]) -> Double {
        guard !values.isEmpty else { return .nan }
        return withUnsafeTemporaryAllocation(of: Double.self, capacity: values.count) { sizes in
            if let target = sizes.baseAddress { Kernels.best.sizes(values, count: values.count, to: target) }
            return median(UnsafeBufferPointer(sizes))
        }
    }

    /// Partially orders the values so that the one of this rank is in its place, with none above it before
    /// it.
    private static func value(ofRank rank: Int, in values: UnsafeMutableBufferPointer<Double>) -> Double {
        var first = 0
        var last = values.count - 1
        while first < last {
            let pivot = middle(values[first], values[(first + last) / 2], values[last])
            var left = first
            var right = last
            while left <= right {
                while values[left] < pivot { left += 1 }
                while values[right] > pivot { right -= 1 }
                if left <= right {
                    values.swapAt(left, right)
                    left += 1
                    right -= 1
                }
            }
            if rank <= right {
                last = right
            } else if rank >= left {
                first = left
            } else {
                break
            }
        }
        return values[rank]
    }

    private static func middle(_ a: Double, _ b: Double, _ c: Double) -> Double {
        max(min(a, b), min(max(a, b), c))
    }
}
