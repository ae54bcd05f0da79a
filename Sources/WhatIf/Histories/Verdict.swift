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
    /// Writes that were acknowledged before the failure and are lost, because a standby was behind.
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
    /// The share of all histories in which `firstTier` is the first that the events break; nil where that is.
    public var shareFirst: Double?
    /// What clients and the people on call see.
    public var service: Service
    /// The share of the demand to which it has to be shed, once the events are over, for the backlog to clear; nil where
    /// it clears by itself, or was not searched for; 0 where no share that was tried does it.
    public var shedTo: Double?
    /// The same histories without the events.
    public var baseline: Baseline

    /// Whether the backlog clears by itself, while it is watched, in at least 95 % of the histories.
    public var recovers: Bool { drainSeconds != nil }

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

    /// What clients and the people on call see; of the histories of the other figures.
    public struct Service: Sendable, Equatable {
        /// From the failure, which is the first second in which some queue is late or gives up messages, to the return
        /// within the objective: the end of the last such second. 0 where nothing fails; nil where that does not end, while
        /// it is watched, in 5 % of the histories or more.
        public var restoredSeconds: Estimate?
        /// The share of all messages that were late or given up, from the first disturbance until all is well.
        public var shareOfRequests: Estimate
        /// The share of orders, likewise.
        public var shareOfOrders: Estimate
        /// Orders that were late or given up.
        public var ordersFailed: Estimate
        /// Minutes that a status page would call degraded, an outage included: 1 % of orders fail.
        public var degradedMinutes: Estimate
        /// Minutes that it would call an outage: half of the orders fail.
        public var outageMinutes: Estimate
        /// From the first disturbance until the first of these minutes is over; nil where half of the histories have none.
        public var postSeconds: Estimate?
    }
}
