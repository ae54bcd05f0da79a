/// A wrong number in a configuration, as of a pool's size, threads or a limit of connections.
struct Misconfiguration: CapacityDisturbing {
    static let name = "misconfiguration"
    static let meaning = "A tier runs with a share of its capacity, although its nodes are there."
    static let isSteady = true

    let tier: String
    let share: Double
    let course: Course

    init(_ keys: inout KeyReader) {
        tier = keys.tier()
        share = keys.number("share", in: "share", 0.001...1, "Share of the capacity that is configured.")
        course = keys.pulse(for: "20m")
    }

    func act(on queue: inout DisturbedQueue, at moment: Moment) {
        if queue.tier == tier { queue.capacityShare *= share }
    }
}
