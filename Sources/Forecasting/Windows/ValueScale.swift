import Foundation
import Numerics

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

extension ValueScale {
    /// Where the smallest value is above this share of the median, the logarithm needs no offset. Chosen, not measured.
    private static let plainShare = 0.02
    /// The offset of the logarithm otherwise, over the middle of the values. Chosen, not measured.
    private static let offsetShare = 0.1
    /// What is added to both sides of a ratio before its logarithm is taken, over the mean. Chosen, not measured.
    static let ratioOffsetShare = 0.01

    /// The logarithmic scale of values that are NaN where missing; the identity where some are negative.
    ///
    /// - Parameters:
    ///   - values: The values.
    ///   - extent: Their number and range.
    ///   - middle: What the offset is a tenth of where small values need one; nil: there is no scale.
    /// - Returns: The scale; nil where `middle` gives none.
    static func logarithmic(
        _ values: [Double], _ extent: Extent, middle: ([Double]) -> Double?
    ) -> ValueScale? {
        guard extent.lowest >= 0 else { return .identity }
        // What is well above the largest value needs no median.
        if extent.lowest > plainShare * extent.highest { return .logarithm(offset: 0) }
        let present = extent.count == values.count ? values : values.filter { !$0.isNaN }
        if extent.lowest > 0, extent.lowest > plainShare * Selection.median(present) {
            return .logarithm(offset: 0)
        }
        return middle(present).map { .logarithm(offset: $0 > 0 ? offsetShare * $0 : 1) }
    }
}
