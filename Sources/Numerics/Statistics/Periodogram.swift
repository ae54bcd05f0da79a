import Foundation

/// The power of a series by frequency.
public enum Periodogram {
    /// |Σ x exp(−iωk)|² / n at ω = 2πj / n for j = 1 … n/2 − 1, for each whole stretch of `length` values, a
    /// power of two. Empty where the series is shorter. O(n log n).
    public static func stretches(_ values: [Double], length: Int) -> [[Double]] {
        precondition(length > 2 && length & (length - 1) == 0, "a power of two")
        return (0..<values.count / length).map { stretch in
            var real = Array(values[stretch * length..<(stretch + 1) * length])
            var imaginary = [Double](repeating: 0, count: length)
            transform(&real, &imaginary)
            return (1..<length / 2).map { index in
                (real[index] * real[index] + imaginary[index] * imaginary[index]) / Double(length)
            }
        }
    }

    /// The discrete Fourier transform in place (Cooley and Tukey 1965).
    private static func transform(_ real: inout [Double], _ imaginary: inout [Double]) {
        let count = real.count
        var target = 0
        for index in 1..<count {
            var bit = count >> 1
            while target & bit != 0 {
                target ^= bit
                bit >>= 1
            }
            target |= bit
            if index < target {
                real.swapAt(index, target)
                imaginary.swapAt(index, target)
            }
        }
        var width = 2
        while width <= count {
            let half = width / 2
            let cosines = (0..<half).map { cos(-2 * .pi * Double($0) / Double(width)) }
            let sines = (0..<half).map { sin(-2 * .pi * Double($0) / Double(width)) }
            for start in stride(from: 0, to: count, by: width) {
                for index in 0..<half {
                    let (one, two) = (start + index, start + index + half)
                    let a = real[two] * cosines[index] - imaginary[two] * sines[index]
                    let b = real[two] * sines[index] + imaginary[two] * cosines[index]
                    real[two] = real[one] - a
                    imaginary[two] = imaginary[one] - b
                    real[one] += a
                    imaginary[one] += b
                }
            }
            width *= 2
        }
    }
}
