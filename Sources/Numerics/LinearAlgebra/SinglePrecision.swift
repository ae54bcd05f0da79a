import KernelSets
import COpenBLAS

/// Dense products in single precision, for sums over many series where a double's digits are not needed
/// (BLAS).
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

    /// Vectors of equal length that lie one after another, each with others added to it: `rows` says which,
    /// with their weights. The sums of a range of them, likewise; they do not depend on the level.
    public static func sums(
        _ range: Range<Int>, of vectors: UnsafeBufferPointer<Float>, length: Int,
        adding rows: [[(index: Int, weight: Float)]], kernels: any VectorKernelSet.Type = Kernels.best
    ) -> [Float] {
        precondition(
            length > 0 && vectors.count == rows.count * length && range.lowerBound >= 0
                && range.upperBound <= rows.count, "a row for each vector")
        var starts = [0]
        var indices: [Int] = []
        var weights: [Float] = []
        for row in range {
            indices.append(row)
            weights.append(1)
            for entry in rows[row] {
                precondition(rows.indices.contains(entry.index), "a vector that is there")
                indices.append(entry.index)
                weights.append(entry.weight)
            }
            starts.append(indices.count)
        }
        return [Float](unsafeUninitializedCapacity: range.count * length) { sums, filled in
            if let source = vectors.baseAddress, let target = sums.baseAddress {
                kernels.weightedSums(
                    source, count: length, starts: starts, indices: indices, weights: weights,
                    rows: range.count, targets: target)
            }
            filled = range.count * length
        }
    }

    /// C = A Bᵀ, with A of `rows × inner` and B of `columns × inner`, row by row.
    public static func product(
        _ a: [Float], transposed b: ArraySlice<Float>, rows: Int, inner: Int, columns: Int
    ) -> [Float] {
        precondition(a.count == rows * inner && b.count == columns * inner, "matching shapes")
        OpenBLAS.useOneThread
        var c = [Float](repeating: 0, count: rows * columns)
        guard rows > 0, inner > 0, columns > 0 else { return c }
        b.withUnsafeBufferPointer { b in
            if rows == 1 {
                cblas_sgemv(
                    CblasRowMajor, CblasNoTrans, Int32(columns), Int32(inner), 1, b.baseAddress, Int32(inner),
                    a, 1, 0, &c, 1)
            } else {
                cblas_sgemm(
                    CblasRowMajor, CblasNoTrans, CblasTrans, Int32(rows), Int32(columns), Int32(inner), 1, a,
                    Int32(inner), b.baseAddress, Int32(inner), 0, &c, Int32(columns))
            }
        }
        return c
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
