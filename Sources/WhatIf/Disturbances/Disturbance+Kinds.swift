extension Disturbance {
    /// The list of kinds: a kind is one file beside this one, and one line here. In the order of help texts.
    static let kinds: [any Disturbing.Type] = [
        Surge.self,
        Listing.self,
        NewSymbol.self,
        PriceMove.self,
        LiquidationCascade.self,
        Funding.self,
        Flood.self,
        Attack.self,
        Reconnect.self,
        NodeLoss.self,
        ZoneLoss.self,
        RegionLoss.self,
        PowerLoss.self,
        Maintenance.self,
        GroupLoss.self,
        Slowdown.self,
        SlowStorage.self,
        MemoryLeak.self,
        BadDeploy.self,
        Misconfiguration.self,
        Dependency.self,
        Bandwidth.self,
        PacketLoss.self,
        AddedLatency.self,
        Halt.self,
        EngineCrash.self,
        QuorumLoss.self,
    ]
}

extension EventKind {
    /// Every kind.
    public static let all = Disturbance.kinds.map { EventKind($0) }
}
