/// Decimal fixed point: sums in whole hundred-millionths, so that they are the same in whatever order they were added.
///
/// Prices, quantities, notionals and bytes are counted in units of 1e-8, their squares in units of 1e-16, in 128 bits.
/// Only numbers that are not negative are summed. A sum that would pass `Int128.max` stays there and reads as
/// infinity: saturation keeps addition associative and commutative, where wrapping or trapping would not.
public enum FixedPoint {
    public static let unitsPerOne: Int64 = 100_000_000

    /// A number from its units of 1e-8; infinity where the sum has saturated.
    public static func value(_ units: Int128) -> Double {
        units == .max ? .infinity : double(units) / 1e8
    }

    /// The exact decimal text of units of 1e-8, without trailing zeros: `0.5`, `12`, and `inf` where saturated.
    public static func text(_ units: Int128) -> String {
        if units == .max { return "inf" }
        let magnitude = units.magnitude
        let fraction = UInt64(magnitude % 100_000_000)
        var text = (units < 0 ? "-" : "") + String(magnitude / 100_000_000)
        if fraction != 0 {
            let digits = String(fraction)
            var padded = String(repeating: "0", count: 8 - digits.count) + digits
            while padded.hasSuffix("0") { padded.removeLast() }
            text += "." + padded
        }
        return text
    }

    /// The square, in units of 1e-16, of a number in units of 1e-8.
    @inline(__always)
    static func square(_ units: Int128) -> Int128 {
        if let small = Int64(exactly: units) { return Int128(small) &* Int128(small) }
        let (product, overflow) = units.multipliedReportingOverflow(by: units)
        return overflow ? .max : product
    }

    private static func double(_ units: Int128) -> Double {
        let high = Int64(truncatingIfNeeded: units >> 64)
        let low = UInt64(truncatingIfNeeded: units)
        return Double(high) * 0x1p64 + Double(low)
    }
}

extension Int128 {
    /// The sum of two numbers that are not negative, or the largest number where that is passed.
    @inline(__always)
    func addingSaturating(_ other: Int128) -> Int128 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}

extension Int64 {
    /// The sum of two numbers that are not negative, or the largest number where that is passed.
    @inline(__always)
    func addingSaturating(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
