import Units

/// Why a scenario cannot be simulated.
public enum WhatIfError: Error, Sendable, Equatable, CustomStringConvertible {
    /// An event names a tier that there is not.
    case unknownTier(String, known: [String])
    /// An event names a zone that there is not.
    case unknownZone(String, known: [String])
    /// An event names a region that the plan does not.
    case unknownRegion(String, known: [String])
    /// An event names a placement group that no quorum has.
    case unknownGroup(String, known: [String])
    /// No symbol matches.
    case unknownSymbol(String, known: [String])
    /// A tier's shape is not in the catalogue, or a sharded tier has no placement.
    case input(String)

    /// A sentence for the user.
    public var description: String {
        switch self {
        case .unknownTier(let name, let known):
            "the scenario names an unknown tier '\(name)'; \(knownWords(known, near: name))"
        case .unknownZone(let name, let known):
            "the scenario names an unknown zone '\(name)'; \(knownWords(known, near: name))"
        case .unknownRegion(let name, let known):
            "the scenario names an unknown region '\(name)'; "
                + (known.isEmpty ? "the plan names none in 'regions'" : knownWords(known, near: name))
        case .unknownGroup(let name, let known):
            "the scenario names an unknown placement group '\(name)'; "
                + (known.isEmpty ? "no tier names any in 'quorum'" : knownWords(known, near: name))
        case .unknownSymbol(let pattern, let known):
            "no symbol matches the scenario's pattern '\(pattern)'; "
                + WhatIfError.some(of: known, near: pattern)
        case .input(let message): message
        }
    }

    /// Symbols are many: the near miss and a few.
    private static func some(of known: [String], near name: String) -> String {
        let few =
            known.prefix(symbolsShown).joined(separator: ", ") + (known.count > symbolsShown ? ", …" : "")
        return nearMiss(to: name, among: known).map { "did you mean '\($0)'? Known: \(few)" }
            ?? "known: \(few)"
    }

    private static let symbolsShown = 12

    /// Whether it is the scenario that names what does not exist, rather than the exchange that cannot be simulated.
    public var isScenario: Bool {
        if case .input = self { false } else { true }
    }
}
