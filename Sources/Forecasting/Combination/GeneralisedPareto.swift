import Foundation

/// The generalised Pareto distribution of excesses over a threshold (Pickands 1975).
public struct GeneralisedPareto: Sendable, Equatable {
    /// ξ: above zero the tail is heavy, below it ends.
    public var shape: Double
    /// σ, positive, in the unit of the excesses.
    public var scale: Double

    /// A distribution from its parameters.
    public init(shape: Double, scale: Double) {
        self.shape = shape
        self.scale = scale
    }

    /// Fits excesses by probability-weighted moments (Hosking and Wallis 1987); nil for fewer than two
    /// distinct ones.
    ///
    /// With b₀ the mean and b₁ = mean of (1 − p) x over plotting positions p = (i − 0.35) / n, the shape is
    /// 2 − b₀ / (b₀ − 2 b₁) and the scale 2 b₀ b₁ / (b₀ − 2 b₁).
    public init?(probabilityWeighted excesses: [Double]) {
        let sorted = excesses.sorted()
        guard sorted.count > 1, let first = sorted.first, let last = sorted.last, last > first else {
            return nil
        }
        let count = Double(sorted.count)
        let mean = sorted.reduce(0, +) / count
        var weighted = 0.0
        for (index, value) in sorted.enumerated() {
            weighted += (1 - (Double(index) + 0.65) / count) * value
        }
        weighted /= count
        let divisor = mean - 2 * weighted
        guard divisor > 0, mean > 0 else { return nil }
        shape = 2 - mean / divisor
        scale = 2 * mean * weighted / divisor
        guard scale > 0, shape.isFinite else { return nil }
    }

    /// The excess that a share `1 − level` of excesses surpasses.
    public func quantile(_ level: Double) -> Double {
        let rest = max(1 - level, 1e-300)
        return abs(shape) < 1e-9 ? -scale * log(rest) : scale / shape * (pow(rest, -shape) - 1)
    }

    /// The logarithm of the density; −∞ outside the support.
    public func logDensity(_ excess: Double) -> Double {
        guard excess >= 0, scale > 0 else { return -.infinity }
        if abs(shape) < 1e-9 { return -log(scale) - excess / scale }
        let inner = 1 + shape * excess / scale
        return inner > 0 ? -log(scale) - (1 + 1 / shape) * log(inner) : -.infinity
    }
}
