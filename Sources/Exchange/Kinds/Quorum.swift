extension TierKind {
    /// Three or five members that agree on one log, as Raft and Paxos do: the leader serves while a majority lives.
    public static let quorum = TierKind(
        name: "quorum", summary: "members that serve while a majority lives", sharing: .one,
        followsDay: false,
        hasBalancer: false, standbys: .otherNodes, isOutside: false, law: .queue, needsMajority: true,
        serversPerNode: { _, _ in 1 },
        // 2f + 1 members survive the loss of f. Two cannot, and one is no quorum.
        nodesToRun: { _, survival in survival.spareNodes > 1 ? 5 : 3 },
        nodesServing: { left, running in left >= Quorum.majority(of: running) ? 1 : 0 },
        constraint: { _, _ in .own("a majority of members") },
        binds: { _ in .own("leader's log") },
        words: Words(
            whenItAlerts: { _ in "restore lost members first; more members do not serve more" },
            remedy: "batch writes, use a faster shape, or split the log",
            hopeless: { tier in
                "no number of members of '\(tier)' would hold, as one leader orders all writes; place them in "
                    + "more zones and placement groups, or shorten the service time"
            }))
}
