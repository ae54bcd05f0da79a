import Units

/// A row of `capacity.csv`: what one queue is expected to have to do in one step, and what it holds.
///
/// All in seconds of work a second: 0.2 keeps one server busy for a fifth of the time.
public struct CapacityRow: Sendable, Equatable {
    public var tier: String
    /// The shard; nil for a tier that is one queue.
    public var shard: String?
    /// The start of the step.
    public var start: Timestamp
    /// The median work over paths.
    public var workQ50: Double
    /// The 99 % quantile.
    public var workQ99: Double
    /// The most work at which the objective is kept while what is to be survived is lost.
    public var heldAfterLoss: Double
    /// The same with everything up.
    public var heldAllUp: Double
    /// Which levels of the queue break it while what is to be survived is lost: `BreakLevelRow.levels`.
    public var levels: Int
}

/// A row of `break_levels.csv`: the work at which one drawn hour breaks the objective of a queue while what is to be survived
/// is lost. What is held is their median, and the chance of a break at some work is the share of hours below it.
public struct BreakLevelRow: Sendable, Equatable {
    public var tier: String
    /// The shard; nil for a tier that is one queue.
    public var shard: String?
    /// Which nodes serve: the number that steps of `capacity.csv` name, from 0.
    public var levels: Int
    /// The hour by its level, from 1.
    public var hour: Int
    /// Seconds of work a second.
    public var work: Double
}

/// A row of `break_extents.csv`: how far over the objective hours of a queue are at a load, where an error budget asks for it.
public struct BreakExtentRow: Sendable, Equatable {
    public var tier: String
    /// The shard; nil for a tier that is one queue.
    public var shard: String?
    /// Which nodes serve: the number that steps of `capacity.csv` name, from 0.
    public var levels: Int
    /// The load over what is held.
    public var loadOverHeld: Double
    /// Of an hour that breaks, the share of the time that is over.
    public var shareOver: Double
    /// The share of messages that is late in hours that break.
    public var lateBroken: Double
    /// The same in hours that do not.
    public var lateHeld: Double
}

/// A row of `work.csv`: what one trade of a symbol, with the messages that come with it, costs a queue.
public struct WorkRow: Sendable, Equatable {
    public var tier: String
    /// The shard; nil for a tier that is one queue.
    public var shard: String?
    /// The symbol's full name.
    public var symbol: SeriesID
    /// Seconds of work.
    public var secondsPerTrade: Double
}
