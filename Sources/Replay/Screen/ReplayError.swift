import Exchange

/// Why a replay cannot start.
public enum ReplayError: Error, Sendable, Equatable {
    /// The topology is impossible.
    case topology([TopologyIssue])
    /// A tier's shape is not in the catalogue; the names that are.
    case unknownShape(tier: String, shape: String, known: [String])
    /// A sharded tier has no placement, or one for another number of symbols.
    case placement(tier: String, symbolsExpected: Int, symbolsFound: Int?)
    /// There is no path, no step or no symbol.
    case noDemand
}

extension ReplayError: CustomStringConvertible {
    /// What is wrong and how to mend it.
    public var description: String {
        switch self {
        case .topology(let issues):
            "the topology cannot be replayed: " + issues.map(\.message).joined(separator: "; ")
        case .unknownShape(let tier, let shape, let known):
            "the tier '\(tier)' uses the shape '\(shape)', which is not in the catalogue; the catalogue has "
                + known.joined(separator: ", ")
        case .placement(let tier, let expected, let found):
            "the sharded tier '\(tier)' needs a placement of \(expected) symbols"
                + (found.map { ", not of \($0)" } ?? "")
        case .noDemand: "the demand has no symbol, path or step"
        }
    }
}
