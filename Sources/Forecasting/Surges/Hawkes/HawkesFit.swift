import Foundation
import Numerics
import Units

/// A self-exciting process (Hawkes 1971) fitted to events: each event brings others, `branchingRatio` in mean.
///
/// The rate is μ s(t) + Σ n g(t − tᵢ) over earlier events, with s the seasonal shape of the baseline.
public struct HawkesFit: Sendable {
    /// How the fit was made.
    public enum Method: String, Sendable {
        /// The likelihood of the times of events (Ozaki 1979), which needs O(n) with exponential kernels.
        case times
        /// Whittle's likelihood of counts, which knows what a bin hides (Cheysson and Lang 2022).
        case counts
    }

    /// How the fit was made.
    public let method: Method
    public let kernel: HawkesKernel
    /// The branching ratio, with a 95 % interval.
    public let branchingRatio: Estimate
    /// The decay in seconds, with a 95 % interval.
    public let decaySeconds: Estimate
    /// The exponent of a power law, with a 95 % interval.
    public let exponent: Estimate?
    /// The mean rate of events that no other event brought, a second.
    public let baselinePerSecond: Double
    /// Number of events.
    public let eventCount: Int
    /// The logarithm of the likelihood (of Whittle's for counts).
    public let logLikelihood: Double
    /// Kolmogorov's distance of the residuals from the unit exponential: of the compensator between events
    /// where there are times (Ogata 1988), of the periodogram over the spectrum for counts.
    public let residualDistance: Double
    /// The probability of so large a distance if the model holds; parameters were fitted, so it is cautious.
    public let residualP: Double

    /// Akaike's criterion; smaller is better among fits of one method.
    public var criterion: Double {
        2 * Double(kernel.form.parameterCount + (method == .times ? 2 : 1)) - 2 * logLikelihood
    }

    /// The fewest events that a fit is made from.
    public static let fewestEvents = 100
    /// The largest branching ratio that is tried: at 1 cascades do not end.
    static let branchingRatioMax = 0.9999
    /// The step of free parameters by which derivatives are taken. Chosen, not measured.
    static let differenceStep = 0.01
    /// The largest standard error of a free parameter; a larger one is as unknown.
    private static let errorMax = 1e3

    /// Standard errors from the curvature of the negative log likelihood.
    static func errors(curvature: [Double], count: Int) -> [Double] {
        guard let factor = Cholesky(curvature, order: count) else {
            return [Double](repeating: .infinity, count: count)
        }
        return (0..<count).map { index in
            var unit = [Double](repeating: 0, count: count)
            unit[index] = 1
            factor.solve(&unit)
            return unit[index] > 0 ? unit[index].squareRoot() : .infinity
        }
    }

    /// Estimates and intervals from the free parameters and their errors; the kernel's come first.
    static func estimates(
        _ form: HawkesKernel.Form, _ free: [Double], errors: [Double]
    ) -> (ratio: Estimate, decay: Estimate, exponent: Estimate?) {
        func estimate(_ index: Int, _ transform: (Double) -> Double) -> Estimate {
            let width = SpecialFunctions.normal95 * min(errors[index], errorMax)
            return Estimate(
                transform(free[index]), lo: transform(free[index] - width),
                hi: transform(min(free[index] + width, 700)))
        }
        return (
            estimate(0) { 1 / (1 + exp(-$0)) }, estimate(1) { exp($0) },
            form == .powerLaw ? estimate(2) { exp($0) } : nil
        )
    }

    /// Starts for the decay between two times, a factor of ten apart.
    static func starts(_ form: HawkesKernel.Form, from shortest: Double, to longest: Double) -> [[Double]] {
        var result: [[Double]] = []
        var decay = shortest
        while decay <= longest {
            result.append([0, log(decay)] + (form == .powerLaw ? [log(0.5)] : []))
            decay *= 10
        }
        return result
    }
}

/// The seasonal shape of a baseline: a mean of one over equal phases of a season.
public struct HawkesSeason: Sendable {
    /// Seconds of the season.
    public let seconds: Double
    /// By phase, positive, with a mean of 1.
    public let shape: [Double]
    private let cumulative: [Double]

    /// No season.
    public static let none = HawkesSeason(seconds: 86_400, shape: [1])
    /// The least value of a phase over the mean, so that events in an empty one are possible.
    static let leastShare = 1e-3

    /// A season from its shape, which is scaled to a mean of 1.
    public init(seconds: Double, shape: [Double]) {
        self.seconds = seconds
        let mean = Summary.mean(shape)
        let scaled = shape.map { max($0 / mean, HawkesSeason.leastShare) }
        self.shape = scaled
        var sums = [0.0]
        for value in scaled { sums.append(sums[sums.count - 1] + value) }
        cumulative = sums
    }

    /// The shape at a time in seconds.
    func value(at time: Double) -> Double {
        shape[min(Int(saturating: phase(time) * Double(shape.count)), shape.count - 1)]
    }

    /// The integral of the shape from time 0.
    func integral(to time: Double) -> Double {
        let whole = (time / seconds).rounded(.down)
        let place = phase(time) * Double(shape.count)
        let index = min(Int(saturating: place), shape.count - 1)
        let part = cumulative[index] + (place - Double(index)) * shape[index]
        return seconds * (whole * cumulative[shape.count] + part) / Double(shape.count)
    }

    private func phase(_ time: Double) -> Double {
        let rest = (time / seconds) - (time / seconds).rounded(.down)
        return min(max(rest, 0), 1)
    }
}
