extension TierKind {
    /// A network link; messages cost the time that their bits take on the shape's bandwidth (`Tier.sending`). Links lie
    /// side by side, and each node is one.
    public static let link = TierKind(
        name: "link", summary: "a network link", sharing: .split, followsDay: false, hasBalancer: false,
        standbys: .none, isOutside: false, law: .queue,
        needsMajority: false,
        serversPerNode: { _, _ in 1 },
        nodesToRun: { needed, survival in survival.nodes(leaving: needed) },
        nodesServing: { left, _ in left },
        constraint: { needed, survival in survival.constraint(needed: needed) },
        binds: { _ in .own("bandwidth") },
        words: Words(
            whenItAlerts: { _ in "use a wider link; shed market data first" },
            remedy: "raise the node limit or send fewer bits per message",
            hopeless: { tier in "no number of nodes of '\(tier)' would hold" }))
}
