struct Halt: CapacityDisturbing {
    static let name = "halt"
    static let meaning = "A tier stops serving."
    static let isSteady = true

    let tier: String
    let course: Course

    init(_ keys: inout KeyReader) {
        tier = keys.tier()
        course = keys.pulse(for: "60s")
    }

    func act(on queue: inout DisturbedQueue, at moment: Moment) {
        if queue.tier == tier { queue.isHalted = true }
    }
}
