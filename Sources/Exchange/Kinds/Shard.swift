extension TierKind {
    /// A single writer for each symbol, which no number of cores makes faster; shards share the symbols out.
    public static let shard = TierKind(
        name: "shard", summary: "one writer for each symbol", sharing: .bySymbol, followsDay: false,
        hasBalancer: false, standbys: .besideEach,
        serversPerNode: { _, _ in 1 },
        nodesToRun: { shards, survival in shards * survival.copies },
        nodesServing: { left, _ in left },
        constraint: { _, survival in
            .own(survival.copies > 1 ? "one writer a symbol, and its standbys" : "one writer a symbol")
        },
        binds: { heaviest in heaviest.map { .singleWriter(symbol: $0) } ?? .noSymbol },
        words: Words(
            whenItAlerts: { _ in
                "move the heaviest symbol to a shard of its own (below); more cores do not help"
            },
            remedy: "shorten the engine's service time or promise a longer latency",
            hopeless: { tier in
                "no number of shards holds on '\(tier)', since one symbol is served by one writer; "
                    + "a faster core, a shorter service time or a limit on its orders would"
            }))
}
