import COpenBLAS

/// Sums over vectors that are slices of longer ones.
public enum Vector {
    /// Σ aᵢ bᵢ over `count` values from places in two vectors (BLAS).
    public static func dot(_ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, count: Int) -> Double {
        OpenBLAS.useOneThread
        return cblas_ddot(Int32(count), a, 1, b, 1)
    }

    /// Adds `scale` times `count` values from a place in one vector to those from a place in another (BLAS).
    public static func add(
        _ scale: Double, _ a: UnsafePointer<Double>, to b: UnsafeMutablePointer<Double>, count: Int
    ) {
        OpenBLAS.useOneThread
        cblas_daxpy(Int32(count), scale, a, 1, b, 1)
    }

    /// The sum of a vector.
    public static func sum(_ values: UnsafeBufferPointer<Double>) -> Double {
        guard let start = values.baseAddress else { return 0 }
        return Kernels.best.sumOf(start, count: values.count)
    }

    /// The sum of `count` terms, in eight parts, since otherwise each addition waits for the one before it.
    @inline(__always)
    public static func sum(count: Int, _ term: (Int) -> Double) -> Double {
        var parts = SIMD8<Double>.zero
        let whole = count / 8 * 8
        for first in stride(from: 0, to: whole, by: 8) {
            for lane in 0..<8 { parts[lane] += term(first + lane) }
        }
        var sum = parts.sum()
        for index in whole..<count { sum += term(index) }
        return sum
    }
}
