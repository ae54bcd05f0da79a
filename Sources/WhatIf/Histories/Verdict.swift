import Exchange
import Units

/// The outcome of a scenario; intervals are the central 95 % of the replications.
public struct Verdict: Sendable, Equatable {
    /// The scenario's name.
    public var scenario: String
    /// Whether every objective held in every rolling five minutes in at least 95 % of the replications.
    public var held: Bool
    /// The tier that breaks its objective first, in most of the replications that break; nil where none does.
    public var firstTier: String?
    /// What runs out there.
    public var bindingResource: BindingResource?
    /// From the first disturbance until the first objective breaks; nil where none does.
    public var secondsToSaturation: Estimate?
    /// The most messages that wait in one queue.
    public var peakBacklog: Estimate
    /// The largest 99 % quantile of a second's messages in any queue, in seconds.
    public var p99MaxSeconds: Estimate
    /// Minutes whose rolling five minutes break some objective.
    public var minutesOverObjective: Estimate
    /// From the first disturbance on, messages given up over messages offered, of the queue that gives up most.
    public var shareRejected: Estimate
    /// From the largest backlog on until no queue's takes longer than its objective; nil where that does
    /// not happen, while it is watched, in 5 % of the replications or more.
    public var drainSeconds: Estimate?
    /// Writes that were acknowledged and are lost, because a standby was behind.
    public var rpoRecords: Estimate
    /// The share of trading, by symbols' trades, that met a broken objective or was given up, from the first disturbance
    /// until all is drained.
    public var shareNotionalAffected: Estimate
    /// The cheapest change that would have held, or why there is none; nil where the scenario held.
    public var cheapestChange: String?
    /// What it costs for a month of 730 hours on demand; nil where there is none.
    public var cheapestChangeCost: Money?
}
