/// As when one rack of a zone goes, in which members of a quorum were placed close to each other.
struct GroupLoss: CapacityDisturbing {
    static let name = "group-loss"
    static let meaning = "A placement group fails with all members of quorums in it."
    static let isSteady = true

    let group: String
    let course: Course

    init(_ keys: inout KeyReader) {
        group = keys.group("Name of the placement group.")
        course = keys.pulse(for: "1h")
    }

    func act(on queue: inout DisturbedQueue, at moment: Moment) { queue.groupsLost.insert(group) }
}
