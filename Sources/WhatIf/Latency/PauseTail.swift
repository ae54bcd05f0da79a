import Exchange
import Foundation

/// What pauses add to the times of a queue.
///
/// A pause of exponential length L makes the queue's work jump by L, which is then worked off at the rate 1 − ρ. So the
/// share L / (every · (1 − ρ)) of messages waits for a pause's work, and what it finds is exponential with mean L: jumps
/// that are met are longer, and half worked off. Pauses that overlap are left out.
struct PauseTail {
    private let share: Double
    private let lengthSeconds: Double

    /// The least idle share in which a pause's backlog is worked off. Chosen, not measured.
    private static let idleShareMin = 0.02

    init(_ pause: QueueRules.Pause, load: Double) {
        lengthSeconds = pause.lengthSeconds
        share = min(1, pause.lengthSeconds / pause.everySeconds / max(PauseTail.idleShareMin, 1 - load))
    }

    /// The share that takes longer than each time, from what it is without pauses.
    func row(_ row: [Double], times: [Double]) -> [Double] {
        var result: [Double] = []
        // P(X + E > t) = P(X > t) + ∫ f(u) exp(−(t − u)/L) du, step by step.
        var early = 0.0
        var last = (time: 0.0, survival: 1.0)
        for (time, survival) in zip(times, row) {
            early *= exp(-(time - last.time) / lengthSeconds)
            early += max(0, last.survival - survival) * exp(-(time - last.time) / 2 / lengthSeconds)
            last = (time, survival)
            result.append((1 - share) * survival + share * min(1, survival + early))
        }
        return result
    }
}
