extension TierKind {
    /// Identical nodes behind a balancer.
    public static let pool = TierKind(
        name: "pool", summary: "nodes behind a load balancer", sharing: .pooled, followsDay: true,
        hasBalancer: true, standbys: .none, isOutside: false, law: .queue,
        needsMajority: false,
        serversPerNode: { tier, shape in tier.serversOfCores(of: shape) },
        nodesToRun: { needed, survival in survival.nodes(leaving: needed) },
        nodesServing: { left, _ in left },
        constraint: { needed, survival in survival.constraint(needed: needed) },
        binds: { _ in .own("cores") },
        words: Words(
            whenItAlerts: { shape in "add \(shape) nodes" },
            remedy: "allow larger shapes, raise the node limit, or shorten the service time",
            hopeless: { tier in "no number of nodes of '\(tier)' would hold" }))
}
