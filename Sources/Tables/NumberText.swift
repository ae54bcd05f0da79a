import Foundation
import Units

/// Numbers as text, the same on every machine and in every locale.
public enum NumberText {
    /// Nine significant digits, without trailing zeros; NaN and infinities are empty.
    public static func csv(_ value: Double) -> String {
        guard value.isFinite else { return "" }
        if value == value.rounded(), abs(value) < 1e15 { return String(Int64(saturating: value)) }
        return "\(rounded(value, digits: 9))"
    }

    /// A figure for a reader: three significant digits, thousands as `12,300`, small ones as `0.00123`.
    public static func figure(_ value: Double, digits: Int = 3) -> String {
        guard value.isFinite else { return value.isNaN ? "–" : value < 0 ? "−∞" : "∞" }
        let near = rounded(value, digits: digits)
        if abs(near) >= 1000 || near == near.rounded() { return grouped(near) }
        return "\(near)".replacingOccurrences(of: "-", with: "−")
    }

    /// A rate or a count for a reader, short: `950`, `12.3k`, `4.56M`.
    public static func short(_ value: Double) -> String {
        guard value.isFinite else { return figure(value) }
        for (suffix, unit) in [("G", 1e9), ("M", 1e6), ("k", 1e3)] where abs(value) >= unit * 0.9995 {
            return figure(value / unit) + suffix
        }
        return figure(value)
    }

    /// A share as per cent: `99.5 %`, `0.03 %`; what nobody could tell from nothing is `under 0.0001 %`.
    public static func percent(_ share: Double) -> String {
        share > 0 && share < percentMin ? "under \(figure(percentMin * 100)) %" : figure(share * 100) + " %"
    }

    /// Once in a million weeks. (Chosen.)
    private static let percentMin = 1e-6

    /// A length of time, in the unit that suits it: `12.5 ms`.
    public static func time(seconds: Double) -> String {
        guard seconds.isFinite else { return figure(seconds) }
        let units: [(String, Double)] = [
            ("d", 86_400), ("h", 3600), ("min", 60), ("s", 1), ("ms", 1e-3), ("µs", 1e-6), ("ns", 1e-9),
        ]
        guard seconds != 0 else { return "0 s" }
        let (name, unit) = units.first { abs(seconds) >= $0.1 * 0.9995 } ?? ("ns", 1e-9)
        return "\(figure(seconds / unit)) \(name)"
    }

    /// The same for a mark on an axis: a power of ten stays one, `100 s` and not `1.67 min`.
    public static func timeMark(seconds: Double) -> String {
        seconds > 60 && seconds.truncatingRemainder(dividingBy: 60) != 0
            ? "\(figure(seconds)) s" : time(seconds: seconds)
    }

    /// A figure with its interval: `3.2 (2.9 to 3.6)`.
    public static func estimate(_ estimate: Estimate?, none: String = "none in range") -> String {
        guard let estimate else { return none }
        guard estimate.lo != estimate.hi else { return figure(estimate.value) }
        return "\(figure(estimate.value)) (\(figure(estimate.lo)) to \(figure(estimate.hi)))"
    }

    /// The nearest number with that many significant decimal digits.
    static func rounded(_ value: Double, digits: Int) -> Double {
        guard value != 0, value.isFinite else { return value }
        let exponent = digits - 1 - Int(saturating: log10(abs(value)).rounded(.down))
        guard abs(exponent) <= 300 else { return value }
        let scale = pow(10, Double(abs(exponent)))
        return exponent >= 0 ? (value * scale).rounded() / scale : (value / scale).rounded() * scale
    }

    private static func grouped(_ value: Double) -> String {
        guard abs(value) < 1e15 else { return "\(value)" }
        let digits = String(Int64(saturating: abs(value).rounded()))
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return (value < 0 ? "−" : "") + text
    }
}
