import Exchange
import Units

/// A row of `ladder_hours.csv`: how many nodes one tier would need in one step, by what is asked.
public struct HourLadderRow: Sendable, Equatable {
    public var tier: String
    /// The start of the step.
    public var start: Timestamp
    /// Work of the step on the median path and on all but 1 % of paths, in seconds of work a second, all queues together.
    public var workQ50: Double
    public var workQ99: Double
    /// Nodes that do the work of the median path; nil where one alone would have to and cannot.
    public var nodesQ50: Int?
    /// Nodes that do the work of all but 1 % of paths.
    public var nodesQ99: Int?
    /// The load to hold in the step within the objective, in seconds of work a second.
    public var requiredServers: Double
    /// Nodes that hold it within the objective; nil where none do.
    public var nodesObjective: Int?
    /// Nodes that still do with what is to be survived lost.
    public var nodesLosses: Int?
    /// Nodes that have to serve for surges to hold too; nil where there are none to hold.
    public var nodesHold: Int?
    /// Nodes that run: those that warm up and those that stay for their minimum time too.
    public var nodesRunning: Int
    /// What runs out first.
    public var bindingResource: BindingResource
    /// What sets the number of nodes.
    public var constraint: NodeConstraint
}
