import Exchange

/// Circuit breakers of a queue's clients, all of one mind.
struct CallBreaker {
    private let rules: QueueReactions.Breaker
    private var sent: RollingSum
    private var failed: RollingSum
    /// Seconds of its window.
    let windowLength: Int
    private var sentInWindow = 0.0
    private var failedInWindow = 0.0
    /// Seconds until a trial, while it is open.
    private var secondsOpen = 0
    /// Seconds of a trial that are left.
    private var secondsOfTrial = 0
    private var trial = (sent: 0.0, failed: 0.0)

    init(_ rules: QueueReactions.Breaker) {
        self.rules = rules
        let window = CallBreaker.seconds(rules.windowSeconds)
        windowLength = window
        sent = RollingSum(length: window)
        failed = RollingSum(length: window)
    }

    private static func seconds(_ time: Double) -> Int { max(1, Int(saturating: time.rounded())) }

    /// The share of calls that pass in the second that begins.
    var share: Double {
        secondsOpen > 0 ? 0 : secondsOfTrial > 0 ? QueueReactions.Breaker.trialShare : 1
    }

    /// Whether it is closed, and nothing failed in its window.
    var isAtRest: Bool { secondsOpen == 0 && secondsOfTrial == 0 && failedInWindow <= 0 }

    /// The second is over: so many attempts were sent, and of those whose outcome it brought, so many failed.
    mutating func end(sent count: Double, failed failures: Double) {
        sentInWindow = sent.add(count)
        failedInWindow = failed.add(failures)
        if secondsOpen > 0 {
            secondsOpen -= 1
            if secondsOpen == 0 {
                secondsOfTrial = CallBreaker.seconds(rules.windowSeconds)
                trial = (0, 0)
            }
        } else if secondsOfTrial > 0 {
            trial.sent += count
            trial.failed += failures
            secondsOfTrial -= 1
            // What was sent before and fails now is counted too: a trial among old failures is no success.
            if secondsOfTrial == 0, trial.failed > rules.shareFailed * trial.sent { open() }
        } else if failedInWindow > rules.shareFailed * sentInWindow, failedInWindow > 0 {
            open()
        }
    }

    private mutating func open() { secondsOpen = CallBreaker.seconds(rules.openSeconds) }
}
