import COpenBLAS

/// Cholesky's factor of a symmetric positive definite matrix in single precision, for systems that are solved but a
/// few times (LAPACK, BLAS).
///
/// The matrix is scaled to a unit diagonal first, which keeps its condition in the range of single precision.
public struct PackedCholesky: Sendable {
    /// The lower triangle of the factor, row by row.
    private let factor: [Float]
    /// One over the square root of each element of the matrix's diagonal.
    private let scales: [Float]

    /// Factorises a matrix of which the lower triangle is given, row by row: order (order + 1) / 2 values; with
    /// `ridge` added to its diagonal. Nil where the sum is not positive definite. O(n³).
    public init?(lower: ArraySlice<Float>, order: Int, ridge: Float = 0) {
        precondition(lower.count == order * (order + 1) / 2, "a triangle")
        OpenBLAS.useOneThread
        let first = lower.startIndex
        let scales = (0..<order).map { 1 / (lower[first + $0 * ($0 + 1) / 2 + $0] + ridge).squareRoot() }
        guard scales.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
        var isFactorised = false
        factor = [Float](unsafeUninitializedCapacity: lower.count) { packed, filled in
            lower.withUnsafeBufferPointer { lower in
                scales.withUnsafeBufferPointer { scales in
                    isFactorised = PackedCholesky.factorise(lower, scales, order: order, to: packed)
                }
            }
            filled = lower.count
        }
        guard isFactorised else { return nil }
        self.scales = scales
    }

    /// Factorises the scaled matrix in a square of its own and packs the factor.
    private static func factorise(
        _ lower: UnsafeBufferPointer<Float>, _ scales: UnsafeBufferPointer<Float>, order: Int,
        to packed: UnsafeMutableBufferPointer<Float>
    ) -> Bool {
        withUnsafeTemporaryAllocation(of: Float.self, capacity: order * order) { full in
            for row in 0..<order {
                let (source, target) = (row * (row + 1) / 2, row * order)
                for column in 0..<row {
                    full[target + column] = lower[source + column] * (scales[row] * scales[column])
                }
                full[target + row] = 1
            }
            // Rows read as columns: our lower triangle is LAPACK's upper one, and nothing else is read.
            var triangle = CChar(UInt8(ascii: "U"))
            var n = Int32(order)
            var leading = n
            var info: Int32 = 0
            spotrf_(&triangle, &n, full.baseAddress, &leading, &info)
            for row in 0..<order {
                let (source, target) = (row * order, row * (row + 1) / 2)
                for column in 0...row { packed[target + column] = full[source + column] }
            }
            return info == 0
        }
    }

    /// Solves for one right side in place. O(n²).
    public func solve(_ rightSide: inout [Float]) {
        precondition(rightSide.count == scales.count, "one value a row")
        let order = Int32(scales.count)
        for row in scales.indices { rightSide[row] *= scales[row] }
        cblas_stpsv(CblasRowMajor, CblasLower, CblasNoTrans, CblasNonUnit, order, factor, &rightSide, 1)
        cblas_stpsv(CblasRowMajor, CblasLower, CblasTrans, CblasNonUnit, order, factor, &rightSide, 1)
        for row in scales.indices { rightSide[row] *= scales[row] }
    }
}
