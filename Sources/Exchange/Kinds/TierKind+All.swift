extension TierKind {
    /// Every kind, in the order of the plan file's reference.
    public static let all: [TierKind] = [.pool, .session, .shard, .quorum, .store, .link, .external, .staff]

    /// The kind of a name of the plan file; nil where there is none.
    public init?(name: String) {
        guard let kind = TierKind.all.first(where: { $0.name == name }) else { return nil }
        self = kind
    }
}
