/// Finds the token of a log line that is at fault.
struct TokenFaults {
    private let format: InputFormat

    init(_ format: InputFormat) {
        self.format = format
    }

    /// Where the token begins.
    func offset(of reason: BadRow, in line: Bytes) -> Int? {
        if reason == .quotes { return line.lastIndex(of: 0x22) ?? line.lastIndex(of: 0x5B) }
        var start = 0
        if format == .haproxy {
            // What syslog puts in front has brackets too.
            guard let bracket = LogClock.bracket(in: line) else { return nil }
            start = bracket
        }
        var tokens = LogTokens()
        guard tokens.cut(Bytes(rebasing: line[start...])) else { return nil }
        let isClassic = format == .awsLoadBalancer && line.first.map { $0 &- 0x30 < 10 } == true
        guard let place = place(of: reason, isClassic: isClassic), place < tokens.count else { return nil }
        return start + tokens.start(place)
    }

    private func place(of reason: BadRow, isClassic: Bool) -> Int? {
        let shift = isClassic ? -1 : 0
        switch (format, reason) {
        case (.awsLoadBalancer, .time), (.awsLoadBalancer, .timeOutOfRange): return 1 + shift
        case (.awsLoadBalancer, .status): return 8 + shift
        case (.awsLoadBalancer, .responseSize): return 11 + shift
        case (_, .time), (_, .timeOutOfRange): return 0
        case (.envoy, .status): return 2
        case (.haproxy, .status): return 4
        case (.envoy, .responseSize): return 4
        case (.haproxy, .responseSize): return 5
        default: return nil
        }
    }
}

/// Finds the field of a common or combined log line that is at fault.
enum AccessLogFaults {
    static func offset(of reason: BadRow, in line: Bytes) -> Int? {
        guard let bracket = LogClock.bracket(in: line) else { return nil }
        if reason == .timeOutOfRange { return bracket }
        let request = bracket + LogClock.length + 2
        guard request < line.count, let end = AccessLogLine.endOfRequest(line, from: request) else {
            return nil
        }
        if reason == .status { return min(end + 2, line.count) }
        return reason == .responseSize ? min(end + 6, line.count) : nil
    }
}
