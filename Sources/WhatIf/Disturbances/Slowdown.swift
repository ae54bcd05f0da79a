struct Slowdown: CapacityDisturbing {
    static let name = "slowdown"
    static let meaning = "Every message takes longer on a tier."
    static let isSteady = true

    let tier: String
    let factor: Double
    let course: Course

    init(_ keys: inout KeyReader) {
        tier = keys.tier()
        factor = keys.factor()
        course = keys.pulse(for: "10m")
    }

    func act(on queue: inout DisturbedQueue, at moment: Moment) {
        if queue.tier == tier { queue.stretch *= moment.strength.of(factor) }
    }
}
