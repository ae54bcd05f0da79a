struct NodeLoss: CapacityDisturbing {
    static let name = "node-loss"
    static let meaning = "Nodes of a tier fail."
    static let isSteady = true

    let tier: String
    let count: Int
    let course: Course

    init(_ keys: inout KeyReader) {
        tier = keys.tier()
        count = keys.count("count", in: "nodes", 0...100_000, default: 1, "Number of nodes.")
        course = keys.pulse(for: "30m")
    }

    func act(on queue: inout DisturbedQueue, at moment: Moment) {
        if queue.tier == tier { queue.nodesLost += count }
    }
}
