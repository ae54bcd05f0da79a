import Glibc
import Tape
import Units

/// One request of an access log.
struct LoggedRequest {
    let time: Timestamp
    /// Whether the clock says more than whole seconds.
    var isResolved = false
    let method: Bytes
    let path: Bytes
    /// 100 to 999; 0 where the log has none, as for a client that went away.
    let status: Int
    let responseBytes: Int64

    /// Cuts `GET /path HTTP/1.1`.
    static func parts(_ request: Bytes) -> (method: Bytes, path: Bytes) {
        guard let base = request.baseAddress, let found = memchr(base, 0x20, request.count) else {
            return (Bytes(rebasing: request.prefix(0)), request)
        }
        let blank = UnsafeRawPointer(found) - base
        let start = base + blank + 1
        let length = request.count - blank - 1
        let end = memchr(start, 0x20, length).map { UnsafeRawPointer($0) - start } ?? length
        return (Bytes(rebasing: request[..<blank]), Bytes(start: start, count: end))
    }

    /// A status: three digits; `-`, `0`, `000` and `-1` say that there was none; nil for anything else.
    static func status(_ field: Bytes) -> Int? {
        if field.count == 3, let status = ISOTime.digits(field, 0, 3) {
            return status >= 100 ? status : (status == 0 ? 0 : nil)
        }
        let isNone = ["-", "0", "-1", ""].contains { field.elementsEqual($0.utf8) }
        return isNone ? 0 : nil
    }

    /// A number of bytes, or nothing.
    static func size(_ field: Bytes) -> Int64? {
        if field.isEmpty || (field.count == 1 && field[0] == 0x2D) { return 0 }
        return NumberParsing.unsigned(field)
    }
}

/// How the lines of one kind of access log are read.
protocol RequestGrammar: ~Copyable, SendableMetatype {
    /// Whether a quoted field may run over several lines.
    var joinsQuotedLines: Bool { get }

    mutating func read(_ line: Bytes) -> Result<LoggedRequest, BadRow>

    /// Takes note of a line that begins with `#`.
    mutating func note(directive: Bytes)
}

extension RequestGrammar where Self: ~Copyable {
    var joinsQuotedLines: Bool { false }
    mutating func note(directive: Bytes) {}
}

/// Counts the requests of a log by route class. Every request counts as offered, refused ones (429, 5xx) too.
struct RequestLogParser<Grammar: RequestGrammar & ~Copyable>: RowParser, ~Copyable {
    private var grammar: Grammar
    private var classes: RouteSeries

    init(_ grammar: consuming Grammar, naming: SeriesNaming, routes: RouteTable, builder: TapeDeltaBuilder) {
        self.grammar = grammar
        classes = RouteSeries(venue: naming.venue, routes: routes, builder: builder)
    }

    var joinsQuotedLines: Bool { grammar.joinsQuotedLines }

    mutating func note(directive: Bytes) { grammar.note(directive: directive) }

    mutating func parse(_ line: Bytes, at position: RowPosition) -> RowOutcome {
        switch grammar.read(line) {
        case .failure(let reason): return .bad(reason)
        case .success(let request):
            classes.add(request)
            return .accepted
        }
    }
}

/// The series of the classes of routes.
struct RouteSeries {
    private let builder: TapeDeltaBuilder
    private let routes: RouteCache
    private let names: [String]
    private let venue: String
    private var handles: [Int?]

    init(venue: String, routes: RouteTable, builder: TapeDeltaBuilder) {
        self.builder = builder
        self.routes = RouteCache(routes)
        names = routes.classNames
        self.venue = venue
        handles = Array(repeating: nil, count: routes.classNames.count)
    }

    /// The handle of the series of a request's class.
    @inline(__always)
    mutating func handle(method: Bytes, path: Bytes) -> Int {
        let index = routes.classIndex(method: method, path: path)
        if let known = handles[index] { return known }
        let made = builder.eventSeries(
            SeriesID(kind: "requests", venue: venue, name: names[index]))
        handles[index] = made
        return made
    }

    /// Counts a request.
    mutating func add(_ request: LoggedRequest) {
        builder.addRequest(
            to: handle(method: request.method, path: request.path), time: request.time,
            isResolved: request.isResolved, status: request.status, bytes: request.responseBytes)
    }
}
