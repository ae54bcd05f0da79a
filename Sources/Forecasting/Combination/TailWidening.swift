import Foundation
import Numerics

/// How much further out a far quantile of the next errors lies than that of the errors seen.
///
/// Errors of one forecast go together: a week whose level was missed is missed at every hour. So many errors are
/// worth no more independent ones than the design effect says (Kish 1965), and of a sample of that size the
/// quantiles of a new value are Student's, not the normal distribution's.
struct TailWidening {
    private let degreesOfFreedom: Double

    /// Levels so near to the median are not widened: the ratio of quantiles near zero tells nothing.
    private static let middleWidth = 0.01
    /// The fewest degrees of freedom that quantiles are widened for. Chosen, not measured.
    private static let fewestDegrees = 4.0

    /// Scaled errors, origin by origin; `ends` counts the errors up to each origin's last one.
    /// Origins overlap: together they are worth so many independent ones.
    init(_ scaled: [Double], ends: [Int], independentOrigins: Double) {
        let mean = Summary.mean(scaled)
        var total = 0.0
        for value in scaled { total += (value - mean) * (value - mean) }
        var between = 0.0
        var noise = 0.0
        var start = 0
        for end in ends where end > start {
            let count = Double(end - start)
            let part = scaled[start..<end]
            let own = Summary.mean(part)
            between += count * (own - mean) * (own - mean)
            noise += 1
            start = end
        }
        guard total > 0, noise > 1 else {
            degreesOfFreedom = .infinity
            return
        }
        let count = Double(scaled.count)
        let perOrigin = count / noise
        // The intraclass correlation, and with it the errors that one origin is worth.
        let share = between / total
        let correlation = perOrigin > 1 ? max(0, (share * perOrigin - 1) / (perOrigin - 1)) : 1
        let worth = perOrigin / (1 + (perOrigin - 1) * correlation)
        degreesOfFreedom = max(TailWidening.fewestDegrees, independentOrigins * worth - 1)
    }

    /// The factor on a quantile of scaled errors.
    func factor(_ level: Double) -> Double {
        guard level > 0, level < 1, abs(level - 0.5) > TailWidening.middleWidth, degreesOfFreedom.isFinite
        else { return 1 }
        let normal = SpecialFunctions.normalQuantile(min(max(level, 1e-9), 1 - 1e-9))
        return TailWidening.student(normal, degreesOfFreedom) / normal
    }

    /// Student's quantile from the normal one (Abramowitz and Stegun 1964, 26.7.5).
    private static func student(_ z: Double, _ degrees: Double) -> Double {
        let z2 = z * z
        return z
            * (1
                + (z2 + 1) / (4 * degrees)
                + (5 * z2 * z2 + 16 * z2 + 3) / (96 * degrees * degrees)
                + (3 * z2 * z2 * z2 + 19 * z2 * z2 + 17 * z2 - 15) / (384 * degrees * degrees * degrees))
    }
}
