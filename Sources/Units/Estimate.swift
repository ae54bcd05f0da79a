/// A number with an interval around it.
public struct Estimate: Sendable, Equatable, Codable {
    /// The best single figure.
    public var value: Double
    /// The lower end of the interval.
    public var lo: Double
    /// The upper end of the interval.
    public var hi: Double

    /// A figure with its interval.
    public init(_ value: Double, lo: Double, hi: Double) {
        self.value = value
        self.lo = lo
        self.hi = hi
    }

    /// A figure that is known exactly.
    public init(exactly value: Double) {
        self.init(value, lo: value, hi: value)
    }

    /// Whether the interval holds a number, ends included.
    public func covers(_ number: Double) -> Bool {
        lo <= number && number <= hi
    }

    /// The estimate with every figure multiplied by a factor that is not negative.
    public func scaled(by factor: Double) -> Estimate {
        Estimate(value * factor, lo: lo * factor, hi: hi * factor)
    }
}
