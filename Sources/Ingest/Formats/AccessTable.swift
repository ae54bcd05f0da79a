import Units

extension InputFormat {
    /// Access logs that were turned into a table: `host,[29/Nov/2017:06:58:55,GET /login.php HTTP/1.1,200`.
    public static let accessTable = InputFormat(
        "access-table", rows: .requests, title: "Access log as a table",
        grammar:
            "`host,[05/Jan/2026:09:00:00 +0000],METHOD path HTTP/v,status[,bytes]`; the bracket may be "
            + "left open, the "
            + "zone left out, and empty columns may follow",
        recognition: "a bracketed time in the second column, a request and a status in the two behind it",
        series: "`requests/<venue>/<route class>`",
        notes: "Without a zone the time is taken as UTC, or as `--zone` says.",
        samples: ["access_table.csv"])
}

struct AccessTableFormat: LogFormat {
    let about = InputFormat.accessTable

    var recognition: [Recognition] { [.requests(self) { Grammar(zone: $0) }] }

    func read(_ feed: RowFeed, _ lines: inout LineReader) throws(IngestError) {
        try feed.requests(&lines, Grammar(zone: feed.options.zone))
    }

    func faults(in found: Finding) -> any RowFaults {
        TableFaults(columnCount: 4, mayTrail: true, columns: [.time: 1, .status: 3, .bytes: 4])
    }

    /// Reads one line.
    struct Grammar: RequestGrammar, ~Copyable {
        private var splitter = FieldSplitter(delimiter: 0x2C)
        private let zone: LocalZone

        init(zone: LocalZone) {
            self.zone = zone
        }

        var joinsQuotedLines: Bool { true }

        mutating func read(_ line: Bytes) -> Result<LoggedRequest, BadRow> {
            guard let count = splitter.split(line) else { return .failure(.quotes) }
            guard count >= 4 else { return .failure(.fieldCount) }
            let field = splitter.field(1)
            guard field.first == 0x5B, let local = LogClock.localSeconds(field, at: 1) else {
                return .failure(.time)
            }
            var rest = Bytes(rebasing: field[21...])
            if rest.last == 0x5D { rest = Bytes(rebasing: rest.dropLast()) }
            rest = NumberParsing.trimmed(rest)
            let seconds: Int64
            if rest.isEmpty {
                seconds = zone.utc(local)
            } else if let offset = ISOTime.zone(rest) {
                seconds = local - offset
            } else {
                return .failure(.time)
            }
            let stamp = Timestamp(seconds: seconds)
            guard stamp >= TimeColumn.earliestLog, stamp < Timestamp.plausible.upperBound else {
                return .failure(.timeOutOfRange)
            }
            guard let status = LoggedRequest.status(NumberParsing.trimmed(splitter.field(3))), status > 0
            else {
                return .failure(.status)
            }
            guard let size = count > 4 ? LoggedRequest.size(splitter.field(4)) : 0 else {
                return .failure(.responseSize)
            }
            let (method, path) = LoggedRequest.parts(splitter.field(2))
            return .success(
                LoggedRequest(time: stamp, method: method, path: path, status: status, responseBytes: size))
        }
    }
}
