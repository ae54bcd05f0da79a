import Foundation
import Numerics
import Units

/// Quantiles of times that independent replications counted, with 95 % intervals.
///
/// The figure is the quantile of all counts together, whose bias is that of the whole run and not of a short part. Its
/// interval turns that of the share of times above it into times (Woodruff 1952): the share has a mean over
/// replications, and an interval as any mean has. A time is in the interval if the share above it may be the one that is
/// sought; how far the share may be off, as a factor, is taken from the quantile itself.
struct QuantileEstimator {
    private let lanes: [TimeHistogram]
    private let all: TimeHistogram

    /// The least that an interval's end is of the share. Chosen, not measured.
    private static let leastFactor = 0.05
    /// Times above from which a share is read off the counts. Chosen, not measured.
    private static let countedMin = 20.0
    /// Shares, over the one that is sought, between which the tail's slope is taken, and the largest. Chosen, not measured.
    private static let slopeFactors = (near: 3.0, far: 0.5)
    private static let slopeShareMax = 0.9

    init(_ lanes: [TimeHistogram]) {
        self.lanes = lanes
        var all = TimeHistogram()
        for lane in lanes { all.merge(lane) }
        self.all = all
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
        return Estimate(
            value, lo: min(value, time(exceededBy: min(1, allowed * downward), near: value, allowed)),
            hi: max(value, time(exceededBy: allowed / upward, near: value, allowed)))
    }

    /// The time that a share exceeds. Beyond what was counted often, the tail goes on as it went: the logarithm of the
    /// share falls with the time in a straight line.
    private func time(exceededBy share: Double, near value: Double, _ allowed: Double) -> Double {
        if share * all.total >= QuantileEstimator.countedMin || share >= allowed {
            return all.time(exceededBy: share)
        }
        let (near, far) = (
            min(QuantileEstimator.slopeShareMax, allowed * QuantileEstimator.slopeFactors.near),
            max(allowed * QuantileEstimator.slopeFactors.far, 1 / all.total)
        )
        let (start, end) = (all.time(exceededBy: near), all.time(exceededBy: far))
        guard end > start, near > far else { return all.time(exceededBy: share) }
        return value + log(allowed / share) * (end - start) / log(near / far)
    }
}
