import Glibc
import Tape
import Units

/// Reads nginx and Apache access logs, common and combined, whatever follows the response size, and lines
/// that are quoted as a whole.
///
/// Every request counts as offered, refused ones (429, 5xx) too; requests are counted by route class.
struct AccessLogParser: RowParser, ~Copyable {
    private let builder: TapeDeltaBuilder
    private var classes: RouteSeries
    private var clock = LogClock()

    init(naming: SeriesNaming, routes: RouteTable, builder: TapeDeltaBuilder) {
        self.builder = builder
        classes = RouteSeries(venue: naming.venue, routes: routes, builder: builder)
    }

    mutating func parse(_ line: Bytes, at position: RowPosition) -> RowOutcome {
        switch AccessLogLine.read(line, clock: &clock) {
        case .failure(let reason): return .bad(reason)
        case .success(let request):
            builder.addRequest(
                to: classes.handle(method: request.method, path: request.path), time: request.time,
                isResolved: false, status: request.status, bytes: request.responseBytes)
            return .accepted
        }
    }
}

/// The fields of one line of an access log.
struct AccessLogLine {
    let time: Timestamp
    let method: Bytes
    let path: Bytes
    let status: Int
    let responseBytes: Int64

    /// Reads `host ident user [day/Mon/year:h:m:s zone] "request" status bytes …`.
    @inline(__always)
    static func read(_ whole: Bytes, clock: inout LogClock) -> Result<AccessLogLine, BadRow> {
        let line = unquoted(whole)
        guard let (bracket, time) = findTime(line, &clock) else { return .failure(.logLine) }
        guard let time else { return .failure(.timeOutOfRange) }
        var position = bracket + LogClock.length
        guard position + 2 < line.count, line[position] == 0x20, line[position + 1] == 0x22 else {
            return .failure(.logLine)
        }
        position += 2
        guard let end = endOfRequest(line, from: position) else { return .failure(.logLine) }
        let request = Bytes(rebasing: line[position..<end])
        guard let status = ISOTime.digits(line, end + 2, 3), (100...999).contains(status),
            end + 5 < line.count, line[end + 5] == 0x20
        else { return .failure(.status) }
        guard let bytes = responseBytes(line, from: end + 6) else { return .failure(.responseSize) }
        let (method, path) = parts(request)
        return .success(
            AccessLogLine(time: time, method: method, path: path, status: status, responseBytes: bytes))
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

    /// The quotation mark that a blank and a status follow: a request may hold marks of its own.
    static func endOfRequest(_ line: Bytes, from start: Int) -> Int? {
        guard let base = line.baseAddress else { return nil }
        var from = start
        var first: Int?
        while from < line.count, let found = memchr(base + from, 0x22, line.count - from) {
            let mark = UnsafeRawPointer(found) - base
            if mark + 4 < line.count, line[mark + 1] == 0x20, ISOTime.digits(line, mark + 2, 3) != nil {
                return mark
            }
            if first == nil { first = mark }
            from = mark + 1
        }
        return first
    }

    /// A count, or a hyphen for none.
    private static func responseBytes(_ line: Bytes, from start: Int) -> Int64? {
        guard start < line.count else { return nil }
        var end = start
        while end < line.count, line[end] != 0x20 { end += 1 }
        if end == start + 1, line[start] == 0x2D { return 0 }
        return NumberParsing.unsigned(Bytes(rebasing: line[start..<end]))
    }

    private static func parts(_ request: Bytes) -> (method: Bytes, path: Bytes) {
        LoggedRequest.parts(request)
    }
}
