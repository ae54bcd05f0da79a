/// How a tier scales: all that the stages ask of a tier's kind, so that none of them asks for its name.
///
/// A kind is one file of `Kinds` and one entry of `all`. Its initialiser takes every fact, so that a kind which leaves one
/// out does not compile.
public struct TierKind: Sendable {
    /// The name in plan files and in reports; unique among `all`.
    public let name: String
    /// What it is, in the words of the plan file's reference.
    public let summary: String
    /// How its nodes share the load.
    public let sharing: Sharing
    /// Whether the number of nodes follows the day, so that autoscalers can drive it; otherwise it stays as it is.
    public let followsDay: Bool
    /// Whether a balancer spreads the load, and gets `Tier.imbalance` of it wrong.
    public let hasBalancer: Bool
    /// Who takes over from a node that is lost.
    public let standbys: Standbys
    /// Whether its nodes lie outside of the zones and are no machines of ours: no loss of nodes or zones reaches them.
    public let isOutside: Bool
    /// By which law it saturates.
    public let law: Law
    /// Whether it serves only while a majority of its nodes lives.
    public let needsMajority: Bool
    /// Messages that one node of a shape serves at the same time, at least 1.
    let serversPerNode: @Sendable (Tier, Shape) -> Int
    /// Nodes to run, from those that have to share the load (of a sharded tier: its shards) and what is to be survived.
    public let nodesToRun: @Sendable (_ needed: Int, Survival) -> Int
    /// Of nodes that run the number whose capacity counts when so many are left; it may pass below 0 with them.
    public let nodesServing: @Sendable (_ left: Int, _ running: Int) -> Int
    /// What sets the number of nodes where nothing of the schedule does.
    public let constraint: @Sendable (_ needed: Int, Survival) -> NodeConstraint
    /// What runs out first, given the heaviest symbol of the queue (`heaviestSymbol`).
    public let binds: @Sendable (_ heaviestSymbol: String?) -> BindingResource
    /// What people are told of it.
    public let words: Words

    /// How nodes share the load of a tier.
    public enum Sharing: Sendable {
        /// All servers of all nodes are one group.
        case pooled
        /// Every node is a queue of its own; the load is split evenly.
        case split
        /// One node serves all; the others only stand by.
        case one
        /// Every symbol has one node (a shard) that serves it, by a placement.
        case bySymbol
    }

    /// Who takes over from a node that is lost.
    public enum Standbys: Sendable {
        /// Nobody: its share of the capacity is gone.
        case none
        /// The further nodes of the tier, after a failover.
        case otherNodes
        /// Nodes in other zones that each serving node has beside it, after a failover.
        case besideEach
    }

    /// The law by which a tier saturates.
    public enum Law: Sendable {
        /// Messages wait for servers; drawn hours of arrivals tell what is held.
        case queue
        /// Contacts wait for people, and hang up: Erlang-A.
        case staff
        /// What passes the quota of a window is refused.
        case quota
    }

    /// What people are told of a kind.
    public struct Words: Sendable {
        /// What to do when it alerts, given its shape; for the runbook.
        public let whenItAlerts: @Sendable (_ shape: String) -> String
        /// What would let it hold more than any allowed number of nodes does.
        public let remedy: String
        /// Why no change of nodes lets the tier of this name hold a scenario.
        public let hopeless: @Sendable (_ tier: String) -> String
    }
}

extension TierKind {
    /// Whether symbols are placed on its nodes.
    public var isSharded: Bool { sharing == .bySymbol }

    /// Whether more nodes hold more of the same load.
    public var addsUp: Bool { sharing == .pooled || sharing == .split }

    /// Whether autoscalers can drive it: machines of ours whose number follows the day.
    public var isAutoscaled: Bool { followsDay && !isOutside }

    /// Nodes left of so many in the worst of the losses to be survived, spread evenly over zones.
    public func left(of nodes: Int, _ survival: Survival) -> Int {
        isOutside ? nodes : survival.left(of: nodes)
    }

    /// Whether some number of nodes survives the losses: a majority lives only where no zone has half of the members.
    public func canSurvive(_ survival: Survival) -> Bool {
        guard needsMajority else { return true }
        let nodes = nodesToRun(1, survival)
        return survival.left(of: nodes) >= Quorum.majority(of: nodes)
    }

    /// Nodes that a number of nodes stand for, with the standbys that each has beside it.
    public func withStandbys(_ nodes: Int, copies: Int) -> Int {
        nodes * (standbys == .besideEach ? copies : 1)
    }

    /// Standbys of one serving node, of a tier of so many nodes over so many zones.
    public func standbyCount(nodes: Int, zones: Int) -> Int {
        switch standbys {
        case .none: 0
        case .otherNodes: nodes - 1
        case .besideEach: zones - 1
        }
    }
}

extension TierKind: Hashable {
    /// Kinds are the same where their names are.
    public static func == (one: TierKind, other: TierKind) -> Bool { one.name == other.name }

    /// Feeds the name.
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
