import Units

extension InputFormat {
    /// Requests in a table whose header names time, path and status.
    public static let requestTable = InputFormat(
        "request-table", rows: .requests,
        title: "Table of requests with a header; Envoy, nginx and others as JSON lines",
        grammar:
            "any columns, including a time, a path (`path`, `url`, `request` …) and a status (`status`, "
            + "`response` …), optionally `method` and `bytes`",
        recognition: "the header names",
        series: "`requests/<venue>/<route class>`",
        notes: "A `request` column may contain the whole request line, `GET /path HTTP/1.1`.",
        samples: ["requests.tsv"])
}

struct RequestTableFormat: TableFormat {
    let about = InputFormat.requestTable

    var recognition: [Recognition] { [.names(.kind) { $0.isJSON ? nil : $0.requests }] }

    func read(_ table: TableReading, _ feed: RowFeed, _ lines: inout LineReader) throws(IngestError) {
        try feed.requests(&lines, Grammar(table))
    }

    /// Reads one line of a table, or of JSON that was cut into one.
    struct Grammar: RequestGrammar, ~Copyable {
        private var splitter: FieldSplitter
        private var time: TimeColumn
        private let layout: TableLayout
        private let columns: (time: Int, method: Int?, path: Int, status: Int, bytes: Int?)

        init(_ table: TableReading) {
            layout = table.layout
            splitter = FieldSplitter(delimiter: layout.delimiter)
            time = table.time
            let roles = layout.columns
            columns = (
                roles[.time] ?? 0, roles[.method], roles[.path] ?? 0, roles[.status] ?? 0, roles[.bytes]
            )
        }

        var joinsQuotedLines: Bool { true }

        mutating func read(_ line: Bytes) -> Result<LoggedRequest, BadRow> {
            guard let count = splitter.split(line) else { return .failure(.quotes) }
            guard count == layout.columnCount || isTrailing(count) else { return .failure(.fieldCount) }
            let stamp: Timestamp
            switch time.read(splitter.field(columns.time)) {
            case .success(let read): stamp = read
            case .failure(let problem): return .failure(problem.reason)
            }
            guard let status = LoggedRequest.status(plain(columns.status)) else {
                return .failure(.status)
            }
            guard let size = columns.bytes.map({ LoggedRequest.size(plain($0)) }) ?? 0 else {
                return .failure(.responseSize)
            }
            var path = plain(columns.path)
            var method = columns.method.map { plain($0) } ?? Bytes(rebasing: path.prefix(0))
            if method.isEmpty { (method, path) = LoggedRequest.parts(path) }
            return .success(
                LoggedRequest(
                    time: stamp, isResolved: time.isResolved, method: method, path: path, status: status,
                    responseBytes: size))
        }

        /// A field without blanks and quotation marks around it, as rows cut by ` | ` have them.
        private func plain(_ column: Int) -> Bytes { AccessTableFormat.plain(splitter.field(column)) }

        /// Whether only empty fields stand behind the last column.
        private func isTrailing(_ count: Int) -> Bool {
            guard layout.mayTrail, count > layout.columnCount else { return false }
            return (layout.columnCount..<count).allSatisfy { splitter.field($0).isEmpty }
        }
    }
}
