import Numerics

/// Quantiles of scaled errors: in part as they fall, in part from their absolute size, so that a short
/// history does not make a lopsided interval; beyond the 95 % quantile, from a generalised Pareto tail over
/// the 90 % quantile.
struct ErrorQuantiles {
    private let signed: [Double]
    private let absolute: [Double]

    private let ownShare: Double

    /// The fewest errors whose ranks say something.
    static let fewest = 12

    /// Of errors about their location, and the sizes of the same as they are.
    init(_ values: [Double], sizesOf whole: [Double], ownShare: Double) {
        self.ownShare = ownShare
        signed = RadixSort.sorted(values)
        absolute = ErrorQuantiles.absolute(RadixSort.sorted(whole))
    }

    /// The sizes in order: a merge of the negative values, backwards, and the others.
    private static func absolute(_ sorted: [Double]) -> [Double] {
        var below = (sorted.firstIndex { $0 >= 0 } ?? sorted.count) - 1
        var above = below + 1
        return sorted.indices.map { _ in
            if below >= 0, above == sorted.count || -sorted[below] <= sorted[above] {
                below -= 1
                return -sorted[below + 1]
            }
            above += 1
            return sorted[above - 1]
        }
    }

    func at(_ levels: [Double]) -> [Double] {
        guard !signed.isEmpty else { return levels.map { _ in 0 } }
        guard signed.count >= ErrorQuantiles.fewest else {
            // Too few to rank: a normal distribution of their mean size.
            let deviation = RobustScale.meanToSigma * Summary.mean(absolute)
            return levels.map { deviation * SpecialFunctions.normalQuantile(min(max($0, 1e-9), 1 - 1e-9)) }
        }
        let upperTail = Tail(signed)
        let absoluteTail = Tail(absolute)
        return levels.map { level in
            let own = upperTail.quantile(signed, level)
            let size = absoluteTail.quantile(absolute, abs(2 * level - 1))
            return ownShare * own + (1 - ownShare) * (level < 0.5 ? -size : size)
        }
    }

    /// The tail over a quantile.
    private struct Tail {
        private let threshold: Double
        private let excess: GeneralisedPareto?

        /// The level of the threshold, and the share above it.
        private static let thresholdLevel = 0.9
        private static let share = 0.1
        /// The level beyond which the tail is the fitted one. Chosen, not measured.
        private static let fittedLevel = 0.95
        /// Shapes that are believed. Chosen, not measured.
        private static let shapes = -0.2...0.35
        /// The fewest excesses that tell a shape. Chosen, not measured.
        private static let fewestExcesses = 15
        /// Medians of the excess up to which one counts: of a tail with the largest shape, one in six hundred lies above.
        private static let excessMax = 30.0

        init(_ sorted: [Double]) {
            let threshold = Summary.quantile(sorted: sorted, Tail.thresholdLevel)
            self.threshold = threshold
            let above = sorted.drop { $0 <= threshold }.map { $0 - threshold }
            let bound = above.isEmpty ? 0 : Tail.excessMax * above[above.count / 2]
            let excesses = above.map { min($0, bound) }
            let mean = excesses.isEmpty ? 0 : Summary.mean(excesses)
            if excesses.count >= Tail.fewestExcesses,
                let fit = GeneralisedPareto(probabilityWeighted: excesses)
            {
                // A clipped shape keeps the mean excess σ / (1 − ξ).
                let shape = min(max(fit.shape, Tail.shapes.lowerBound), Tail.shapes.upperBound)
                excess = GeneralisedPareto(shape: shape, scale: mean * (1 - shape))
            } else {
                excess = mean > 0 ? GeneralisedPareto(shape: 0, scale: mean) : nil
            }
        }

        func quantile(_ sorted: [Double], _ level: Double) -> Double {
            guard level > Tail.fittedLevel, let excess else {
                return Summary.quantile(sorted: sorted, level)
            }
            let tail = threshold + excess.quantile(1 - (1 - level) / Tail.share)
            return max(tail, Summary.quantile(sorted: sorted, Tail.fittedLevel))
        }
    }
}
