struct Bandwidth: CapacityDisturbing {
    static let name = "bandwidth"
    static let meaning = "A tier keeps only a share of its capacity."
    static let isSteady = true

    let tier: String
    let share: Double
    let course: Course

    init(_ keys: inout KeyReader) {
        tier = keys.tier()
        share = keys.number("share", in: "share", 0.001...1, "Share of capacity that remains.")
        course = keys.pulse(for: "10m")
    }

    func act(on queue: inout DisturbedQueue, at moment: Moment) {
        if queue.tier == tier { queue.stretch /= moment.strength.of(share) }
    }
}
