import COpenBLAS

/// Dense products in single precision, for sums over many series where a double's digits are not needed (BLAS).
public enum SinglePrecision {
    /// C = A B, with A of `rows × inner` and B of `inner × columns`, row by row.
    public static func product(_ a: [Float], _ b: [Float], rows: Int, inner: Int, columns: Int) -> [Float] {
        precondition(a.count == rows * inner && b.count == inner * columns, "matching shapes")
        OpenBLAS.useOneThread
        var c = [Float](repeating: 0, count: rows * columns)
        guard rows > 0, inner > 0, columns > 0 else { return c }
        cblas_sgemm(
            CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(rows), Int32(columns), Int32(inner), 1, a,
            Int32(inner), b, Int32(columns), 0, &c, Int32(columns))
        return c
    }

    /// Vectors of equal length, each with others added to it: `rows` says which, with their weights.
    ///
    /// Elements are taken in blocks, so that a block of all vectors stays in the cache.
    public static func sums(
        _ range: Range<Int>, of vectors: [[Float]], adding rows: [[(index: Int, weight: Float)]]
    ) -> [[Float]] {
        let count = vectors.first?.count ?? 0
        precondition(vectors.allSatisfy { $0.count == count }, "vectors of equal length")
        OpenBLAS.useOneThread
        var sums = Array(vectors[range])
        let width = 256
        for first in stride(from: 0, to: count, by: width) {
            let length = Int32(min(width, count - first))
            for (place, row) in range.enumerated() {
                sums[place].withUnsafeMutableBufferPointer { sum in
                    guard let target = sum.baseAddress else { return }
                    for entry in rows[row] {
                        vectors[entry.index].withUnsafeBufferPointer { vector in
                            guard let source = vector.baseAddress else { return }
                            cblas_saxpy(length, entry.weight, source + first, 1, target + first, 1)
                        }
                    }
                }
            }
        }
        return sums
    }

    /// y = A x, with A of `rows × columns`, row by row.
    public static func product(_ a: ArraySlice<Float>, vector: [Float], rows: Int, columns: Int) -> [Float] {
        precondition(a.count == rows * columns && vector.count == columns, "matching shapes")
        OpenBLAS.useOneThread
        var y = [Float](repeating: 0, count: rows)
        guard rows > 0, columns > 0 else { return y }
        a.withUnsafeBufferPointer { a in
            cblas_sgemv(
                CblasRowMajor, CblasNoTrans, Int32(rows), Int32(columns), 1, a.baseAddress, Int32(columns),
                vector, 1, 0, &y, 1)
        }
        return y
    }

    /// C = Aᵀ B, with A of `rows × columnsA` and B of `rows × columnsB`, row by row.
    public static func transposedProduct(
        _ a: [Float], _ b: [Float], rows: Int, columnsA: Int, columnsB: Int
    ) -> [Float] {
        precondition(a.count == rows * columnsA && b.count == rows * columnsB, "matching shapes")
        OpenBLAS.useOneThread
        var c = [Float](repeating: 0, count: columnsA * columnsB)
        guard rows > 0, columnsA > 0, columnsB > 0 else { return c }
        cblas_sgemm(
            CblasRowMajor, CblasTrans, CblasNoTrans, Int32(columnsA), Int32(columnsB), Int32(rows), 1, a,
            Int32(columnsA), b, Int32(columnsB), 0, &c, Int32(columnsB))
        return c
    }

    /// AᵀA of a matrix of `rows × columns`, row by row; only the lower triangle is filled.
    public static func gram(_ a: [Float], rows: Int, columns: Int) -> [Float] {
        precondition(a.count == rows * columns, "matching shapes")
        OpenBLAS.useOneThread
        var c = [Float](repeating: 0, count: columns * columns)
        guard rows > 0, columns > 0 else { return c }
        cblas_ssyrk(
            CblasRowMajor, CblasLower, CblasTrans, Int32(columns), Int32(rows), 1, a, Int32(columns), 0, &c,
            Int32(columns))
        return c
    }
}
