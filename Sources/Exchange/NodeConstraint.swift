/// What sets the number of nodes that run in a step; its description is the word that `plan.csv` uses.
public enum NodeConstraint: Sendable, Hashable, CustomStringConvertible {
    /// The load alone.
    case load
    /// The nodes that may be lost.
    case spareNodes
    /// The zone that may be lost.
    case zoneLoss
    /// The region that may be lost.
    case regionLoss
    /// Nodes for a later step that warm up.
    case warmUp
    /// Nodes that stay on for their minimum time.
    case minimumUpTime
    /// Nodes that may not start or stop sooner, faster or at that time.
    case changeRules
    /// Nodes that are paid for anyway.
    case reserved
    /// What the tier's kind names, as `a replica in every zone`.
    case own(String)

    /// The word, as `zone loss`.
    public var description: String {
        switch self {
        case .load: "load"
        case .spareNodes: "spare nodes"
        case .zoneLoss: "zone loss"
        case .regionLoss: "region loss"
        case .warmUp: "warm-up"
        case .minimumUpTime: "minimum up time"
        case .changeRules: "change rules"
        case .reserved: "reserved"
        case .own(let word): word
        }
    }
}
