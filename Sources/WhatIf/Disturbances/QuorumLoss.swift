/// Members of a replicated log that are lost: with a majority left a new leader is elected, without one nothing is written.
struct QuorumLoss: CapacityDisturbing {
    static let name = "quorum-loss"
    static let meaning = "Members of a tier's quorum fail; it stops until it has a leader and a majority."

    let tier: String
    let hasMajority: Bool
    let electionSeconds: Double
    let course: Course

    init(_ keys: inout KeyReader) {
        tier = keys.tier()
        let members = keys.count("members", in: "members", 1...99, default: 5, "Members of the quorum.")
        let lost = keys.count(
            "lost", in: "members", 1...99, default: 3, "Members that fail, the leader first.")
        hasMajority = QuorumLoss.hasMajority(members: members, lost: lost)
        electionSeconds = keys.seconds("election", default: "5s", "Time to elect a leader.")
        course = keys.pulse(for: "10m")
    }

    /// Whether more than half of the members are left.
    static func hasMajority(members: Int, lost: Int) -> Bool { 2 * (members - lost) > members }

    func act(on queue: inout DisturbedQueue, at moment: Moment) {
        guard queue.tier == tier else { return }
        if !hasMajority || moment.seconds < electionSeconds { queue.isHalted = true }
    }
}
