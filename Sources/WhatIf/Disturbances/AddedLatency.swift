/// A longer way, as by a detour of the network: messages take longer, and no capacity is lost.
struct AddedLatency: CapacityDisturbing {
    static let name = "latency"
    static let meaning = "Every message waits longer on its way to a tier."
    static let isSteady = true

    let tier: String
    let delaySeconds: Double
    let course: Course

    init(_ keys: inout KeyReader) {
        tier = keys.tier()
        delaySeconds = keys.seconds("add", default: "50ms", "Time that is added.")
        course = keys.pulse(for: "10m")
    }

    func act(on queue: inout DisturbedQueue, at moment: Moment) {
        if queue.tier == tier { queue.delaySeconds += delaySeconds }
    }
}
