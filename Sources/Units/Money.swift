/// An amount in United States dollars, in whole millionths, so that sums are exact.
public struct Money: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Millionths of a dollar.
    public let microdollars: Int64

    /// An amount from millionths of a dollar.
    public init(microdollars: Int64) {
        self.microdollars = microdollars
    }

    /// An amount from dollars, rounded to the nearest millionth.
    public init(dollars: Double) {
        microdollars = Int64(saturating: (dollars * 1e6).rounded())
    }

    /// The amount in dollars.
    public var dollars: Double { Double(microdollars) / 1e6 }

    /// Nothing.
    public static let zero = Money(microdollars: 0)

    /// Orders amounts.
    public static func < (one: Money, other: Money) -> Bool { one.microdollars < other.microdollars }
    /// The sum of two amounts.
    public static func + (one: Money, other: Money) -> Money {
        Money(microdollars: one.microdollars + other.microdollars)
    }
    /// The difference of two amounts.
    public static func - (one: Money, other: Money) -> Money {
        Money(microdollars: one.microdollars - other.microdollars)
    }
    /// Adds an amount.
    public static func += (one: inout Money, other: Money) { one = one + other }
    /// An amount several times over.
    public static func * (amount: Money, count: Int) -> Money {
        Money(microdollars: amount.microdollars * Int64(count))
    }

    /// All of it, with two to six decimals, as `1234.50` or `0.0589`: sums of such figures are the sum.
    public var exact: String {
        let size = abs(microdollars)
        var decimals = padded(Int(size % 1_000_000), 6)
        while decimals.count > 2, decimals.last == "0" { decimals.removeLast() }
        return (microdollars < 0 ? "-" : "") + "\(size / 1_000_000).\(decimals)"
    }

    /// Dollars and cents, rounded half away from zero, as `1234.50`.
    public var description: String {
        let cents = (abs(microdollars) + 5000) / 10_000
        return (microdollars < 0 && cents > 0 ? "-" : "") + "\(cents / 100).\(padded(Int(cents % 100), 2))"
    }
}
