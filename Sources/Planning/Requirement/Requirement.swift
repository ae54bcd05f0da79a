import Numerics

/// The load that has to be held so that a share of paths at most breaks in any step.
///
/// A profile over the steps is scaled up until few enough paths pass it anywhere. With the largest load over
/// profile of each of P paths, in falling order, a new path passes the k-th with a probability of k / (P +
/// 1): the scale is the ⌊ε (P + 1)⌋-th. Where that is below 1, the largest is carried on by a fitted tail
/// (`TailFit`). So the probability is of any step of the span together, not step by step, and of paths to
/// come, not of those drawn.
struct Requirement: Sendable {
    /// The load to be held, one figure a step, in seconds of work a second.
    var servers: [Double]
    /// How the scale was found.
    var method: Method

    enum Method: Sendable, Equatable {
        /// By counting paths, of which this many may break.
        case counted(pathsLeftOut: Int)
        /// By the largest path, carried on by the fitted tail.
        case tail
        /// By the largest path, as there are too few to fit a tail to.
        case largestPath
    }

    /// The requirement of a pool, whose nodes follow the day: the profile is the 95 % quantile of each step,
    /// at least a hundredth of its largest.
    static func hourly(_ load: PathLoad, allowed: Double, headroom: Double) -> Requirement {
        let quantiles = load.quantiles(0.95)
        let floor = 0.01 * (quantiles.max() ?? 0)
        // Where not one path in twenty has any load, the largest of the path that has counts instead.
        let instead = load.peaks.max() ?? 0
        let profile = quantiles.map { floor > 0 ? max($0, floor) : instead }
        let (scale, method) = level(of: load.largestShares(of: profile), allowed: allowed)
        return Requirement(servers: profile.map { $0 * scale * headroom }, method: method)
    }

    /// The requirement of what stays the same over the span: a level over the paths' peaks.
    static func flat(_ load: PathLoad, allowed: Double, headroom: Double) -> Requirement {
        let (peak, method) = level(of: load.peaks, allowed: allowed)
        return Requirement(
            servers: [Double](repeating: peak * headroom, count: load.stepCount), method: method)
    }

    /// The level that a share of the values, one of each path, may pass.
    static func level(of values: [Double], allowed: Double) -> (level: Double, method: Method) {
        let sorted = values.sorted()
        guard let largest = sorted.last else { return (0, .largestPath) }
        // A hair above, so that rounding does not put the path itself over.
        let hair = 1 + 1e-12
        let rank = Int(min(Double(sorted.count), allowed * Double(sorted.count + 1) + 1e-9))
        if rank >= 1 { return (sorted[sorted.count - rank] * hair, .counted(pathsLeftOut: rank - 1)) }
        guard let tail = TailFit(values) else { return (largest * hair, .largestPath) }
        return (tail.extrapolated(toProbability: allowed) * hair, .tail)
    }
}
