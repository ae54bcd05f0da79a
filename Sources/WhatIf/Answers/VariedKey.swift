import Units

/// What a sweep or a search varies: a key of an event of the scenario, or the nodes of a tier.
///
/// `surge.x` is the key `x` of the only surge; `surge.2.x` that of the second one; `nodes.gateway` the nodes of a tier
/// that is not sharded.
public struct VariedKey: Sendable, Equatable, CustomStringConvertible {
    /// As it was written.
    public let description: String
    let place: Place

    /// Where a value goes.
    enum Place: Sendable, Equatable {
        /// The key of an event of a kind; the occurrence counts from 1, and nil is the only one.
        case event(kind: String, occurrence: Int?, key: EventKey)
        case nodes(tier: String)
    }

    /// The word that names nodes instead of an event.
    static let nodesWord = "nodes"
    private static let nodesRange = 1...100_000

    /// Reads `surge.x`, `surge.2.x` or `nodes.gateway`.
    ///
    /// - Throws: `ScenarioError` where there is no such event or key.
    public init(text: String) throws(ScenarioError) {
        description = text
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 2, let first = parts.first, let last = parts.last else {
            throw ScenarioError(
                message: "'\(text)' is not in the form EVENT.KEY, such as 'surge.x', or 'nodes.TIER'")
        }
        if first == VariedKey.nodesWord {
            place = .nodes(tier: String(text.dropFirst(first.count + 1)))
            return
        }
        guard let kind = EventKind.all.first(where: { $0.name == first }) else {
            let names = EventKind.all.map(\.name) + [VariedKey.nodesWord]
            throw ScenarioError(message: "unknown event '\(first)'; \(knownWords(names, near: first))")
        }
        guard let key = kind.keys.first(where: { $0.name == last }) else {
            throw ScenarioError(
                message: "'\(first)' has no key '\(last)'; \(knownWords(kind.keys.map(\.name), near: last))")
        }
        let occurrence = parts.count == 3 ? Int(parts[1]) : nil
        guard parts.count == 2 || (occurrence ?? 0) >= 1 else {
            throw ScenarioError(
                message: "'\(text)': expected the number of an event, such as '\(first).2.\(last)'")
        }
        place = .event(kind: first, occurrence: occurrence, key: key)
    }

    /// What its values are.
    var type: EventKey.ValueType {
        switch place {
        case .event(_, _, let key): key.type
        case .nodes: .count(VariedKey.nodesRange)
        }
    }

    /// What its values count or measure.
    public var unit: String {
        switch place {
        case .event(_, _, let key): key.unit
        case .nodes: "nodes"
        }
    }
}

/// A scenario on an exchange, as one cell of a sweep has them.
struct Variation: Sendable {
    var scenario: Scenario
    var input: WhatIfInput

    /// The same with another value. An event that the scenario lacks is added, where it needs no other key.
    ///
    /// - Throws: `ScenarioError` where the value is none of the key, or the event is not plain; `WhatIfError` where there
    ///   is no such tier.
    func with(_ varied: VariedKey, _ text: String) throws -> Variation {
        var changed = self
        switch varied.place {
        case .nodes(let name): try changed.setNodes(of: name, to: text)
        case .event(let kind, let occurrence, let key):
            let places = scenario.events.indices.filter { scenario.events[$0].type.name == kind }
            if places.isEmpty, occurrence == nil {
                changed.scenario.events.append(try Disturbance(kind: kind, pairs: [(key.name, text)]))
                return changed
            }
            let chosen = occurrence ?? 1
            guard chosen <= places.count, occurrence != nil || places.count == 1 else {
                throw ScenarioError(
                    message: "the scenario has \(places.count) events '\(kind)'; "
                        + "'\(kind).1.\(key.name)' is the first one's key")
            }
            let place = places[chosen - 1]
            changed.scenario.events[place] = try scenario.events[place].with(key.name, text)
        }
        return changed
    }

    /// The event that varying a key adds to the scenario, as help texts have it; nil where it adds none.
    func addedEvent(for varied: VariedKey) -> String? {
        guard case .event(let kind, nil, _) = varied.place,
            !scenario.events.contains(where: { $0.type.name == kind })
        else { return nil }
        return EventKind.all.first { $0.name == kind }?.form
    }

    private mutating func setNodes(of name: String, to text: String) throws {
        let tiers = input.topology.tiers
        guard let place = tiers.firstIndex(where: { $0.name == name }) else {
            throw WhatIfError.unknownTier(name, known: tiers.map(\.name))
        }
        guard !tiers[place].kind.isSharded else {
            throw ScenarioError(
                message: "the nodes of '\(name)' are its shards, which follow from the placement of symbols")
        }
        guard let count = Int(text), case .count(let range) = VariedKey.nodesType, range.contains(count)
        else {
            throw ScenarioError(message: "'\(text)' is not a number of nodes")
        }
        input.topology.tiers[place].nodes = count
    }

    /// The value that a key has; nil where the event is not there.
    func text(of varied: VariedKey) -> String? {
        switch varied.place {
        case .nodes(let name):
            return input.topology.tiers.first { $0.name == name }.map { "\($0.nodes)" }
        case .event(let kind, let occurrence, let key):
            let events = scenario.events.filter { $0.type.name == kind }
            let place = (occurrence ?? 1) - 1
            return events.indices.contains(place) ? events[place].text(of: key.name) : key.defaultText
        }
    }
}

extension VariedKey {
    fileprivate static let nodesType = EventKey.ValueType.count(nodesRange)
}
