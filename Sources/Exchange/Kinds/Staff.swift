extension TierKind {
    /// People who answer contacts, by Erlang-A: clients wait, and hang up when their patience ends.
    public static let staff = TierKind(
        name: "staff", summary: "people who answer contacts", sharing: .pooled, followsDay: true,
        hasBalancer: false, standbys: .none, isOutside: true, law: .staff, needsMajority: false,
        serversPerNode: { _, _ in 1 },
        nodesToRun: { needed, _ in needed },
        nodesServing: { left, _ in left },
        constraint: { _, _ in .load },
        binds: { _ in .own("people") },
        words: Words(
            whenItAlerts: { _ in "call in staff; answer with a recorded notice while an outage lasts" },
            remedy: "raise the node limit, shorten the handling time, or relax the share to be answered",
            hopeless: { tier in "no number of people of '\(tier)' would hold" }))
}
