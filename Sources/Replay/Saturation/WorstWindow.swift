import Units

/// The five minutes that a queue was judged by.
///
/// The step is the busiest of the path whose busiest step is the median over paths; the window is where that step's
/// rolling five minutes carry the most, in mean over replications of its bursts.
public struct WorstWindow: Sendable, Equatable {
    public var tier: String
    /// The shard of a sharded tier, as `matching-2`; nil where the tier has none.
    public var shard: String?
    /// The path that stands for all.
    public var path: Int
    /// Its busiest step.
    public var step: Int
    /// The start of that step.
    public var start: Timestamp
    /// Messages a second of the queue, in mean over the step.
    public var ratePerSecond: Double
    /// Work over capacity in mean over the step, on the busiest node.
    public var utilisation: Double
    /// The busiest five minutes' rate over the step's, with its range over replications.
    public var windowFactor: Estimate

    public init(
        tier: String, shard: String?, path: Int, step: Int, start: Timestamp, ratePerSecond: Double,
        utilisation: Double, windowFactor: Estimate
    ) {
        self.tier = tier
        self.shard = shard
        self.path = path
        self.step = step
        self.start = start
        self.ratePerSecond = ratePerSecond
        self.utilisation = utilisation
        self.windowFactor = windowFactor
    }
}
