import Exchange

/// Why a plan cannot be made at all; what can be planned but not held is a finding of the plan instead.
public enum PlanningError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The topology is impossible.
    case topology([TopologyIssue])
    /// There is no symbol, path or step.
    case noDemand
    /// A value of the demand is negative or not a number.
    case demand(symbol: String, path: Int, step: Int, value: Double)
    /// A tier names a shape that the catalogue lacks.
    case unknownShape(tier: String, shape: String, known: [String])
    /// A shape of the catalogue cannot be.
    case shape(name: String, message: String)
    /// An option is out of its range.
    case option(name: String, message: String)

    /// A sentence for the user.
    public var description: String {
        switch self {
        case .topology(let issues): issues.map(\.message).joined(separator: "; ")
        case .noDemand: "there is no demand to plan for"
        case .demand(let symbol, let path, let step, let value):
            "the demand of \(symbol) is \(value) in path \(path), step \(step); expected 0 or more"
        case .unknownShape(let tier, let shape, let known):
            "the tier '\(tier)' uses the shape '\(shape)', which is not in the catalogue; the catalogue has "
                + known.joined(separator: ", ")
        case .shape(let name, let message): "the shape '\(name)' \(message)"
        case .option(let name, let message): "\(name) \(message)"
        }
    }
}
