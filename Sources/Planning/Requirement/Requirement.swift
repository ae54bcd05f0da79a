import Glibc
import Numerics
import Replay

/// The load that has to be held so that a share of paths at most breaks in any step.
///
/// A profile over the steps is scaled up until few enough paths break anywhere on nodes that hold it (`BreakShare`). So
/// the probability is of any step of the span together, not step by step, of paths to come, not of those drawn, and over
/// demand and bursts at once.
public struct Requirement: Sendable {
    /// The load to be held, one figure a step, in seconds of work a second.
    var servers: [Double]
    /// How the scale was found.
    var method: Method

    /// How a load is found among the paths.
    public enum Method: Sendable, Equatable {
        /// By counting paths, of which this many may break.
        case counted(pathsLeftOut: Int)
        /// By the largest path, carried on by the fitted tail.
        case tail
        /// By the largest path, as there are too few to fit a tail to.
        case largestPath
        /// By what an error budget leaves to be held.
        case budget
    }

    /// How a share of paths is found among some.
    static func method(allowed: Double, stresses: [Double]) -> Method {
        let count = Int(saturating: min(1, allowed) * Double(stresses.count) + 1e-9)
        if count >= 1 { return .counted(pathsLeftOut: count) }
        return TailFit(stresses) == nil ? .largestPath : .tail
    }

    /// The level that a share of the values, one of each path, may pass.
    static func level(of values: [Double], allowed: Double) -> Double {
        let margin = BreakShare.margin(allowed: allowed, stresses: values) { path, logFactor in
            values[path] > 0 && log(values[path]) + logFactor > 1e-9 ? BreakLevels.certain : 0
        }
        return margin > 0 && margin.isFinite ? 1 / margin : margin > 0 ? 0 : .infinity
    }

    /// The least load of a step over the largest. Chosen, not measured.
    private static let floorShare = 0.01
    /// Powers of the day's course that are tried. What they cost was measured, see `profile`; the grid was chosen.
    private static let powers = [1, 0.75, 0.5, 0.25, 0]
    /// Costs that differ by less are equal.
    private static let nearlyEqual = 1e-6

    /// The course over the day of a pool's nodes: the mean load of each step over paths, at least a hundredth of its
    /// largest, flattened towards its geometric mean as far as costs the least.
    ///
    /// The promise is for the span, not for each hour of it, so that the cheapest course is flatter than the demand's. (A
    /// capacity that was fitted by the hour, on ten pairs of Binance and their sum, cost 0.852, 0.811, 0.802 of the best flat
    /// rule at 1, 5 and 20 % of weeks broken; with half its logarithm 0.798, 0.799, 0.802, flat 0.795, 0.826, 0.830.) It is
    /// chosen on the paths alone, so that neither shapes nor objectives nor what is to be survived change it.
    static func profile(of load: PathLoad, allowed: Double) -> [Double] {
        let means = load.means
        let floor = floorShare * (means.max() ?? 0)
        let instead = load.peaks.max() ?? 0
        let profile = means.map { floor > 0 ? max($0, floor) : instead }
        guard instead > 0 else { return [Double](repeating: 1, count: profile.count) }
        let middle = Summary.mean(profile.map { log($0) })
        var best = (cost: Double.infinity, profile: profile)
        for power in powers {
            let tried = profile.map { exp(middle + power * (log($0) - middle)) }
            let cost = level(of: load.largestShares(of: tried), allowed: allowed) * tried.reduce(0, +)
            // The first of near equals, which follows the day the closest.
            if cost < best.cost * (1 - nearlyEqual) { best = (cost, tried) }
        }
        return best.profile
    }
}
