/// One of the feeds of a hall: every tier loses the nodes on it at once, and gets them back when they have booted.
struct PowerLoss: CapacityDisturbing {
    static let name = "power-loss"
    static let meaning =
        "A power feed fails, and every tier loses a share of its nodes until they have booted."
    static let isSteady = true

    let shareLost: Double
    let course: Course

    init(_ keys: inout KeyReader) {
        shareLost = keys.number(
            "share", in: "share", 0.01...1, default: 0.5, "Share of each tier's nodes on the feed.")
        let outage = keys.seconds("for", default: "10m", "Time without power.")
        let boot = keys.seconds("boot", default: "3m", "Time to boot afterwards.")
        course = Course(startSeconds: keys.start(), holdSeconds: max(1, outage + boot))
    }

    func act(on queue: inout DisturbedQueue, at moment: Moment) {
        queue.capacityShare *= 1 - shareLost
    }
}
