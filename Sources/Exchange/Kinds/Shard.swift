extension TierKind {
    /// A single writer for each symbol, which no number of cores makes faster; shards share the symbols out.
    public static let shard = TierKind(
        name: "shard", summary: "one writer per symbol", sharing: .bySymbol, followsDay: false,
        hasBalancer: false, standbys: .besideEach, isOutside: false, law: .queue,
        needsMajority: false,
        serversPerNode: { _, _ in 1 },
        nodesToRun: { shards, survival in shards * survival.copies },
        nodesServing: { left, _ in left },
        constraint: { _, survival in
            .own(survival.copies > 1 ? "one writer per symbol, and its standbys" : "one writer per symbol")
        },
        binds: { heaviest in heaviest.map { .singleWriter(symbol: $0) } ?? .noSymbol },
        words: Words(
            whenItAlerts: { _ in
                "move the heaviest symbol to its own shard (see below); more cores do not help"
            },
            remedy: "shorten the engine's service time or relax the latency objective",
            hopeless: { tier in
                "no number of shards of '\(tier)' would hold, as each symbol has a single writer; use a "
                    + "faster core, shorten the service time or limit its order rate"
            }))
}
