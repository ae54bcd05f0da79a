extension Disturbance {
    /// The list of kinds: a kind is one file beside this one, and one line here. In the order of help texts.
    static let kinds: [any Disturbing.Type] = [
        Surge.self,
        Listing.self,
        PriceMove.self,
        Flood.self,
        Reconnect.self,
        NodeLoss.self,
        ZoneLoss.self,
        Slowdown.self,
        Bandwidth.self,
        Halt.self,
    ]
}

extension EventKind {
    /// Every kind.
    public static let all = Disturbance.kinds.map { EventKind($0) }
}
