/// Something that goes wrong, or very well, from a moment on: a kind with its values.
public struct Disturbance: Sendable {
    /// When it begins, rises, stays and fades.
    public let course: Course
    /// What it names that there has to be.
    let mentions: [Mention]
    let kind: any Disturbing

    /// The name of something of the exchange.
    enum Mention: Sendable, Equatable {
        case tier(String)
        case zone(String)
        /// A pattern.
        case symbols(String)
    }

    /// A disturbance from the values of its keys, all of which they take.
    init(_ kind: EventKind, values: [String: String]) {
        var reader = KeyReader(values: values)
        self.kind = kind.type.init(&reader)
        course = self.kind.course
        mentions = kind.keys.compactMap { key in
            guard let name = values[key.name] else { return nil }
            switch key.type {
            case .tier: return .tier(name)
            case .zone: return .zone(name)
            case .symbols: return .symbols(name)
            case .number, .count, .duration: return nil
            }
        }
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
            case .symbols(let pattern):
                guard input.matches(pattern).contains(true) else { throw .unknownSymbol(pattern) }
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
