import COpenBLAS

/// A symmetric positive definite matrix, factorised once and solved for as many right sides as are wanted (LAPACK).
public struct Cholesky: Sendable {
    private var factor: [Double]
    private let order: Int32

    /// Factorises a matrix given in full, row by row (only the lower triangle is read); nil where it is not positive
    /// definite. O(n³).
    public init?(_ matrix: [Double], order: Int) {
        precondition(matrix.count == order * order, "a square matrix")
        OpenBLAS.useOneThread
        self.order = Int32(order)
        factor = matrix
        var n = self.order
        var info: Int32 = 0
        // Rows read as columns: our lower triangle is LAPACK's upper one.
        var triangle = CChar(UInt8(ascii: "U"))
        var leading = n
        dpotrf_(&triangle, &n, &factor, &leading, &info)
        guard info == 0 else { return nil }
    }

    /// Solves for `count` right sides, each of them contiguous, in place. O(n²) each.
    public func solve(_ rightSides: inout [Double], count: Int = 1) {
        precondition(rightSides.count == Int(order) * count, "one value a row and right side")
        var triangle = CChar(UInt8(ascii: "U"))
        var n = order
        var sides = Int32(count)
        var leading = n
        var leadingRight = n
        var info: Int32 = 0
        dpotrs_(&triangle, &n, &sides, factor, &leading, &rightSides, &leadingRight, &info)
        precondition(info == 0, "LAPACK was called wrongly")
    }
}

/// Dense products of matrices given row by row (BLAS).
public enum Matrix {
    /// C = Aᵀ B, with A of `rows × columnsA` and B of `rows × columnsB`; the result is `columnsA × columnsB`.
    public static func transposedProduct(
        _ a: [Double], _ b: [Double], rows: Int, columnsA: Int, columnsB: Int
    ) -> [Double] {
        precondition(a.count == rows * columnsA && b.count == rows * columnsB, "matching shapes")
        OpenBLAS.useOneThread
        var c = Array(repeating: 0.0, count: columnsA * columnsB)
        guard rows > 0, columnsA > 0, columnsB > 0 else { return c }
        cblas_dgemm(
            CblasRowMajor, CblasTrans, CblasNoTrans, Int32(columnsA), Int32(columnsB), Int32(rows), 1, a,
            Int32(columnsA), b, Int32(columnsB), 0, &c, Int32(columnsB))
        return c
    }

    /// C = A B, with A of `rows × inner` and B of `inner × columns`; the result is `rows × columns`.
    public static func product(_ a: [Double], _ b: [Double], rows: Int, inner: Int, columns: Int) -> [Double]
    {
        precondition(a.count == rows * inner && b.count == inner * columns, "matching shapes")
        OpenBLAS.useOneThread
        var c = Array(repeating: 0.0, count: rows * columns)
        guard rows > 0, inner > 0, columns > 0 else { return c }
        cblas_dgemm(
            CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(rows), Int32(columns), Int32(inner), 1, a,
            Int32(inner),
            b, Int32(columns), 0, &c, Int32(columns))
        return c
    }
}

/// The library's own threads stay off: the work is spread above it, in fixed parts, so that results do not depend on
/// the number of threads.
enum OpenBLAS {
    static let useOneThread: Void = openblas_set_num_threads(1)
}
