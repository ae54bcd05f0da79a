extension TierKind {
    /// A supplier's service with a quota, which no node of ours makes larger.
    public static let external = TierKind(
        name: "external", summary: "a supplier's service with a quota of requests", sharing: .one,
        followsDay: false, hasBalancer: false, standbys: .none, isOutside: true, law: .quota,
        needsMajority: false,
        // The supplier serves what it lets in without a queue.
        serversPerNode: { _, _ in 4096 },
        nodesToRun: { _, _ in 1 },
        nodesServing: { left, _ in min(1, left) },
        constraint: { _, _ in .own("quota") },
        binds: { _ in .own("quota") },
        words: Words(
            whenItAlerts: { quota in "order more than \(quota); send again only after a pause" },
            remedy: "agree on a larger quota with the supplier, or send fewer requests per message",
            hopeless: { tier in "no quota on the price list of '\(tier)' would hold" }))
}
