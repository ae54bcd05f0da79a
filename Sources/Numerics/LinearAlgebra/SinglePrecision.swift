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

    /// C = W B for a W with few entries in each row, each a row of B with its weight; B of `columns` columns, row
    /// by row, and C likewise, one row for each of W's.
    ///
    /// Columns are taken in blocks, so that a block of all rows of B stays in the cache.
    public static func sparseProduct(_ rows: [[(index: Int, weight: Float)]], _ b: [Float], columns: Int)
        -> [Float]
    {
        precondition(
            rows.allSatisfy { $0.allSatisfy { $0.index >= 0 && ($0.index + 1) * columns <= b.count } },
            "rows of the matrix")
        OpenBLAS.useOneThread
        var c = [Float](repeating: 0, count: rows.count * columns)
        let width = 256
        c.withUnsafeMutableBufferPointer { c in
            b.withUnsafeBufferPointer { b in
                guard let target = c.baseAddress, let source = b.baseAddress else { return }
                for first in stride(from: 0, to: columns, by: width) {
                    let count = Int32(min(width, columns - first))
                    for (row, entries) in rows.enumerated() {
                        for entry in entries {
                            cblas_saxpy(
                                count, entry.weight, source + entry.index * columns + first, 1,
                                target + row * columns + first, 1)
                        }
                    }
                }
            }
        }
        return c
    }

    /// y = A x, with A of `rows × columns`, row by row.
    public static func product(_ a: [Float], vector: [Float], rows: Int, columns: Int) -> [Float] {
        precondition(a.count == rows * columns && vector.count == columns, "matching shapes")
        OpenBLAS.useOneThread
        var y = [Float](repeating: 0, count: rows)
        guard rows > 0, columns > 0 else { return y }
        cblas_sgemv(
            CblasRowMajor, CblasNoTrans, Int32(rows), Int32(columns), 1, a, Int32(columns), vector, 1, 0, &y,
            1)
        return y
    }

    /// Solves A X = B for a symmetric positive definite A in place; false where A is not (LAPACK).
    ///
    /// Of `a`, row by row, only the lower triangle is read, and it is overwritten; `b` holds `count` right sides
    /// one after another.
    public static func solve(_ a: inout [Float], _ b: inout [Float], order: Int, count: Int) -> Bool {
        precondition(a.count == order * order && b.count == order * count, "matching shapes")
        OpenBLAS.useOneThread
        var triangle = CChar(UInt8(ascii: "U"))
        var n = Int32(order)
        var leading = n
        var leadingRight = n
        var sides = Int32(count)
        var info: Int32 = 0
        spotrf_(&triangle, &n, &a, &leading, &info)
        guard info == 0 else { return false }
        spotrs_(&triangle, &n, &sides, a, &leading, &b, &leadingRight, &info)
        return info == 0
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

extension Matrix {
    /// Σ aᵢ bᵢ over `count` values from places in two vectors.
    @inline(__always)
    public static func dot(
        _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, count: Int
    ) -> Double {
        cblas_ddot(Int32(count), a, 1, b, 1)
    }
}
