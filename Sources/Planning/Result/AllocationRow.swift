import Exchange
import Units

/// A row of `plan.csv`: what runs in one zone in one step.
public struct AllocationRow: Sendable, Equatable {
    public var tier: String
    public var zone: String
    /// The start of the step.
    public var start: Timestamp
    /// Nodes that run in the zone; those that still warm up are counted.
    public var nodes: Int
    /// Nodes of the zone that serve.
    public var servingNodes: Int
    /// The shape of the nodes.
    public var shape: String
    /// Work over capacity on the busiest node with all serving nodes up, in the median over paths; of a
    /// sharded tier, of its busiest shard.
    public var utilisationQ50: Double
    /// The same, the 99 % quantile over paths.
    public var utilisationQ99: Double
    /// The share of paths that break the tier's objective in this step while what is to be survived (spare
    /// nodes or the largest zone, whichever is worse) is lost. The same in all zones.
    public var probabilityBroken: Double
    /// The same with all serving nodes up.
    public var probabilityBrokenAllUp: Double
    /// What runs out first, as `cores`, `single writer BTCUSDT`, `bandwidth` or `primary's cores`.
    public var bindingResource: BindingResource
    /// What sets the number of nodes, as `zone loss`, `spare nodes`, `warm-up`, `minimum up time` or
    /// `reserved`.
    public var bindingConstraint: NodeConstraint
    /// The zone's nodes over the step.
    public var cost: Money
    /// Nodes of each shape where shapes are mixed; empty where all are of `shape`.
    public var nodesByShape: [ShapeNodes] = []
}
