import Foundation
import Units

/// A number for a sentence, with three significant digits: `0.0123`, `4.56`, `12,300` as `12300`.
func figure(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return value > 0 ? "more than 1e15" : "unknown" }
    guard value != 0 else { return "0" }
    let digits = max(0, 2 - Int(saturating: log10(abs(value)).rounded(.down)))
    let scale = pow(10, Double(min(digits, 12)))
    let rounded = (value * scale).rounded() / scale
    if digits == 0 {
        let coarse = pow(10, Double(Int(saturating: log10(abs(value)).rounded(.down)) - 2))
        return String(Int64(saturating: (value / coarse).rounded() * coarse))
    }
    return rounded == rounded.rounded() ? String(Int64(saturating: rounded)) : String(rounded)
}

/// A share for a sentence, as `0.2 %`.
func percent(_ share: Double) -> String { figure(share * 100) + " %" }

/// An amount for a sentence, as `$12.50`.
func dollars(_ amount: Money) -> String { "$\(amount)" }
