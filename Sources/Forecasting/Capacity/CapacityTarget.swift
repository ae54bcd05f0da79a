/// How much may be missed: a share of the hours, or a share of the demand.
public struct CapacityTarget: Sendable, Equatable, CustomStringConvertible {
    /// What is counted.
    public enum Measure: String, Sendable, CaseIterable {
        /// Steps whose demand exceeds the capacity.
        case hours
        /// Demand over the capacity.
        case demand
    }

    /// What is counted.
    public let measure: Measure
    /// The share of it that may be missed.
    public let share: Double

    /// The shares that can be asked for.
    public static let shares = 1e-6...0.5

    /// A target; nil for a share outside `shares`.
    public init?(_ measure: Measure, share: Double) {
        guard CapacityTarget.shares.contains(share) else { return nil }
        self.measure = measure
        self.share = share
    }

    /// Reads `hours:0.001`, `demand:0.1%`; nil where it is neither.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let measure = Measure(rawValue: String(parts[0])) else { return nil }
        let isPercentage = parts[1].hasSuffix("%")
        guard let number = Double(decimal: parts[1].dropLast(isPercentage ? 1 : 0)) else { return nil }
        self.init(measure, share: isPercentage ? number / 100 : number)
    }

    /// As it is read.
    public var description: String { "\(measure.rawValue):\(share)" }
}
