/// Why a scenario cannot be simulated.
public enum WhatIfError: Error, Sendable, Equatable, CustomStringConvertible {
    /// An event names a tier that there is not.
    case unknownTier(String, known: [String])
    /// An event names a zone that there is not.
    case unknownZone(String, known: [String])
    /// No symbol matches.
    case unknownSymbol(String)
    /// A tier's shape is not in the catalogue, or a sharded tier has no placement.
    case input(String)

    /// A sentence for the user.
    public var description: String {
        switch self {
        case .unknownTier(let name, let known):
            "the scenario names an unknown tier '\(name)'; the tiers are \(known.joined(separator: ", "))"
        case .unknownZone(let name, let known):
            "the scenario names an unknown zone '\(name)'; the zones are \(known.joined(separator: ", "))"
        case .unknownSymbol(let pattern): "no symbol matches the scenario's pattern '\(pattern)'"
        case .input(let message): message
        }
    }
}
