/// What a tier sends for each message that it serves.
public struct Sending: Sendable, Equatable {
    /// Bytes of a message of a class on the wire, headers included; a class that is absent is not sent.
    public var bytes: [DemandClass: Double]
    /// How many get every message, each by a copy of its own; 1 for an answer.
    public var subscribers: Double

    public init(bytes: [DemandClass: Double], subscribers: Double = 1) {
        self.bytes = bytes
        self.subscribers = subscribers
    }

    /// What goes over the wire for one message.
    func bits(ofBytes bytes: Double) -> Double { 8 * bytes * subscribers }
}

/// What each node of a tier keeps in memory, in GiB.
public struct MemoryNeed: Sendable, Equatable {
    /// Whatever it serves.
    public var perNodeGiB: Double
    /// For each symbol that it serves: of a sharded tier those of its shard, of others all.
    public var perSymbolGiB: Double
    /// For each subscriber that it sends to.
    public var perSubscriberGiB: Double

    public init(perNodeGiB: Double = 0, perSymbolGiB: Double = 0, perSubscriberGiB: Double = 0) {
        self.perNodeGiB = perNodeGiB
        self.perSymbolGiB = perSymbolGiB
        self.perSubscriberGiB = perSubscriberGiB
    }
}

extension Tier {
    /// What sending is timed on before a shape is known: a bit/s of 1 Gbit/s.
    static let unknownBandwidth = 1e9

    /// The tier as it is on nodes of a shape, whose bandwidth its servers share.
    ///
    /// Everything that judges load asks for this first: what sending takes depends on the shape.
    public func on(_ shape: Shape) -> Tier {
        var tier = self
        tier.bandwidthPerServer = shape.networkGbps * 1e9 / Double(servers(perNodeOf: shape))
        return tier
    }

    /// What runs out first, given the heaviest symbol of the queue (`heaviestSymbol`): the bandwidth where the messages
    /// of every class that is sent take longer to send than to process.
    public func binds(_ heaviestSymbol: String?) -> BindingResource {
        let times = service
        let sent = (sending?.bytes ?? [:]).filter { $0.value > 0 }.keys
        let isSending = !sent.isEmpty && sent.allSatisfy { times[$0] != processing[$0] }
        return isSending ? .own("bandwidth") : kind.binds(heaviestSymbol)
    }

    /// The memory of a node that serves so many symbols, in GiB; 0 where the tier does not say.
    public func memoryGiB(symbols: Int) -> Double {
        guard let memory else { return 0 }
        return memory.perNodeGiB + memory.perSymbolGiB * Double(symbols)
            + memory.perSubscriberGiB * (sending?.subscribers ?? 0)
    }
}

extension Topology {
    /// The tiers on their shapes of today; one whose shape is not in the catalogue stays as it is.
    public func on(_ catalogue: Catalogue) -> Topology {
        var topology = self
        topology.tiers = tiers.map { tier in catalogue.shape(named: tier.shape).map(tier.on) ?? tier }
        return topology
    }
}
