import Units

extension InputFormat {
    /// HAProxy's HTTP log, with whatever syslog puts in front.
    public static let haproxy = InputFormat(
        "haproxy", rows: .requests, title: "HAProxy HTTP log",
        grammar: """
            `… client:port [05/Jan/2026:09:00:00.123] frontend backend/server timers status bytes … "METHOD \
            path HTTP/v"`
            """,
        recognition:
            "a bracketed time with milliseconds and no zone, timers separated by slashes, a status, a quoted "
            + "request",
        series: "`requests/<venue>/<route class>`",
        notes: "A status of `-1` (no response was sent) counts as an offered request without a status.",
        samples: ["haproxy.log"])
}

struct HAProxyFormat: LogFormat {
    let about = InputFormat.haproxy

    var recognition: [Recognition] { [.requests(self) { Grammar(zone: $0) }] }

    func read(_ feed: RowFeed, _ lines: inout LineReader) throws(IngestError) {
        try feed.requests(&lines, Grammar(zone: feed.options.zone))
    }

    func faults(in found: Finding) -> any RowFaults {
        // What syslog puts in front has brackets too.
        TokenFaults(time: 0, status: 4, bytes: 5, start: { LogClock.bracket(in: $0) })
    }

    /// Reads one line.
    struct Grammar: RequestGrammar, ~Copyable {
        private var tokens = LogTokens()
        private var clock: LocalClock

        init(zone: LocalZone) {
            clock = LocalClock(zone)
        }

        mutating func read(_ line: Bytes) -> Result<LoggedRequest, BadRow> {
            var place: (bracket: Int, time: WrittenTime)?
            var from = 0
            // The process number stands in brackets too.
            while place == nil, let bracket = line[from...].firstIndex(of: 0x5B) {
                place = Self.time(line, bracket).map { (bracket, $0) }
                from = bracket + 1
            }
            guard let place else { return .failure(.logLine) }
            if clock.zone.isSkipped(place.time.seconds) { return .failure(.skippedTime) }
            guard let second = clock.utc(place.time.seconds) else { return .failure(.ambiguousTime) }
            let stamp = Timestamp(nanoseconds: second * 1_000_000_000 + place.time.nanoseconds)
            guard stamp >= TimeColumn.earliestLog, stamp < Timestamp.plausible.upperBound else {
                return .failure(.timeOutOfRange)
            }
            guard tokens.cut(Bytes(rebasing: line[place.bracket...])) else { return .failure(.quotes) }
            guard tokens.count > 6, tokens[3].contains(0x2F), tokens.isQuoted(tokens.count - 1) else {
                return .failure(.logLine)
            }
            guard let status = LoggedRequest.status(tokens[4]) else { return .failure(.status) }
            // `+` says that the transfer went on while the line was written.
            let size = tokens[5]
            let digits = size.first == 0x2B ? Bytes(rebasing: size.dropFirst()) : size
            guard let bytes = NumberParsing.unsigned(digits) else { return .failure(.responseSize) }
            let (method, path) = LoggedRequest.parts(tokens[tokens.count - 1])
            return .success(
                LoggedRequest(
                    time: stamp, isResolved: true, method: method, path: path, status: status,
                    responseBytes: bytes))
        }

        /// `[05/Jan/2026:09:00:00.123]`; nil where none stands there.
        private static func time(_ line: Bytes, _ bracket: Int) -> WrittenTime? {
            guard bracket + 26 <= line.count, line[bracket + 21] == 0x2E, line[bracket + 25] == 0x5D,
                let milliseconds = ISOTime.digits(line, bracket + 22, 3),
                let seconds = LogClock.localSeconds(line, at: bracket + 1)
            else { return nil }
            return WrittenTime(seconds: seconds, nanoseconds: Int64(milliseconds) * 1_000_000)
        }
    }
}
