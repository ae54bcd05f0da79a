import Foundation
import Numerics
import Units

/// Quantiles of times that independent replications counted, with 95 % intervals.
///
/// The figure is the quantile of all counts together, whose bias is that of the whole run and not of a short part. Its
/// interval turns that of the share of times above it into times (Woodruff 1952): the share has a mean over
/// replications, and an interval as any mean has. A time is in the interval if the share above it may be the one that is
/// sought; how far the share may be off, as a factor, is taken from the quantile itself. Where the counts hold too few
/// separate excursions above the quantile for replications to differ as they should, the factor is at least what so few
/// excursions allow, and the tail is at least as long as `Excursions` has it.
struct QuantileEstimator {
    private let lanes: [TimeHistogram]
    private let all: TimeHistogram
    private let excursions: Excursions

    /// The least that an interval's end is of the share. Chosen, not measured.
    private static let leastFactor = 0.05
    /// Times above from which a share is read off the counts. Chosen, not measured.
    private static let countedMin = 20.0
    /// Shares, over the one that is sought, between which the tail's slope is taken, and the largest. Chosen, not measured.
    private static let slopeFactors = (near: 3.0, far: 0.5)
    private static let slopeShareMax = 0.9

    /// Times are in mean service times, those of `excursions` too.
    init(_ lanes: [TimeHistogram], _ excursions: Excursions) {
        self.lanes = lanes
        self.excursions = excursions
        var all = TimeHistogram()
        for lane in lanes { all.merge(lane) }
        self.all = all
    }

    /// Independent excursions above the time that the share `1 - level` exceeds, which the counts are expected to hold.
    func expectedExcursions(_ level: Double) -> Double {
        let time = all.time(exceededBy: 1 - level)
        return excursions.expected(share: 1 - level, above: time, customers: all.total)
    }

    /// The highest of ascending levels above which, as above all lower ones, enough excursions were counted.
    func trusted(of levels: [Double]) -> Double? {
        levels.prefix { expectedExcursions($0) >= Excursions.trustedMin }.last
    }

    /// The time that the share `1 - level` exceeds; NaN where nothing was counted.
    func quantile(_ level: Double) -> Estimate {
        guard all.total > 0 else { return Estimate(exactly: .nan) }
        let allowed = 1 - level
        let value = all.time(exceededBy: allowed)
        guard value > 0 else { return Estimate(exactly: 0) }
        let shares = lanes.map { $0.share(above: value) }
        let share = Summary.interval(ofReplications: shares)
        // A share that is k times too low or too high is what moves the quantile up or down.
        let upward = max(1, share.hi / share.value)
        let downward = max(1, share.value / max(share.lo, QuantileEstimator.leastFactor * share.value))
        let found = Estimate(
            value, lo: min(value, time(exceededBy: min(1, allowed * downward), near: value, allowed)),
            hi: max(value, time(exceededBy: allowed / upward, near: value, allowed)))
        return widened(found, allowed, upward: upward, downward: downward)
    }

    /// No narrower than few excursions allow.
    private func widened(
        _ found: Estimate, _ allowed: Double, upward: Double, downward: Double
    ) -> Estimate {
        let expected = excursions.expected(share: allowed, above: found.value, customers: all.total)
        guard expected < Excursions.trustedMin else { return found }
        let (up, down) = Excursions.factors(expected: expected)
        let share = min(1, allowed * max(downward, min(down, 1 / QuantileEstimator.leastFactor)))
        // Beyond what was counted, the tail goes on as it went, or as it has to at least.
        let excess = max(excursions.meanExcess(above: found.value), scale(allowed))
        return Estimate(
            found.value, lo: min(found.lo, all.time(exceededBy: share)),
            hi: max(found.hi, found.value + log(max(upward, up)) * excess))
    }

    /// The time that a share exceeds. Beyond what was counted often, the tail goes on as it went: the logarithm of the
    /// share falls with the time in a straight line.
    private func time(exceededBy share: Double, near value: Double, _ allowed: Double) -> Double {
        if share * all.total >= QuantileEstimator.countedMin || share >= allowed {
            return all.time(exceededBy: share)
        }
        let scale = scale(allowed)
        guard scale > 0 else { return all.time(exceededBy: share) }
        return value + log(allowed / share) * scale
    }

    /// The time in which the share above falls by a factor of e, near the share that is sought; 0 where the counts do not
    /// show it.
    private func scale(_ allowed: Double) -> Double {
        let (near, far) = (
            min(QuantileEstimator.slopeShareMax, allowed * QuantileEstimator.slopeFactors.near),
            max(allowed * QuantileEstimator.slopeFactors.far, 1 / all.total)
        )
        let (start, end) = (all.time(exceededBy: near), all.time(exceededBy: far))
        guard end > start, near > far else { return 0 }
        return (end - start) / log(near / far)
    }
}
