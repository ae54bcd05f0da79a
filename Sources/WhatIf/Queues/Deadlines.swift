import Exchange

/// The deadlines of a queue's clients: what is given up after the tier's timeout, and what was sent that may be.
struct Deadlines {
    /// All messages, or cancels that go first and the others.
    private var lines: [DeadlineLine]
    var sent: SentMessages
    /// Whether cancels have a line of their own, the first.
    let cancelsFirst: Bool
    /// Whole seconds after which a second's messages are settled.
    let whole: Int
    let timeoutSeconds: Double

    /// Longer timeouts are taken for this.
    private static let secondsMax = 86_400.0

    init(_ timeout: Double, rules: QueueRules, attempts: Int, groups: Int) {
        timeoutSeconds = min(timeout, Deadlines.secondsMax)
        cancelsFirst = rules.cancelsFirst
        let line = DeadlineLine(
            timeoutSeconds: timeoutSeconds, dropsAbandoned: rules.reactions.dropsAbandoned)
        lines = rules.cancelsFirst ? [line, line] : [line]
        whole = Int(saturating: DeadlineLine.resolvedSeconds(timeoutSeconds))
        sent = SentMessages(seconds: whole + 2, attempts: attempts, groups: groups)
    }

    var lineCount: Int { lines.count }

    /// The classes of a line: 1 for those that are in it.
    func classes(ofLine line: Int) -> SIMD4<Double> {
        guard cancelsFirst else { return SIMD4(repeating: 1) }
        var cancels = SIMD4<Double>.zero
        cancels[DemandClass.cancel.position] = 1
        return line == 0 ? cancels : 1 - cancels
    }

    func overdue(line: Int, capacity: Double) -> DeadlineLine.Overdue {
        lines[line].overdue(capacity: capacity)
    }

    mutating func advance(line: Int, came work: Double, waiting: Double) {
        lines[line].advance(came: work, waiting: waiting)
    }
}
