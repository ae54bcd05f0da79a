import Units

/// A row of `cost.csv`.
public struct CostRow: Sendable, Equatable {
    public var tier: String
    public var shape: String
    /// How it is paid.
    public var purchase: Purchase
    /// Hours of nodes over the planned span.
    public var nodeHours: Double
    /// What they cost.
    public var cost: Money
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
