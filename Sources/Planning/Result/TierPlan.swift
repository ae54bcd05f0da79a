import Exchange
import Units

/// What was chosen for one tier.
public struct TierPlan: Sendable, Equatable {
    /// The tier's name.
    public var tier: String
    /// How it scales.
    public var kind: TierKind
    /// The shape of its nodes.
    public var shape: String
    /// Nodes that run, all zones together, one figure a step; those that still warm up are counted.
    public var nodes: [Int]
    /// Nodes that serve, one figure a step: those that run and are warm.
    public var servingNodes: [Int]
    /// Nodes that the requirement asks for in each step, spares and the loss of a zone included.
    public var requiredNodes: [Int]
    /// Nodes bought with commitment; the rest is on demand.
    public var reservedNodes: Int
    /// The load to be held in each step, in seconds of work a second (servers kept busy), all shards
    /// together.
    public var requiredServers: [Double]
    /// What the nodes of each step hold when what is to be survived has happened, in the same unit and all
    /// shards together.
    public var heldServers: [Double]
    /// The shards of a sharded tier, in order; empty for others.
    public var shards: [ShardPlan]
    /// What it costs over the planned span.
    public var cost: Money
    /// What today's nodes cost over the same span on demand; of a sharded tier, today's shards and the
    /// standbys that the options ask for.
    public var todaysCost: Money
    /// How often today's nodes would break the objective in some step, in share of the paths, with what is to
    /// be survived lost; nil where that cannot be told.
    public var todaysProbabilityBroken: Estimate?
    /// Why this and no other; nil where nothing was looked for.
    public var reasons: TierReasons?

    /// A choice from its parts.
    public init(
        tier: String, kind: TierKind, shape: String, nodes: [Int], servingNodes: [Int],
        requiredNodes:
            [Int], reservedNodes: Int, requiredServers: [Double], heldServers: [Double],
        shards:
            [ShardPlan], cost: Money, todaysCost: Money, todaysProbabilityBroken: Estimate?,
        reasons: TierReasons? = nil
    ) {
        self.tier = tier
        self.kind = kind
        self.shape = shape
        self.nodes = nodes
        self.servingNodes = servingNodes
        self.requiredNodes = requiredNodes
        self.reservedNodes = reservedNodes
        self.requiredServers = requiredServers
        self.heldServers = heldServers
        self.shards = shards
        self.cost = cost
        self.todaysCost = todaysCost
        self.todaysProbabilityBroken = todaysProbabilityBroken
        self.reasons = reasons
    }

    /// The largest number of nodes that run at the same time.
    public var peakNodes: Int { nodes.max() ?? 0 }
}

/// One shard of a sharded tier.
public struct ShardPlan: Sendable, Equatable {
    /// Its number, from 0.
    public var index: Int
    /// The name that reports use, as `matching-2`.
    public var name: String
    /// The zone of the node that serves.
    public var zone: String
    public var standbyZones: [String]
    /// Its symbols, the heaviest first, by index in the demand.
    public var symbols: [Int]
    /// The load to be held in its worst step, in seconds of work a second.
    public var requiredServers: Double
    /// What it holds, in seconds of work a second, with its interval.
    public var capacityServers: Estimate
    /// The same in messages a second of the shard's own mix.
    public var capacityPerSecond: Estimate
    /// How often it breaks its objective in some step, in share of the paths, with a 95 % interval.
    public var probabilityBroken: Estimate
    /// What runs out first, as `single writer BTCUSDT`.
    public var bindingResource: BindingResource
}
