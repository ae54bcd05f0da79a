/// One second of one queue, in mean over replications.
public struct TimelineRow: Sendable, Equatable {
    /// The second, from the start of the scenario.
    public var second: Int
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
