import Foundation

/// How a sample goes on past its largest value: a generalised Pareto distribution of the logarithm's excess
/// over a threshold, by probability-weighted moments (Hosking and Wallis 1987).
///
/// On the logarithm a power law has shape 0, a lognormal is a little below. The shape is kept within −0.5 to
/// 0, so that no tail is heavier than a power law's. Only the tail's slope past the largest value is used:
/// the largest of n values, which the next one passes with a probability of 1 / (n + 1), is carried on from
/// there, so that a sample of two heaps, as paths with and without a surge are, is not carried on from the
/// gap between them.
struct TailFit: Sendable {
    /// The share of the sample from the threshold on.
    let share: Double
    let threshold: Double
    /// The shape ξ of the excess of the logarithm.
    let shape: Double
    /// The scale of the excess of the logarithm.
    let scale: Double
    /// The largest value, and the probability with which another passes it.
    let largest: (value: Double, probability: Double)

    /// A fit to the largest tenth, 20 values at least; nil for fewer than 10 values or where they reach down
    /// to 0.
    init?(_ values: [Double]) {
        let count = min(values.count / 2, max(20, values.count / 10))
        guard count >= 5 else { return nil }
        let sorted = values.sorted()
        // The threshold is a value of the tail itself: it must not lie below a gap.
        let threshold = sorted[sorted.count - count]
        guard threshold > 0, let largest = sorted.last, largest < 1e300 else { return nil }
        let excesses = sorted.suffix(count).map { log($0 / threshold) }
        let mean = excesses.reduce(0, +) / Double(count)
        let weighted =
            excesses.enumerated().reduce(0) {
                $0 + $1.element * (1 - (Double($1.offset) + 0.65) / Double(count))
            } / Double(count)
        var shape = 0.0
        if mean - 2 * weighted > 1e-12 { shape = 2 - mean / (mean - 2 * weighted) }
        shape = min(max(shape, -0.5), 0)
        share = Double(count) / Double(values.count)
        self.threshold = threshold
        self.shape = shape
        scale = mean * (1 - shape)
        self.largest = (largest, 1 / Double(values.count + 1))
    }

    /// The value that is passed with a probability smaller than that of the largest.
    func extrapolated(toProbability probability: Double) -> Double {
        guard probability < largest.probability else { return largest.value }
        return largest.value * value(exceededWith: probability) / value(exceededWith: largest.probability)
    }

    /// The probability that a level above the largest value is passed.
    func extrapolatedProbability(above level: Double) -> Double {
        guard level > largest.value else { return largest.probability }
        let moved = level / largest.value * value(exceededWith: largest.probability)
        return min(largest.probability, probability(above: moved) ?? largest.probability)
    }

    /// The value that is passed with a probability; the threshold where that is more than the share above it.
    private func value(exceededWith probability: Double) -> Double {
        let conditional = probability / share
        guard conditional < 1, scale > 0 else { return threshold }
        let lost = -log(conditional)
        let excess = abs(shape) < 1e-9 ? scale * lost : scale / shape * (exp(shape * lost) - 1)
        return threshold * exp(min(excess, 600))
    }

    /// The probability that a value passes a level above the threshold; nil below it.
    private func probability(above level: Double) -> Double? {
        guard level >= threshold else { return nil }
        let excess = log(level / threshold)
        guard scale > 0 else { return excess > 0 ? 0 : share }
        if abs(shape) < 1e-9 { return share * exp(-excess / scale) }
        let base = 1 + shape * excess / scale
        return base > 0 ? share * exp(-log(base) / shape) : 0
    }
}
