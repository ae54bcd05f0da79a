import Glibc
import Units

extension InputFormat {
    /// nginx and Apache access logs; `AccessLogParser` reads them.
    public static let accessLog = InputFormat(
        "access-log", rows: .requests, title: "nginx and Apache access log, common and combined",
        grammar: """
            `host ident user [05/Jan/2026:09:00:00 +0000] "METHOD path HTTP/v" status bytes …`; anything \
            after that (referrer, agent, request time) is ignored; the whole line may be in quotes
            """,
        recognition:
            "a bracketed time with a zone, then a quoted request and a status, in half of the first 50 lines",
        series:
            "`requests/<venue>/<route class>`; keeps status classes and bytes, and counts 429 and 5xx as "
            + "offered load",
        notes: "`--routes FILE` adds your own rules before the built-in route classes.",
        samples: ["access.log"])
}

struct AccessLogFormat: LogFormat {
    let about = InputFormat.accessLog

    var recognition: [Recognition] { [.requests(self) { _ in Grammar() }] }

    func read(_ feed: RowFeed, _ lines: inout LineReader) throws(IngestError) {
        try feed.requests(&lines, Grammar())
    }

    func canBeSplit(_ found: Finding) -> Bool { true }

    func faults(in found: Finding) -> any RowFaults { Faults() }

    /// Reads one line, common or combined, whatever follows the response size, quoted as a whole or not.
    struct Grammar: RequestGrammar {
        private var clock = LogClock()

        /// Reads `host ident user [day/Mon/year:h:m:s zone] "request" status bytes …`.
        @inline(__always)
        mutating func read(_ whole: Bytes) -> Result<LoggedRequest, BadRow> {
            let line = Self.unquoted(whole)
            guard let (bracket, time) = Self.findTime(line, &clock) else { return .failure(.logLine) }
            guard let time else { return .failure(.timeOutOfRange) }
            var position = bracket + LogClock.length
            guard position + 2 < line.count, line[position] == 0x20, line[position + 1] == 0x22 else {
                return .failure(.logLine)
            }
            position += 2
            guard let end = AccessLogFormat.endOfRequest(line, from: position) else {
                return .failure(.logLine)
            }
            let request = Bytes(rebasing: line[position..<end])
            guard let status = ISOTime.digits(line, end + 2, 3), (100...999).contains(status),
                end + 5 < line.count, line[end + 5] == 0x20
            else { return .failure(.status) }
            guard let bytes = Self.responseBytes(line, from: end + 6) else { return .failure(.responseSize) }
            let (method, path) = LoggedRequest.parts(request)
            return .success(
                LoggedRequest(time: time, method: method, path: path, status: status, responseBytes: bytes))
        }

        private static func unquoted(_ line: Bytes) -> Bytes {
            guard line.count > 2, line[0] == 0x22, line[line.count - 1] == 0x22 else { return line }
            return Bytes(rebasing: line[1..<line.count - 1])
        }

        /// The first bracket that opens a time; a user name may hold brackets too.
        private static func findTime(_ line: Bytes, _ clock: inout LogClock) -> (Int, Timestamp?)? {
            guard let base = line.baseAddress else { return nil }
            var from = 0
            for _ in 0..<8 {
                guard from < line.count, let found = memchr(base + from, 0x5B, line.count - from) else {
                    return nil
                }
                let bracket = UnsafeRawPointer(found) - base
                if let time = clock.read(line, at: bracket) { return (bracket, time) }
                from = bracket + 1
            }
            return nil
        }

        /// A count, or a hyphen for none.
        private static func responseBytes(_ line: Bytes, from start: Int) -> Int64? {
            guard start < line.count else { return nil }
            var end = start
            while end < line.count, line[end] != 0x20 { end += 1 }
            if end == start + 1, line[start] == 0x2D { return 0 }
            return NumberParsing.unsigned(Bytes(rebasing: line[start..<end]))
        }
    }

    /// The quotation mark that a blank and a status follow: a request may hold marks of its own, bare ones or, as Apache
    /// writes them, with a backslash in front. Such a one ends the request only where no other does.
    static func endOfRequest(_ line: Bytes, from start: Int) -> Int? {
        guard let base = line.baseAddress else { return nil }
        var from = start
        var bare: Int?
        var escaped: Int?
        while from < line.count, let found = memchr(base + from, 0x22, line.count - from) {
            let mark = UnsafeRawPointer(found) - base
            let fits =
                mark + 4 < line.count && line[mark + 1] == 0x20 && ISOTime.digits(line, mark + 2, 3) != nil
            if isEscaped(line, mark, from: start) {
                if fits, escaped == nil { escaped = mark }
            } else {
                if fits { return mark }
                if bare == nil { bare = mark }
            }
            from = mark + 1
        }
        return escaped ?? bare
    }

    /// Whether an odd number of backslashes stands before a mark.
    private static func isEscaped(_ line: Bytes, _ mark: Int, from start: Int) -> Bool {
        var first = mark
        while first > start, line[first - 1] == 0x5C { first -= 1 }
        return (mark - first) % 2 == 1
    }

    /// Finds the field that is at fault.
    private struct Faults: RowFaults {
        func offset(of reason: BadRow, in line: Bytes) -> Int? {
            guard let bracket = LogClock.bracket(in: line) else { return nil }
            if reason == .timeOutOfRange { return bracket }
            let request = bracket + LogClock.length + 2
            guard request < line.count, let end = AccessLogFormat.endOfRequest(line, from: request) else {
                return nil
            }
            if reason == .status { return min(end + 2, line.count) }
            return reason == .responseSize ? min(end + 6, line.count) : nil
        }
    }
}
