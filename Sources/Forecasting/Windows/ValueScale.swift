import Foundation

/// The scale on which a model works.
public enum ValueScale: Sendable, Hashable {
    /// Values as they are.
    case identity
    /// log(y + offset).
    case logarithm(offset: Double)
    /// √(y + offset).
    case squareRoot(offset: Double)

    /// To the scale; a value below the scale's domain is taken at its edge.
    public func apply(_ value: Double) -> Double {
        switch self {
        case .identity: value
        case .logarithm(let offset): log(max(value + offset, 1e-300))
        case .squareRoot(let offset): max(value + offset, 0).squareRoot()
        }
    }

    /// Back from the scale.
    public func invert(_ value: Double) -> Double {
        switch self {
        case .identity: value
        case .logarithm(let offset): exp(min(value, 700)) - offset
        case .squareRoot(let offset): max(value, 0) * max(value, 0) - offset
        }
    }
}
