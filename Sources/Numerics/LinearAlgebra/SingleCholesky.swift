import COpenBLAS

/// Symmetric positive definite systems in single precision (LAPACK), for sums over many series where a
/// double's digits are not needed.
///
/// The matrix is scaled to a unit diagonal first, which keeps its condition in the range of single precision.
public enum SingleCholesky {
    /// Solves A X = B in place for `count` right sides, each of them contiguous, where the lower triangle of
    /// A is given row by row: order (order + 1) / 2 values; `ridge` is added to its diagonal. False where the
    /// sum is not positive definite. O(order³).
    public static func solve(
        lower: ArraySlice<Float>, order: Int, ridge: Float = 0, _ rightSides: inout [Float], count: Int = 1
    ) -> Bool {
        precondition(lower.count == order * (order + 1) / 2, "a triangle")
        precondition(rightSides.count == order * count, "one value a row and right side")
        OpenBLAS.useOneThread
        let first = lower.startIndex
        let scales = (0..<order).map { 1 / (lower[first + $0 * ($0 + 1) / 2 + $0] + ridge).squareRoot() }
        guard scales.allSatisfy({ $0 > 0 && $0.isFinite }) else { return false }
        return lower.withUnsafeBufferPointer { lower in
            scales.withUnsafeBufferPointer { scales in
                rightSides.withUnsafeMutableBufferPointer { solve(lower, scales, $0, count: count) }
            }
        }
    }

    private static func solve(
        _ lower: UnsafeBufferPointer<Float>, _ scales: UnsafeBufferPointer<Float>,
        _ rightSides: UnsafeMutableBufferPointer<Float>, count: Int
    ) -> Bool {
        let order = scales.count
        return withUnsafeTemporaryAllocation(of: Float.self, capacity: order * order) { full in
            for row in 0..<order {
                let (source, target) = (row * (row + 1) / 2, row * order)
                let own = scales[row]
                for column in 0..<row {
                    full[target + column] = lower[source + column] * (own * scales[column])
                }
                full[target + row] = 1
            }
            // Rows read as columns: our lower triangle is LAPACK's upper one, and nothing else is read.
            var triangle = CChar(UInt8(ascii: "U"))
            var n = Int32(order)
            var leading = n
            var leadingRight = n
            var sides = Int32(count)
            var info: Int32 = 0
            spotrf_(&triangle, &n, full.baseAddress, &leading, &info)
            guard info == 0 else { return false }
            scale(rightSides, by: scales)
            spotrs_(
                &triangle, &n, &sides, full.baseAddress, &leading, rightSides.baseAddress, &leadingRight,
                &info)
            precondition(info == 0, "LAPACK was called wrongly")
            scale(rightSides, by: scales)
            return true
        }
    }

    private static func scale(
        _ rightSides: UnsafeMutableBufferPointer<Float>, by scales: UnsafeBufferPointer<Float>
    ) {
        for start in stride(from: 0, to: rightSides.count, by: scales.count) {
            for row in 0..<scales.count { rightSides[start + row] *= scales[row] }
        }
    }
}
