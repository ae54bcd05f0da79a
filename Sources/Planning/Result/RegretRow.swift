import Units

/// A row of `regret.csv`: the plan in a future that it was not made for, beside the plan that is made for that future.
public struct RegretRow: Sendable, Equatable {
    /// In what the future differs.
    public enum Cause: String, Sendable, CaseIterable {
        /// All symbols trade more, or less.
        case demand
        /// Every message takes longer to process.
        case serviceTimes = "service_times"
        /// More is lost than is to be survived.
        case failures
    }

    /// What differs.
    public enum Future: Sendable, Equatable {
        /// Demand times a factor.
        case demand(factor: Double)
        /// Service times times a factor.
        case serviceTimes(factor: Double)
        /// One more node of every tier, or of every shard, is lost than is to be survived.
        case nodeLost
        /// One more zone is lost than is to be survived.
        case zoneLost

        /// What it counts as.
        public var cause: Cause {
            switch self {
            case .demand: .demand
            case .serviceTimes: .serviceTimes
            case .nodeLost, .zoneLost: .failures
            }
        }
    }

    /// The future.
    public var future: Future
    /// The chance that the plan breaks some objective there, while what is to be survived is lost.
    public var probabilityBroken: Double
    /// The tier that is the most likely to; nil where none is.
    public var firstTier: String?
    /// What the plan costs.
    public var cost: Money
    /// What the plan that is made for this future costs; nil where there is none that holds.
    public var ownCost: Money?

    /// What it costs to have this plan instead: what it pays more, or one and a quarter of what it lacks.
    ///
    /// The weights are those of the planner of Netflix (`service-capacity-modeling` 0.3.212: over-provisioning 1,
    /// under-provisioning 1.25), without its exponent of 1.2, so that it stays an amount of money.
    public var regret: Money? {
        ownCost.map { own in
            cost >= own
                ? cost - own : Money(dollars: RegretRow.underWeight * (own.dollars - cost.dollars))
        }
    }

    /// The weight of what is lacking.
    static let underWeight = 1.25
}

/// A row of `margins.csv`: how far a tier of the plan is from its limits.
public struct MarginRow: Sendable, Equatable {
    public var tier: String
    /// The largest factor on demand at which the tier breaks no more often than all may; nil: not even at its smallest.
    public var loadFactor: Double?
    /// The same factor on service times.
    public var serviceFactor: Double?
    /// Nodes at the most.
    public var nodes: Int
    /// Spare nodes that the plan keeps for failures at any time; of a shard, its standbys.
    public var spareNodes: Int
    /// The fewest spare nodes (standbys of each shard) with which more nodes than these are down at once no more often than is allowed.
    public var smallestSafeSpares: Int
    /// The chance that at some time of the planned span more nodes are down than are to be survived.
    public var probabilityMoreDown: Double
}
