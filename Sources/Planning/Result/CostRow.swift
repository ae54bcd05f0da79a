import Units

/// A row of `cost.csv`.
public struct CostRow: Sendable, Equatable {
    /// The tier.
    public var tier: String
    /// The shape.
    public var shape: String
    /// How it is paid.
    public var purchase: Purchase
    /// Hours of nodes over the planned span.
    public var nodeHours: Double
    /// What they cost.
    public var cost: Money

    /// A row from its parts.
    public init(
        tier: String, shape: String, purchase: Purchase, nodeHours: Double, cost: Money
    ) {
        self.tier = tier
        self.shape = shape
        self.purchase = purchase
        self.nodeHours = nodeHours
        self.cost = cost
    }
}

/// How nodes are paid for.
public enum Purchase: String, Sendable, CaseIterable, Codable {
    /// With commitment, every hour, used or not.
    case reserved
    /// By the hour, only while on.
    case onDemand = "on_demand"
    /// Today's allocation, for comparison: not part of the plan's cost.
    case today
}

/// A row of `excuses.csv`: an option that was not taken, and why.
public struct ExcuseRow: Sendable, Equatable {
    /// The tier.
    public var tier: String
    /// The option, as `c7i.4xlarge` or `c7i.large, all on demand`.
    public var option: String
    /// Why not, with figures.
    public var reason: String
    /// What it would have cost over the planned span; nil where it cannot hold the requirement.
    public var cost: Money?

    /// A row from its parts.
    public init(
        tier: String, option: String, reason: String, cost: Money?
    ) {
        self.tier = tier
        self.option = option
        self.reason = reason
        self.cost = cost
    }
}
