/// Nodes that are drained on purpose, and that come back later than was planned.
struct Maintenance: CapacityDisturbing {
    static let name = "maintenance"
    static let meaning = "Nodes of a tier are drained for maintenance, which overruns."
    static let isSteady = true

    let tier: String
    let count: Int
    let course: Course

    init(_ keys: inout KeyReader) {
        tier = keys.tier()
        count = keys.count("count", in: "nodes", 1...100_000, default: 1, "Number of nodes.")
        let planned = keys.seconds("for", default: "30m", "Planned duration.")
        let overrun = keys.seconds("overrun", default: "15m", "Time by which it overruns.")
        course = Course(startSeconds: keys.start(), holdSeconds: max(1, planned + overrun))
    }

    func act(on queue: inout DisturbedQueue, at moment: Moment) {
        if queue.tier == tier { queue.nodesLost += count }
    }
}
