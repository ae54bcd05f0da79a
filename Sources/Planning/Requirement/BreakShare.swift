import Glibc
import Numerics
import Units

/// How often paths break: demand and bursts counted together, once.
///
/// A path breaks with a chance of 1 − Π (1 − p) over its steps, with the p of a step the chance that an hour of bursts at
/// its load breaks the nodes that serve in it. The share of paths to come that break is the mean chance over the paths. These
/// are no random sample, whose largest value another one passes with a probability of 1 / (P + 1), but evenly spread over
/// the distribution of each step and of each series' peak: the r-th of P has the quantile at (r − ½) / P.
enum BreakShare {
    /// The chances of paths, from their hazards.
    static func chances(_ hazards: [Double]) -> [Double] { hazards.map { -expm1(-$0) } }

    /// The share among the drawn paths, with Wilson's interval for a share of so many.
    static func interval(_ hazards: [Double]) -> Estimate {
        Summary.shareInterval(hits: chances(hazards).reduce(0, +), of: hazards.count)
    }

    /// A stress from which on no factor is small enough: nothing is held at all.
    private static let stressMax = 1e299
    /// The search for the factor, on its logarithm: the first step, the longest, and how near it comes. Chosen, not measured.
    private static let firstLogStep = 0.05
    private static let logStepMax = 1e3
    private static let logTolerance = 1e-4

    /// The factor on all loads up to which no more than a share of paths break; 0 where none is small enough.
    ///
    /// - Parameters:
    ///   - allowed: The share.
    ///   - stresses: For each path its largest load over what is held. Where the share is less than the paths resolve, they
    ///     are carried on by a fitted tail (`TailFit`).
    ///   - hazard: A path's hazard at the logarithm of a factor.
    /// - Returns: The factor; infinite where nothing is asked for.
    static func margin(
        allowed: Double, stresses: [Double], hazard: (_ path: Int, _ logFactor: Double) -> Double
    ) -> Double {
        guard let most = stresses.max(), most > 0 else { return .infinity }
        guard most < stressMax else { return 0 }
        let fitted = Self.tail(allowed, stresses)
        let tail = tailFactor(fitted, allowed: allowed)
        let share = resolved(allowed, fitted, of: stresses.count)
        let order = mostStressedFirst(stresses)
        let sorted = order.reversed().map { stresses[$0] }
        func holds(_ logFactor: Double) -> Bool {
            isExpected(atMost: share, order: order) { hazard($0, logFactor) }
        }
        // Around the factor at which the path of that rank has its median load.
        let rank = min(stresses.count, max(1, Int(saturating: share * Double(stresses.count) + 1e-9)))
        let middle = -log(max(sorted[stresses.count - rank], 1e-300))
        var (low, high) = (middle, middle)
        var step = firstLogStep
        while holds(high), step < logStepMax {
            low = high
            high += step
            step *= 2
        }
        step = firstLogStep
        while !holds(low), step < logStepMax {
            high = low
            low -= step
            step *= 2
        }
        guard holds(low) else { return 0 }
        while high - low > logTolerance {
            let between = 0.5 * (low + high)
            if holds(between) { low = between } else { high = between }
        }
        // Where chances jump, the jump itself: a path's own load.
        let jump = sorted.lazy.map { -log(max($0, 1e-300)) }.first {
            $0 > low - 2 * logTolerance && $0 < high + 2 * logTolerance && holds($0)
        }
        return exp(max(low, jump ?? low)) / tail
    }

    /// Whether the margin is at least 1, for a single look at the hazards.
    static func isHeld(
        allowed: Double, stresses: [Double], hazard: (_ path: Int, _ logFactor: Double) -> Double
    ) -> Bool {
        guard let most = stresses.max(), most > 0 else { return true }
        guard most < stressMax else { return false }
        let tail = Self.tail(allowed, stresses)
        let logFactor = log(tailFactor(tail, allowed: allowed))
        let order = mostStressedFirst(stresses)
        return isExpected(atMost: resolved(allowed, tail, of: stresses.count), order: order) {
            hazard($0, logFactor)
        }
    }

    /// The paths by their stress.
    private static func mostStressedFirst(_ stresses: [Double]) -> [Int] {
        stresses.indices.sorted { (stresses[$1], $0) < (stresses[$0], $1) }
    }

    /// Whether the share of paths to come that break is no more than one; paths are looked at from the most stressed on,
    /// until that is plain.
    private static func isExpected(atMost share: Double, order: [Int], hazard: (Int) -> Double) -> Bool {
        let limit = share * Double(order.count)
        var sum = 0.0
        for (rank, path) in order.enumerated() {
            let chance = -expm1(-hazard(path))
            sum += chance
            if sum > limit { return false }
            // Those that are stressed less, as many as there are, hardly add to it.
            if chance * Double(order.count - rank) < negligible * limit { break }
        }
        return true
    }

    /// What does not count, of a share.
    private static let negligible = 1e-4

    /// The share, or the smallest that the paths tell where a tail carries them on; a hair more, for rounding. Without a
    /// tail, as for a single path, the bursts tell any share.
    private static func resolved(_ allowed: Double, _ tail: TailFit?, of paths: Int) -> Double {
        (tail == nil ? allowed : 1 / Double(paths + 1)) * (1 + 1e-9)
    }

    /// The tail of the stresses, where the share is less than they resolve.
    private static func tail(_ allowed: Double, _ stresses: [Double]) -> TailFit? {
        allowed * Double(stresses.count) + 1e-9 < 1 ? TailFit(stresses) : nil
    }

    /// How far past the largest stress that one lies which is passed with a smaller probability than the paths resolve.
    private static func tailFactor(_ tail: TailFit?, allowed: Double) -> Double {
        guard let tail else { return 1 }
        return tail.extrapolated(toProbability: allowed) / tail.largest.value
    }
}
