import Foundation

/// The generalised extreme value distribution of maxima of blocks (Fisher and Tippett 1928, Jenkinson 1955).
public struct GeneralisedExtremeValue: Sendable, Equatable {
    /// μ, in the unit of the maxima.
    public var location: Double
    /// σ, positive, in the unit of the maxima.
    public var scale: Double
    /// ξ: above zero the tail is heavy, below it ends.
    public var shape: Double

    /// A distribution from its parameters.
    public init(location: Double, scale: Double, shape: Double) {
        self.location = location
        self.scale = scale
        self.shape = shape
    }

    /// The shape up to which a distribution is taken for Gumbel's.
    private static let gumbelShape = 1e-7

    /// How many scales the level that one block in so many passes lies above the location.
    static func growth(shape: Double, blocks: Double) -> Double {
        let reduced = -log1p(-1 / blocks)
        return abs(shape) < gumbelShape ? -log(reduced) : expm1(-shape * log(reduced)) / shape
    }

    /// The level that one block in so many (more than one) passes.
    public func level(blocks: Double) -> Double {
        location + scale * GeneralisedExtremeValue.growth(shape: shape, blocks: blocks)
    }

    /// The logarithm of the density; −∞ outside the support.
    public func logDensity(_ maximum: Double) -> Double {
        guard scale > 0 else { return -.infinity }
        let standard = (maximum - location) / scale
        guard abs(shape) >= GeneralisedExtremeValue.gumbelShape else {
            return -log(scale) - standard - exp(-standard)
        }
        let inner = 1 + shape * standard
        guard inner > 0 else { return -.infinity }
        let reduced = log(inner) / shape
        return -log(scale) - (1 + shape) * reduced - exp(-reduced)
    }
}
