/// Something that goes wrong, or very well, from a moment on: a kind with its values.
public struct Disturbance: Sendable {
    /// When it begins, rises, stays and fades.
    public let course: Course
    /// What it names that there has to be.
    let mentions: [Mention]
    let kind: any Disturbing
    /// What it is an event of.
    let type: EventKind
    /// The texts of the keys that were given.
    let values: [String: String]

    /// The name of something of the exchange.
    enum Mention: Sendable, Equatable {
        case tier(String)
        case zone(String)
        case region(String)
        case group(String)
        /// A pattern.
        case symbols(String)
    }

    /// A disturbance from the values of its keys, all of which they take.
    init(_ kind: EventKind, values: [String: String]) {
        var reader = KeyReader(values: values)
        self.kind = kind.type.init(&reader)
        type = kind
        self.values = values
        course = self.kind.course
        mentions = kind.keys.compactMap { key in
            guard let name = values[key.name] else { return nil }
            switch key.type {
            case .tier: return .tier(name)
            case .zone: return .zone(name)
            case .region: return .region(name)
            case .group: return .group(name)
            case .symbols: return .symbols(name)
            case .number, .count, .duration, .word: return nil
            }
        }
    }

    /// A disturbance that no text names.
    init(_ kind: some Disturbing) {
        self.kind = kind
        type = EventKind(Swift.type(of: kind))
        (course, mentions, values) = (kind.course, [], [:])
    }

    /// The same with another value of a key.
    ///
    /// - Throws: `ScenarioError` where the text is no value of the key.
    func with(_ key: String, _ text: String) throws(ScenarioError) -> Disturbance {
        var changed = values
        changed[key] = text
        let pairs = type.keys.compactMap { key in changed[key.name].map { (key: key.name, value: $0) } }
        return try Disturbance(kind: type.name, pairs: pairs)
    }

    /// The text of a key's value: what was given, or its default; nil where it has none.
    func text(of key: String) -> String? {
        values[key] ?? type.keys.first { $0.name == key }?.defaultText
    }

    /// Checks that what it names exists.
    func check(_ input: WhatIfInput) throws(WhatIfError) {
        let tiers = input.topology.tiers.map(\.name)
        for mention in mentions {
            switch mention {
            case .tier(let name):
                guard tiers.contains(name) else { throw .unknownTier(name, known: tiers) }
            case .zone(let name):
                guard input.zones.contains(name) else { throw .unknownZone(name, known: input.zones) }
            case .region(let name):
                let known = input.regions.map(\.name)
                guard known.contains(name) else { throw .unknownRegion(name, known: known) }
            case .group(let name):
                let known = input.placementGroups
                guard known.contains(name) else { throw .unknownGroup(name, known: known) }
            case .symbols(let pattern):
                guard input.matches(pattern).contains(true) else {
                    throw .unknownSymbol(pattern, known: input.symbols.map(\.id.name))
                }
            }
        }
    }
}

extension Disturbance: Equatable {
    /// Disturbances are the same where they are of one kind and have the same values.
    public static func == (one: Disturbance, other: Disturbance) -> Bool {
        one.kind.isEqual(to: other.kind)
    }
}

extension Disturbing {
    fileprivate func isEqual(to other: any Disturbing) -> Bool { (other as? Self) == self }
}
