import Exchange
import Foundation

/// Messages of a queue whose clients wait before they send them again, by how often they were sent.
///
/// The fluid of many clients with exponential backoffs: of those who wait with mean b, the share 1 − exp(−1/b) comes
/// back in a second.
struct RetryPool {
    private let retry: QueueRules.Retry?
    /// `[attempt][group]`; the first attempt is 1.
    private var waiting: [[SIMD4<Double>]]
    /// What came back in this second, likewise.
    private var returned: [[SIMD4<Double>]]

    init(_ rules: QueueRules, groups: Int) {
        retry = rules.retry
        let empty = [SIMD4<Double>](repeating: .zero, count: groups)
        // Doubling twenty times is days; nobody waits longer.
        waiting = (0..<min(rules.retry?.attemptsMax ?? 0, 20)).map { _ in empty }
        returned = waiting
    }

    /// Adds what comes back in a second to what comes anew.
    mutating func addReturning(to messages: inout [SIMD4<Double>]) {
        guard let retry else { return }
        for attempt in waiting.indices {
            let mean = retry.backoffSeconds * pow(2, Double(attempt))
            let share = mean > 0 ? 1 - exp(-1 / mean) : 1
            for group in messages.indices {
                returned[attempt][group] = waiting[attempt][group] * share
                waiting[attempt][group] -= returned[attempt][group]
                messages[group] += returned[attempt][group]
            }
        }
    }

    /// Takes in what failed of a second's messages, and gives what will not be sent again.
    ///
    /// - Parameters:
    ///   - fresh: What came anew, by group.
    ///   - shares: The share that failed, by group and class.
    /// - Returns: What is lost, by group.
    mutating func takeFailed(fresh: [SIMD4<Double>], shares: [SIMD4<Double>]) -> [SIMD4<Double>] {
        var failed = fresh.indices.map { fresh[$0] * shares[$0] }
        for attempt in waiting.indices {
            for group in failed.indices {
                waiting[attempt][group] += failed[group]
                failed[group] = returned[attempt][group] * shares[group]
            }
        }
        return failed
    }
}
