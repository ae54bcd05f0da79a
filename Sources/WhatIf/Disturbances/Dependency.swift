/// A service that a tier calls, as a custodian, a price feed or a database of others.
///
/// A share of the tier's messages calls it. Slow, each of them holds its server x times as long; stalled, the tier stands
/// still, as its servers all wait; refusing, the calls end at once and cost nothing, and what remains is the other share.
struct Dependency: CapacityDisturbing {
    static let name = "dependency"
    static let meaning = "A service that a tier calls is slow, refuses, or stalls."
    static let isSteady = true

    let tier: String
    let mode: String
    let factor: Double
    let callShare: Double
    let course: Course

    init(_ keys: inout KeyReader) {
        tier = keys.tier()
        mode = keys.word("mode", ["slow", "refuse", "stall"], default: "slow", "What the service does.")
        factor = keys.number(
            "x", in: "factor", EventKey.factors, default: 5, "Factor on the time of a call when it is slow.")
        callShare = keys.number(
            "calls", in: "share", 0.001...1, default: 0.5, "Share of the tier's work that is calls.")
        course = keys.pulse(for: "10m")
    }

    func act(on queue: inout DisturbedQueue, at moment: Moment) {
        guard queue.tier == tier else { return }
        switch mode {
        case "stall": queue.isHalted = true
        case "refuse": queue.stretch *= max(1 - callShare, 0.001)
        default: queue.stretch *= 1 + (factor - 1) * callShare
        }
    }
}
