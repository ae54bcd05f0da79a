extension TierKind {
    /// A database: the primary serves every write with its cores; more nodes are replicas that take over.
    public static let store = TierKind(
        name: "store", summary: "a database", sharing: .one, followsDay: false, hasBalancer: false,
        standbys: .otherNodes, isOutside: false, law: .queue,
        needsMajority: false,
        serversPerNode: { tier, shape in tier.serversOfCores(of: shape) },
        nodesToRun: { _, survival in max(survival.copies, survival.survivesZoneLoss ? survival.zoneCount : 1)
        },
        nodesServing: { left, _ in min(1, left) },
        constraint: { _, _ in .own("a replica in every zone") },
        binds: { _ in .own("primary's cores") },
        words: Words(
            whenItAlerts: { _ in "use a larger primary; extra nodes are only standbys" },
            remedy: "allow shapes with more cores, make writes cheaper, or split the database",
            hopeless: { tier in "no allowed shape of '\(tier)' is large enough for the primary" }))
}
