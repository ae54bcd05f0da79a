import Foundation

/// Memory that is never given back: service gets slower until the nodes are restarted, and so on.
///
/// All nodes of the tier were started together, so that they are slow, and restart, together: the worst case.
struct MemoryLeak: CapacityDisturbing {
    static let name = "memory-leak"
    static let meaning = "A tier's service time grows evenly until it is restarted, again and again."

    let tier: String
    let factor: Double
    let growthSeconds: Double
    let restartSeconds: Double
    let course: Course

    init(_ keys: inout KeyReader) {
        tier = keys.tier()
        factor = keys.number(
            "x", in: "factor", 1.01...10_000, "Factor on the service time just before a restart.")
        growthSeconds = max(1, keys.seconds("every", default: "30m", "Time from one restart to the next."))
        restartSeconds = keys.seconds("restart", default: "20s", "Time that a restart takes.")
        course = keys.pulse(for: "1h")
    }

    func act(on queue: inout DisturbedQueue, at moment: Moment) {
        guard queue.tier == tier else { return }
        let phase = fmod(max(0, moment.seconds), growthSeconds + restartSeconds)
        if phase < growthSeconds {
            queue.stretch *= 1 + (factor - 1) * phase / growthSeconds
        } else {
            queue.isHalted = true
        }
    }
}
