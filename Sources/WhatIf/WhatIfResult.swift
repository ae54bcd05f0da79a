import Exchange
import Units

/// What a scenario did to an exchange.
public struct WhatIfResult: Sendable {
    /// The scenario.
    public var scenario: Scenario
    /// Every second and queue, in mean over replications.
    public var timeline: [TimelineRow]
    /// What follows from it.
    public var verdict: Verdict
}

/// One second of one queue, in mean over replications.
public struct TimelineRow: Sendable, Equatable {
    /// The second, from the start of the scenario.
    public var second: Int
    /// The tier.
    public var tier: String
    /// The shard of a sharded tier; nil where there is none.
    public var shard: String?
    /// Work that arrives over what the queue can do; of a halted one, over what it does when it runs.
    public var utilisation: Double
    /// Messages that wait at the end of the second.
    public var backlog: Double
    /// Quantiles of waiting and service, in seconds.
    public var p50Seconds: Double
    /// The 99 % quantile.
    public var p99Seconds: Double
    /// The 99.9 % quantile.
    public var p999Seconds: Double
    /// The share of the second's messages that were given up.
    public var shareRejected: Double
    /// Messages that came again.
    public var retriesPerSecond: Double
}

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
    /// From the end of the last disturbance until no queue's backlog takes longer than its objective; nil where that
    /// does not happen, while it is watched, in 5 % of the replications or more.
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

/// Why a scenario cannot be simulated.
public enum WhatIfError: Error, Sendable, Equatable, CustomStringConvertible {
    /// An event names a tier that there is not.
    case unknownTier(String, known: [String])
    /// An event names a zone that there is not.
    case unknownZone(String, known: [String])
    /// No symbol matches.
    case unknownSymbol(String)
    /// A tier's shape is not in the catalogue, or a sharded tier has no placement.
    case input(String)

    /// A sentence for the user.
    public var description: String {
        switch self {
        case .unknownTier(let name, let known):
            "the scenario names the tier '\(name)'; there are \(known.joined(separator: ", "))"
        case .unknownZone(let name, let known):
            "the scenario names the zone '\(name)'; there are \(known.joined(separator: ", "))"
        case .unknownSymbol(let pattern): "no symbol matches '\(pattern)' of the scenario"
        case .input(let message): message
        }
    }
}
