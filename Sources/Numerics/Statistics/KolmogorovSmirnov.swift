import Foundation

/// How far a sample lies from a distribution (Kolmogorov 1933).
public enum KolmogorovSmirnov {
    /// The largest distance between the sample's distribution and the unit exponential, with its p-value.
    public static func exponential(_ sample: [Double]) -> (distance: Double, p: Double) {
        uniform(sample.map { -expm1(-$0) })
    }

    /// The same against the uniform distribution on [0, 1].
    public static func uniform(_ sample: [Double]) -> (distance: Double, p: Double) {
        let sorted = sample.sorted()
        let count = Double(sorted.count)
        guard count > 0 else { return (.nan, .nan) }
        var distance = 0.0
        for (index, value) in sorted.enumerated() {
            distance = max(distance, value - Double(index) / count, Double(index + 1) / count - value)
        }
        // Stephens' (1970) correction of the limit for finite samples.
        let root = count.squareRoot()
        return (distance, tail((root + 0.12 + 0.11 / root) * distance))
    }

    /// The probability that Kolmogorov's limit surpasses x.
    private static func tail(_ x: Double) -> Double {
        guard x > 0.2 else { return 1 }
        var sum = 0.0
        for k in 1...100 {
            let term = exp(-2 * Double(k * k) * x * x)
            sum += k % 2 == 1 ? term : -term
            if term < 1e-12 { break }
        }
        return min(max(2 * sum, 0), 1)
    }
}
