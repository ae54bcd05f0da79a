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

/// Reads `[17/May/2015:10:05:03 +0000]`, converting a date only when it changes.
struct LogClock {
    /// Characters from bracket to bracket.
    static let length = 28

    private var dateBytes: (UInt64, UInt32) = (0, 0)
    private var days: Int64 = 0

    /// The time at a bracket: nil where none stands there, a nil inside where it is implausible.
    mutating func read(_ line: Bytes, at bracket: Int) -> Timestamp?? {
        guard bracket + LogClock.length <= line.count, line[bracket + 12] == 0x3A, line[bracket + 15] == 0x3A,
            line[bracket + 18] == 0x3A, line[bracket + 21] == 0x20, line[bracket + 27] == 0x5D
        else { return nil }
        let head = line.loadUnaligned(fromByteOffset: bracket + 1, as: UInt64.self)
        let tail = line.loadUnaligned(fromByteOffset: bracket + 8, as: UInt32.self)
        if (head, tail) != dateBytes {
            guard let date = LogClock.days(line, bracket + 1) else { return nil }
            guard let date else { return .some(nil) }
            days = date
            dateBytes = (head, tail)
        }
        guard let hour = ISOTime.digits(line, bracket + 13, 2), hour < 24,
            let minute = ISOTime.digits(line, bracket + 16, 2), minute < 60,
            let second = ISOTime.digits(line, bracket + 19, 2), second <= 60,
            let offset = ISOTime.zone(Bytes(rebasing: line[bracket + 22..<bracket + 27]))
        else { return nil }
        let seconds = days * 86_400 + Int64(hour * 3600 + minute * 60 + second) - offset
        let stamp = Timestamp(seconds: seconds)
        guard stamp >= TimeColumn.earliestLog, stamp < Timestamp.plausible.upperBound else {
            return .some(nil)
        }
        return .some(stamp)
    }

    /// The first bracket that something like a time follows; nil where there is none.
    static func bracket(in line: Bytes) -> Int? {
        line.indices.first { index in
            line[index] == 0x5B && index + 21 < line.count && line[index + 3] == 0x2F
                && line[index + 12] == 0x3A
        }
    }

    /// Seconds of a local time `17/May/2015:10:05:03` that begins at a position, as if it were UTC; nil for
    /// anything else.
    static func localSeconds(_ line: Bytes, at start: Int) -> Int64? {
        guard start + 20 <= line.count, line[start + 11] == 0x3A, line[start + 14] == 0x3A,
            line[start + 17] == 0x3A, let days = days(line, start), let days,
            let hour = ISOTime.digits(line, start + 12, 2), hour < 24,
            let minute = ISOTime.digits(line, start + 15, 2), minute < 60,
            let second = ISOTime.digits(line, start + 18, 2), second <= 60
        else { return nil }
        return days * 86_400 + Int64(hour * 3600 + minute * 60 + second)
    }

    private static let months: [StaticString] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Days since the epoch of `17/May/2015`: nil where it is no date, a nil inside where the year is
    /// implausible.
    private static func days(_ line: Bytes, _ start: Int) -> Int64?? {
        guard line[start + 2] == 0x2F, line[start + 6] == 0x2F, let day = ISOTime.digits(line, start, 2),
            let year = ISOTime.digits(line, start + 7, 4)
        else { return nil }
        let name = line[(start + 3)..<(start + 6)]
        let month = months.firstIndex { month in
            month.withUTF8Buffer { letters in name.elementsEqual(letters) { $0 | 0x20 == $1 | 0x20 } }
        }
        guard let month, let date = CivilDate(year: year, month: month + 1, day: day) else { return nil }
        guard (1970..<2200).contains(year) else { return .some(nil) }
        return .some(date.daysSinceEpoch)
    }
}
