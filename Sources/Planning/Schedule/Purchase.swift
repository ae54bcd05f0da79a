/// How nodes are paid for.
public enum Purchase: String, Sendable, CaseIterable, Codable {
    /// With commitment, every hour, used or not.
    case reserved
    /// By the hour, only while on.
    case onDemand = "on_demand"
    /// At a price without commitment on either side: the seller may take the nodes back.
    case spot
    /// Today's allocation on demand, for comparison: not part of the plan's cost.
    case today
}
