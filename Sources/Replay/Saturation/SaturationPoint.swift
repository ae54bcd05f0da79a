import Exchange
import Units

/// What a row of a replay's result is about; its description is the word in the tables' column `tier`.
public enum ReplayScope: Sendable, Hashable, CustomStringConvertible {
    /// One tier, by its name, or a shard of it.
    case tier(String)
    /// The way of an order from where it enters to the most loaded shard, whatever tiers are called.
    case journey

    /// The tier's name, or `journey`.
    public var description: String {
        switch self {
        case .tier(let name): name
        case .journey: "journey"
        }
    }
}

/// The load at which something gives way.
public struct SaturationPoint: Sendable, Equatable {
    /// The four ways in which a tier saturates.
    public enum Kind: String, CaseIterable, Sendable {
        /// Utilisation reaches 1: work arrives faster than it is done.
        case stability
        /// The latency objective breaks in some rolling five minutes.
        case slo
        /// More concurrency lowers throughput (Universal Scalability Law).
        case uslPeak = "usl_peak"
        /// The latency curve turns upward.
        case knee
    }

    /// The tier, or the journey from the first tier to the last.
    public var scope: ReplayScope
    /// The shard of a sharded tier, as `matching-2`; nil where the tier has none.
    public var shard: String?
    /// In which way.
    public var kind: Kind
    /// The multiple of the forecast demand, with its interval; nil is "none in the range that was searched".
    public var loadMultiplier: Estimate?
    /// The busiest hour's messages a second at that multiple; nil likewise.
    public var ratePerSecond: Estimate?
    /// What runs out, as `cores`, `single writer BTCUSDT` or `bandwidth`.
    public var bindingResource: BindingResource
    /// The first step at which the 99 % quantile of the forecast reaches it; nil where it does not.
    public var reachedAt: Timestamp?

    public init(
        scope: ReplayScope, shard: String?, kind: Kind, loadMultiplier: Estimate?, ratePerSecond: Estimate?,
        bindingResource: BindingResource, reachedAt: Timestamp?
    ) {
        self.scope = scope
        self.shard = shard
        self.kind = kind
        self.loadMultiplier = loadMultiplier
        self.ratePerSecond = ratePerSecond
        self.bindingResource = bindingResource
        self.reachedAt = reachedAt
    }
}

/// What a tier's clients see at one multiple of the forecast, in the worst window.
public struct LatencyCurvePoint: Sendable, Equatable {
    /// The tier, or the journey.
    public var scope: ReplayScope
    /// The shard, nil where the tier has none.
    public var shard: String?
    /// The multiple of the forecast demand.
    public var loadMultiplier: Double
    /// Messages a second in the window.
    public var ratePerSecond: Double
    /// Work over capacity in the window, in mean.
    public var utilisation: Double
    /// Quantiles of waiting and service together, in seconds, with intervals over replications.
    public var p50Seconds: Estimate
    /// The 99 % quantile.
    public var p99Seconds: Estimate
    /// The 99.9 % quantile.
    public var p999Seconds: Estimate
    /// The share of messages over the objective's time.
    public var shareOverObjective: Estimate

    /// A point of the curve.
    public init(
        scope: ReplayScope, shard: String?, loadMultiplier: Double, ratePerSecond: Double,
        utilisation: Double,
        p50Seconds: Estimate, p99Seconds: Estimate, p999Seconds: Estimate, shareOverObjective: Estimate
    ) {
        self.scope = scope
        self.shard = shard
        self.loadMultiplier = loadMultiplier
        self.ratePerSecond = ratePerSecond
        self.utilisation = utilisation
        self.p50Seconds = p50Seconds
        self.p99Seconds = p99Seconds
        self.p999Seconds = p999Seconds
        self.shareOverObjective = shareOverObjective
    }
}
