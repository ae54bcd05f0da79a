/// A disk or a volume that is slower, and that stops for a while now and then.
struct SlowStorage: CapacityDisturbing {
    static let name = "slow-storage"
    static let meaning = "A tier's storage is slower, and stalls again and again."

    let tier: String
    let factor: Double
    let stallSeconds: Double
    let periodSeconds: Double
    let course: Course

    init(_ keys: inout KeyReader) {
        tier = keys.tier()
        factor = keys.factor()
        stallSeconds = keys.seconds("stall", default: "0s", "Length of a stall, in whole seconds.")
        periodSeconds = max(1, keys.seconds("every", default: "1m", "Time from one stall to the next."))
        course = keys.pulse(for: "15m")
    }

    func act(on queue: inout DisturbedQueue, at moment: Moment) {
        guard queue.tier == tier else { return }
        queue.stretch *= factor
        let phase = moment.seconds - (moment.seconds / periodSeconds).rounded(.down) * periodSeconds
        if phase < stallSeconds { queue.isHalted = true }
    }
}
