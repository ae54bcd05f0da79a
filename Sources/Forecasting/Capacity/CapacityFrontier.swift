import Foundation

/// What a planned capacity bought and missed, and what a share missed would have cost at another scale.
///
/// Plans are compared by their frontier: one factor on all of a plan's capacity moves it from few misses at a
/// high price to many at a low one, so two plans are set beside each other at the same share.
public struct CapacityFrontier: Sendable {
    /// Capacity bought over demand asked for, as planned.
    public let bought: Double
    /// The share of steps whose demand exceeded the capacity, as planned.
    public let missedHours: Double
    /// The share of the demand over the capacity, as planned.
    public let lostDemand: Double
    /// Steps that were compared.
    public let stepCount: Int
    private let curve: MissCurve

    /// Compares steps where both are there; nil where none is, or where there is no demand.
    public init?(capacity: [Double], actual: [Double]) {
        var logDemand: [Double] = []
        var logCapacity: [Double] = []
        var sums = (demand: 0.0, capacity: 0.0, lost: 0.0, missed: 0.0)
        for (capacity, actual) in zip(capacity, actual)
        where actual.isFinite && actual >= 0 && capacity.isFinite && capacity > 0 {
            logDemand.append(log(actual))
            logCapacity.append(log(capacity))
            sums.demand += actual
            sums.capacity += capacity
            sums.lost += max(0, actual - capacity)
            sums.missed += actual > capacity ? 1 : 0
        }
        guard sums.demand > 0 else { return nil }
        bought = sums.capacity / sums.demand
        missedHours = sums.missed / Double(logDemand.count)
        lostDemand = sums.lost / sums.demand
        stepCount = logDemand.count
        curve = MissCurve(logDemand: logDemand, logCapacity: logCapacity)
    }

    /// The share missed by a measure, as planned.
    public func missed(_ measure: CapacityTarget.Measure) -> Double {
        measure == .hours ? missedHours : lostDemand
    }

    /// The factor on the capacity at which just the target's share would have been missed; nil where the share
    /// would allow to buy nothing.
    public func factor(_ target: CapacityTarget) -> Double? {
        curve.logFactor(target.measure, share: target.share).map { exp($0) }
    }

    /// Capacity bought over demand at that factor.
    public func cost(_ target: CapacityTarget) -> Double? {
        factor(target).map { $0 * bought }
    }
}
