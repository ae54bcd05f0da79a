import Exchange
import Units

/// The outcome of a scenario.
///
/// Figures are medians, with the central 95 %, of the histories in which some objective broke; of all where none did.
/// Every figure of a verdict is of the same histories, but for the shares of histories and the expected minutes, which
/// are of all.
public struct Verdict: Sendable, Equatable {
    /// The scenario's name.
    public var scenario: String
    /// The exchange that it was tried on; nil: not told.
    public var tried: TriedExchange?
    /// Whether every objective held in every rolling five minutes in at least 95 % of the histories.
    public var held: Bool
    /// The tier that breaks its objective first, in most of the histories that the events break; nil where that are
    /// none, or the scenario held.
    public var firstTier: String?
    /// What runs out there.
    public var bindingResource: BindingResource?
    /// From the first disturbance until the first objective breaks, in the histories that the events break; nil where
    /// `firstTier` is.
    public var secondsToSaturation: Estimate?
    /// The most messages that wait in one queue.
    public var peakBacklog: Estimate
    /// The largest 99 % quantile of a second's messages in any queue, in seconds; no more than clients wait.
    public var p99MaxSeconds: Estimate
    /// Minutes whose rolling five minutes break some objective.
    public var minutesOverObjective: Estimate
    /// The share of trades whose messages were given up, from the first disturbance until it is over and no queue is late
    /// or gives messages up.
    public var shareRejected: Estimate
    /// From the largest backlog on until no queue's takes longer than its objective; nil where that does
    /// not happen, while it is watched, in 5 % of the histories or more.
    public var drainSeconds: Estimate?
    /// Writes that were acknowledged and are lost, because a standby was behind.
    public var rpoRecords: Estimate
    /// The share of the same trades whose messages were late or given up.
    public var shareNotionalAffected: Estimate
    /// The cheapest change that would have held, or why there is none; nil where the scenario held.
    public var cheapestChange: String?
    /// What it costs for a month of 730 hours on demand; nil where there is none.
    public var cheapestChangeCost: Money?
    /// The share of all histories in which some objective broke, with Wilson's interval.
    public var shareBroken: Estimate
    /// Minutes over some objective in mean over all histories.
    public var expectedMinutesOverObjective: Double
    /// The tier of `peakBacklog`, in most of the histories; nil where nothing waits.
    public var peakBacklogTier: String?
    /// The tier of `p99MaxSeconds`, in most of the histories.
    public var p99MaxTier: String?
    /// The same histories without the events.
    public var baseline: Baseline

    /// What the exchange does in the same histories while nothing happens.
    public struct Baseline: Sendable, Equatable {
        /// The share of all histories in which some objective broke, with Wilson's interval.
        public var shareBroken: Estimate
        /// The tier that breaks first, in most of the histories that break; nil where none does.
        public var firstTier: String?
        /// Minutes over some objective in mean over all histories.
        public var expectedMinutesOverObjective: Double
        /// Whether every objective held in at least 95 % of the histories.
        public var held: Bool
    }
}
