import Exchange
import Foundation

/// Messages of a queue whose clients wait before they send them again, by how often they were sent.
///
/// The fluid of many clients with exponential backoffs: of those who wait with mean b, the share 1 − exp(−1/b) comes
/// back in a second.
struct RetryPool {
    /// The share of each attempt's messages that comes back in a second.
    private let returning: [Double]
    /// `[attempt][group]`; the first attempt is 1.
    private var waiting: [[SIMD4<Double>]]
    /// What came back in this second, likewise.
    private var returned: [[SIMD4<Double>]]

    init(_ rules: QueueRules, groups: Int) {
        let empty = [SIMD4<Double>](repeating: .zero, count: groups)
        // Doubling twenty times is days; nobody waits longer.
        let attempts = 0..<min(rules.retry?.attemptsMax ?? 0, 20)
        waiting = attempts.map { _ in empty }
        returned = waiting
        returning = attempts.map { attempt in
            let mean = (rules.retry?.backoffSeconds ?? 0) * pow(2, Double(attempt))
            return mean > 0 ? 1 - exp(-1 / mean) : 1
        }
    }

    /// Whether nobody sends anything again.
    var isEmpty: Bool { waiting.isEmpty }

    /// Adds what comes back in a second to what comes anew.
    mutating func addReturning(to messages: inout [SIMD4<Double>]) {
        for attempt in waiting.indices {
            for group in messages.indices {
                let back = waiting[attempt][group] * returning[attempt]
                returned[attempt][group] = back
                waiting[attempt][group] -= back
                messages[group] += back
            }
        }
    }

    /// Takes in what failed of a second's messages of a group, and gives what will not be sent again.
    ///
    /// - Parameters:
    ///   - fresh: What came anew.
    ///   - share: The share that failed, by class.
    ///   - group: The group.
    /// - Returns: What is lost.
    mutating func takeFailed(
        fresh: SIMD4<Double>, share: SIMD4<Double>, group: Int
    ) -> SIMD4<Double> {
        var failed = fresh * share
        for attempt in waiting.indices {
            waiting[attempt][group] += failed
            failed = returned[attempt][group] * share
        }
        return failed
    }
}
