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

    /// Factorises a matrix of which the lower triangle is given, row by row: order (order + 1) / 2 values; nil
    /// where it is not positive definite. O(n³).
    public init?(lower: [Float], order: Int) {
        precondition(lower.count == order * (order + 1) / 2, "a triangle")
        OpenBLAS.useOneThread
        let scales = (0..<order).map { 1 / lower[$0 * ($0 + 1) / 2 + $0].squareRoot() }
        guard scales.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
        var packed = lower
        let isFactorised = withUnsafeTemporaryAllocation(of: Float.self, capacity: order * order) { full in
            full.initialize(repeating: 0)
            for row in 0..<order {
                let (source, target) = (row * (row + 1) / 2, row * order)
                for column in 0..<row {
                    full[target + column] = lower[source + column] * (scales[row] * scales[column])
                }
                full[target + row] = 1
            }
            // Rows read as columns: our lower triangle is LAPACK's upper one.
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
        guard isFactorised else { return nil }
        factor = packed
        self.scales = scales
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
