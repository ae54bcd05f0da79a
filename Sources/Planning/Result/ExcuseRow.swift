import Units

/// A row of `excuses.csv`: an option that was not taken, and why.
public struct ExcuseRow: Sendable, Equatable {
    /// An option and what is against it; `extra` is what it costs more than the chosen one over the planned span.
    public enum Rejection: Sendable, Equatable {
        /// A shape that does not hold the load.
        case shapeTooSmall(shape: String, Shortfall)
        /// A pool on another shape, with its largest number of nodes.
        case dearerPool(shape: String, extra: Money, chosen: String, nodesMax: Int, reserved: Int)
        /// Nodes of another shape that hold the load too.
        case dearerNodes(shape: String, extra: Money, chosen: String)
        /// Another shape for writers, who use one core whatever the shape.
        case dearerWriter(shape: String, extra: Money, chosen: String)
        /// Fewer shards: the best placement leaves one with a multiple of what it holds.
        case fewerShards(shards: Int, requiredShare: Double)
        /// The largest number of nodes reserved all the time, where the chosen plan reserves fewer.
        case reservedThroughout(shape: String, nodes: Int, extra: Money, reserved: Int)
        /// No node reserved, where the chosen plan reserves some.
        case onDemandThroughout(shape: String, extra: Money, reserved: Int)
        /// Nodes that hold all work through losses, where a share of it may wait.
        case nothingWaits(shape: String, nodes: Int, extra: Money, waiting: Double)
        /// Today's nodes, which break with a probability, counted over so many paths; `extra` may be below zero.
        case todays(nodes: Int, shape: String, extra: Money, probabilityBroken: Double, paths: Int)
    }

    public var tier: String
    /// The option and why not.
    public var rejection: Rejection
    /// What it would have cost over the planned span; nil where it cannot hold the requirement.
    public var cost: Money?
}
