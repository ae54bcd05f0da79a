/// Small solvers in one dimension.
public enum Solvers {
    /// A root of a function that does not fall, by bisection to the last bit or 200 steps.
    public static func bisect(from lo: Double, to hi: Double, _ function: (Double) -> Double) -> Double {
        var lo = lo
        var hi = hi
        for _ in 0..<200 {
            let middle = lo + (hi - lo) / 2
            if middle <= lo || middle >= hi { break }
            if function(middle) < 0 { lo = middle } else { hi = middle }
        }
        return lo + (hi - lo) / 2
    }

    /// The smallest whole number in a range for which a test holds that, once true, stays true; nil where it never is.
    public static func smallest(in range: ClosedRange<Int>, where test: (Int) throws -> Bool) rethrows -> Int?
    {
        guard try test(range.upperBound) else { return nil }
        var lo = range.lowerBound
        var hi = range.upperBound
        while lo < hi {
            let middle = lo + (hi - lo) / 2
            if try test(middle) { hi = middle } else { lo = middle + 1 }
        }
        return lo
    }
}
