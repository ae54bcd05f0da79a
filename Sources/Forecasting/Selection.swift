/// Order statistics without a full sort.
enum Selection {
    /// The median of finite values; NaN of nothing. O(n) on average (Hoare 1961), and the same every time.
    static func median(_ values: [Double]) -> Double {
        guard !values.isEmpty else { return .nan }
        var work = values
        let middle = work.count / 2
        let upper = place(middle, in: &work)
        guard work.count % 2 == 0 else { return upper }
        // All values before the middle are not above it: the lower middle is the largest of them.
        var lower = work[0]
        for value in work[..<middle] where value > lower { lower = value }
        return lower + 0.5 * (upper - lower)
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
