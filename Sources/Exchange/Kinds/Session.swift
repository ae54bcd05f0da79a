extension TierKind {
    /// Nodes behind a balancer to which clients hold connections open; memory and file descriptors bind beside cores.
    public static let session = TierKind(
        name: "session", summary: "nodes that hold clients' connections open", sharing: .pooled,
        followsDay: true, hasBalancer: true, standbys: .none, isOutside: false, law: .queue,
        needsMajority: false,
        serversPerNode: { tier, shape in tier.serversOfCores(of: shape) },
        nodesToRun: { needed, survival in survival.nodes(leaving: needed) },
        nodesServing: { left, _ in left },
        constraint: { needed, survival in survival.constraint(needed: needed) },
        binds: { _ in .own("cores") },
        words: Words(
            whenItAlerts: { shape in "add \(shape) nodes; let clients reconnect slowly" },
            remedy: "allow shapes with more memory, raise the limits of nodes and file descriptors, or make "
                + "connections cheaper",
            hopeless: { tier in "no number of nodes of '\(tier)' would hold" }))
}
