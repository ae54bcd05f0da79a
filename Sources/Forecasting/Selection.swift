/// Order statistics without a full sort.
enum Selection {
    /// The median of finite values; NaN of nothing. O(n), and the same every time.
    ///
    /// Values are counted into equal bins first; only those of the middle bin are ordered (Hoare 1961).
    static func median(_ values: [Double]) -> Double {
        guard !values.isEmpty else { return .nan }
        let rank = values.count / 2
        if values.count >= 64, let found = binnedMedian(values, rank: rank) { return found }
        var work = values
        let upper = place(rank, in: &work)
        guard work.count % 2 == 0 else { return upper }
        // All values before the middle are not above it: the lower middle is the largest of them.
        var lower = work[0]
        for value in work[..<rank] where value > lower { lower = value }
        return lower + 0.5 * (upper - lower)
    }

    /// The median by bins; nil where the range of the values is empty or not finite.
    private static func binnedMedian(_ values: [Double], rank: Int) -> Double? {
        let binCount = 256
        let (lowest, highest) = range(values)
        let scale = Double(binCount - 1) / (highest - lowest)
        guard scale.isFinite, scale > 0 else { return nil }
        // The sum with 2⁵² holds the rounded bin in its last bits.
        func bin(_ value: Double) -> Int {
            Int(truncatingIfNeeded: ((value - lowest) * scale + 0x1p52).bitPattern & 0xFF)
        }
        var counts = [Int32](repeating: 0, count: binCount)
        counts.withUnsafeMutableBufferPointer { counts in
            for value in values { counts[bin(value)] += 1 }
        }
        var below = 0
        var middle = 0
        while below + Int(counts[middle]) <= rank {
            below += Int(counts[middle])
            middle += 1
        }
        var inside: [Double] = []
        inside.reserveCapacity(Int(counts[middle]))
        for value in values where bin(value) == middle { inside.append(value) }
        guard inside.count > rank - below else { return nil }
        let upper = place(rank - below, in: &inside)
        guard values.count % 2 == 0 else { return upper }
        var lower = -Double.infinity
        if rank > below {
            for value in inside[..<(rank - below)] where value > lower { lower = value }
        } else {
            for value in values where bin(value) < middle && value > lower { lower = value }
        }
        return lower + 0.5 * (upper - lower)
    }

    /// The smallest and the largest value.
    static func range(_ values: [Double]) -> (lowest: Double, highest: Double) {
        guard let first = values.first else { return (.nan, .nan) }
        var low = SIMD4(repeating: first)
        var high = low
        let whole = values.count / 4 * 4
        for start in stride(from: 0, to: whole, by: 4) {
            let four = SIMD4(values[start], values[start + 1], values[start + 2], values[start + 3])
            low.replace(with: four, where: four .< low)
            high.replace(with: four, where: four .> high)
        }
        for value in values[whole...] {
            low[0] = value < low[0] ? value : low[0]
            high[0] = value > high[0] ? value : high[0]
        }
        return (low.min(), high.max())
    }

    /// The median absolute value.
    static func medianAbsolute(_ values: [Double]) -> Double {
        median(values.map(abs))
    }

    /// Partially orders the values so that the one of this rank is in its place, with none above it before
    /// it.
    private static func place(_ rank: Int, in values: inout [Double]) -> Double {
        values.withUnsafeMutableBufferPointer { values in
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
    }

    private static func middle(_ a: Double, _ b: Double, _ c: Double) -> Double {
        max(min(a, b), min(max(a, b), c))
    }
}
