import Foundation
import Units

/// Statistics of a handful of numbers.
public enum Summary {
    /// The levels of a sample between which a 95 % interval lies.
    public static let levels95 = (low: 0.025, high: 0.975)

    /// The arithmetic mean; NaN of nothing.
    public static func mean(_ values: some Collection<Double>) -> Double {
        values.reduce(0, +) / Double(values.count)
    }

    /// The unbiased variance; NaN of fewer than two.
    public static func variance(_ values: some Collection<Double>) -> Double {
        let middle = mean(values)
        return values.reduce(0) { $0 + ($1 - middle) * ($1 - middle) } / Double(values.count - 1)
    }

    /// The quantile with linear interpolation (type 7 of Hyndman and Fan 1996); NaN of nothing.
    public static func quantile(_ values: some Sequence<Double>, _ level: Double) -> Double {
        quantile(sorted: values.sorted(), level)
    }

    /// The quantile of numbers that are already in order.
    public static func quantile(sorted values: [Double], _ level: Double) -> Double {
        guard let last = values.last else { return .nan }
        let position = level * Double(values.count - 1)
        let below = Int(saturating: position)
        guard below + 1 < values.count else { return last }
        return values[below] + (position - Double(below)) * (values[below + 1] - values[below])
    }

    /// The median of finite values; NaN of nothing. O(n).
    public static func median(_ values: some Sequence<Double>) -> Double {
        Selection.median(Array(values))
    }

    /// The mean of independent replications with a 95 % interval: Student's t, corrected for skewness (Hall 1992).
    ///
    /// Waiting times at high load are skewed to the right, and the plain interval then misses too often on that side.
    /// Hall's cubic transformation of t has no skewness to the first order; its inverse at ± t gives the interval.
    public static func interval(ofReplications values: [Double]) -> Estimate {
        let count = Double(values.count)
        let middle = mean(values)
        guard values.count > 1 else { return Estimate(middle, lo: .nan, hi: .nan) }
        let spread = variance(values)
        guard spread > 0 else { return Estimate(exactly: middle) }
        let third = values.reduce(0) { $0 + ($1 - middle) * ($1 - middle) * ($1 - middle) }
        let unbias = values.count > 2 ? count / ((count - 1) * (count - 2)) : 0
        let skewness = third * unbias / (spread * spread.squareRoot())
        let error = (spread / count).squareRoot()
        let t = SpecialFunctions.studentQuantile(levels95.high, degreesOfFreedom: count - 1)
        return Estimate(
            middle, lo: middle - error * untransformed(t, skewness, count),
            hi: middle - error * untransformed(-t, skewness, count))
    }

    /// The inverse of Hall's transformation x = t + s t² / 3 + s² t³ / 27 + s / 6, with s the skewness over √n.
    private static func untransformed(_ x: Double, _ skewness: Double, _ count: Double) -> Double {
        let s = skewness / count.squareRoot()
        guard abs(s) > 1e-6 else { return x }
        return 3 / s * (cbrt(1 + s * (x - s / 6)) - 1)
    }

    /// Wilson's interval (1927) for a share, with 95 % confidence.
    public static func shareInterval(hits: Int, of count: Int) -> Estimate {
        shareInterval(hits: Double(hits), of: count)
    }

    /// The same where what counts is itself a chance: `hits` is the sum of chances.
    public static func shareInterval(hits: Double, of count: Int) -> Estimate {
        guard count > 0 else { return Estimate(.nan, lo: 0, hi: 1) }
        let z = 1.959963984540054
        let n = Double(count)
        let share = hits / n
        let centre = (share + z * z / (2 * n)) / (1 + z * z / n)
        let half = z * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot() / (1 + z * z / n)
        // With no hit, or none missed, the bound is exact; rounding would leave a grain.
        return Estimate(
            share, lo: hits == 0 ? 0 : max(0, centre - half), hi: hits == n ? 1 : min(1, centre + half))
    }
}
