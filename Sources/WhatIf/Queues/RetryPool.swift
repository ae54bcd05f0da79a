import Exchange
import Foundation

/// Messages of a queue whose clients wait before they send them again, by how often they were sent.
///
/// A client waits a fixed time and then an exponential one, as the jitter has it. Of those whose exponential time has mean
/// b, the share 1 − exp(−1/b) comes back in a second; of those who begin to wait in the course of the second,
/// 1 − b (1 − exp(−1/b)).
struct RetryPool {
    /// How long clients wait before each attempt.
    private let delays: [Backoff]
    /// Those in their exponential time: `[attempt][group]`; the first further attempt is 0.
    private var waiting: [[SIMD4<Double>]]
    /// Those whose exponential time begins in this second.
    private var beginning: [[SIMD4<Double>]]
    /// Those in their fixed time, by when it is over: `[attempt][second][group]`, rings.
    private var fixed: [[[SIMD4<Double>]]]
    /// What came back in this second.
    private var returned: [[SIMD4<Double>]]
    private var budget: RetryBudget?
    private var now = 0

    /// How long clients wait before an attempt.
    private struct Backoff {
        /// Whole seconds of the fixed time, and the rest.
        var whole = 0
        var rest = 0.0
        /// The share that comes back in a second, of those in their exponential time, and of those who begin it.
        var returning = 1.0
        var returningAtOnce = 1.0

        init(meanSeconds: Double, jitter: Double) {
            let still = min(RetryPool.fixedSecondsMax, meanSeconds * (1 - jitter))
            whole = Int(saturating: still)
            rest = still - Double(whole)
            let random = meanSeconds * jitter
            guard random > 0 else { return }
            returning = 1 - exp(-1 / random)
            returningAtOnce = 1 - random * returning
        }
    }

    /// Fixed times beyond this are cut. Chosen, not measured.
    private static let fixedSecondsMax = 3600.0

    init(_ rules: QueueRules, groups: Int) {
        let empty = [SIMD4<Double>](repeating: .zero, count: groups)
        // Doubling twenty times is days; nobody waits longer.
        let attempts = 0..<min(rules.retry?.attemptsMax ?? 0, 20)
        delays = attempts.map { attempt in
            Backoff(
                meanSeconds: (rules.retry?.backoffSeconds ?? 0) * pow(2, Double(attempt)),
                jitter: rules.retry?.jitter ?? 1)
        }
        waiting = attempts.map { _ in empty }
        beginning = waiting
        returned = waiting
        fixed = delays.map { delay in
            delay.whole > 0 || delay.rest > 0
                ? [[SIMD4<Double>]](repeating: empty, count: delay.whole + 2) : []
        }
        budget = rules.retry == nil ? nil : rules.reactions.retryBudget.map { RetryBudget(share: $0) }
    }

    /// Whether nobody sends anything again.
    var isEmpty: Bool { waiting.isEmpty }

    /// Whether those who wait to send again are next to none of so many messages.
    func isAtRest(beside messages: Double) -> Bool {
        var left = 0.0
        for group in waiting + beginning { left += group.reduce(0) { $0 + $1.sum() } }
        for ring in fixed {
            for group in ring { left += group.reduce(0) { $0 + $1.sum() } }
        }
        return left <= QueueState.negligible * messages
    }

    /// Further attempts after the first.
    var attemptsMax: Int { waiting.count }

    /// What came back in this second for a further attempt, the first 0.
    func returned(attempt: Int, group: Int) -> SIMD4<Double> { returned[attempt][group] }

    /// Adds what comes back in a second to what comes anew.
    mutating func addReturning(to messages: inout [SIMD4<Double>]) {
        for attempt in waiting.indices {
            let delay = delays[attempt]
            for group in messages.indices {
                if !fixed[attempt].isEmpty {
                    let slot = now % fixed[attempt].count
                    beginning[attempt][group] += fixed[attempt][slot][group]
                    fixed[attempt][slot][group] = .zero
                }
                let back =
                    waiting[attempt][group] * delay.returning
                    + beginning[attempt][group] * delay.returningAtOnce
                waiting[attempt][group] += beginning[attempt][group] - back
                beginning[attempt][group] = .zero
                returned[attempt][group] = back
                messages[group] += back
            }
        }
        now += 1
    }

    /// First attempts, which the budget is a share of.
    mutating func note(fresh: Double) { budget?.note(fresh: fresh) }

    /// Only a share of what came back in this second is sent.
    mutating func thin(to share: Double) {
        for attempt in returned.indices {
            for group in returned[attempt].indices { returned[attempt][group] *= share }
        }
    }

    /// Takes in messages that failed, and gives those that will not be sent again.
    ///
    /// - Parameters:
    ///   - failed: The messages, by class.
    ///   - attempt: How often they were sent before.
    ///   - group: The group.
    ///   - inCourse: Whether they fail in the course of the second that begins, and not at the end of the last.
    /// - Returns: What is lost.
    mutating func take(
        _ failed: SIMD4<Double>, attempt: Int, group: Int, inCourse: Bool
    ) -> SIMD4<Double> {
        guard attempt < waiting.count else { return failed }
        let share = budget?.share(of: failed.sum()) ?? 1
        let again = failed * share
        let delay = delays[attempt]
        if fixed[attempt].isEmpty {
            if inCourse {
                beginning[attempt][group] += again
            } else {
                waiting[attempt][group] += again
            }
        } else {
            let length = fixed[attempt].count
            fixed[attempt][(now + delay.whole) % length][group] += again * (1 - delay.rest)
            fixed[attempt][(now + delay.whole + 1) % length][group] += again * delay.rest
        }
        return failed - again
    }
}

/// Retries that clients may send, as a share of their first attempts: unused ones are kept for ten seconds.
struct RetryBudget {
    private let share: Double
    private var left = 0.0
    private var recent = RollingSum(length: RetryBudget.seconds)

    /// As Finagle's default window (twitter.github.io/finagle, retry budgets).
    static let seconds = 10

    init(share: Double) { self.share = share }

    mutating func note(fresh: Double) {
        let most = share * recent.add(fresh)
        left = min(left + share * fresh, most)
    }

    /// The share of some retries that may be sent.
    mutating func share(of wanted: Double) -> Double {
        guard wanted > 0 else { return 1 }
        let sent = min(wanted, left)
        left -= sent
        return sent / wanted
    }
}
