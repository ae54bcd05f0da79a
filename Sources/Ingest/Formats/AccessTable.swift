import Units

extension InputFormat {
    /// Access logs that were cut into fields: `host,[29/Nov/2017:06:58:55,GET /login.php HTTP/1.1,200`, or the same
    /// with tabs, semicolons or bars.
    public static let accessTable = InputFormat(
        "access-table", rows: .requests, title: "Access log split into fields, without a header",
        grammar:
            "`host,[05/Jan/2026:09:00:00 +0000],METHOD path HTTP/v,status[,bytes]`, separated by commas, "
            + "tabs, semicolons or bars, with or without blanks; columns in any order, method and path in "
            + "one column or two",
        recognition:
            "columns of times, of requests (`GET /…`) and of statuses in half of the first 50 lines",
        series: "`requests/<venue>/<route class>`",
        notes:
            "The time may lack its closing bracket, and empty columns may follow. A time without a zone is "
            + "UTC, or in the zone of `--zone`.",
        samples: ["access_table.csv"])
}

struct AccessTableFormat: LogFormat {
    let about = InputFormat.accessTable

    var recognition: [Recognition] { [.text(recognise)] }

    private func recognise(_ sample: TextSample) -> Finding? {
        guard sample.directives.allSatisfy({ CloudFrontFormat.W3CFields($0) == nil }) else { return nil }
        for delimiter in [0x2C, 0x09, 0x3B, 0x7C] as [UInt8] {
            let rows = Self.cut(Array(sample.lines.prefix(50)), delimiter)
            guard rows.count > 0, 2 * rows.count >= min(50, sample.lines.count),
                let columns = Self.columns(of: rows)
            else { continue }
            // What names its columns is a table of requests.
            if ColumnNames(rows[0].map { String(decoding: $0, as: UTF8.self) }, isJSON: false).requests != nil
            {
                return nil
            }
            let last = columns.filter { $0.key != .bytes }.values.max() ?? 0
            var layout = TableLayout(delimiter: delimiter, columnCount: last + 1, columns: columns)
            layout.mayTrail = true
            let times = rows.compactMap { row in columns[.time].flatMap { $0 < row.count ? row[$0] : nil } }
            guard let time = TimeColumn(texts: times, zone: sample.zone) else { continue }
            return Finding(self, table: TableReading(layout, time: time))
        }
        return nil
    }

    /// The fields of lines of four fields or more, without blanks and quotation marks around them.
    private static func cut(_ lines: [Bytes], _ delimiter: UInt8) -> [[[UInt8]]] {
        var splitter = FieldSplitter(delimiter: delimiter)
        return lines.compactMap { line in
            guard line.contains(delimiter), let count = splitter.split(line), count >= 4 else { return nil }
            return (0..<min(count, 64)).map { Array(plain(splitter.field($0))) }
        }
    }

    /// Where times, requests and statuses stand; nil where one of them does not.
    private static func columns(of rows: [[[UInt8]]]) -> [ColumnRole: Int]? {
        let width = rows.map(\.count).max() ?? 0
        func first(from start: Int = 0, _ test: (Bytes) -> Bool) -> Int? {
            (0..<width).map { ($0 + start) % width }.first { index in
                let fits = rows.count { $0.count > index && $0[index].withUnsafeBytes(test) }
                return 2 * fits >= rows.count
            }
        }
        guard let time = first({ WrittenTime.read($0) != nil }) else { return nil }
        var columns: [ColumnRole: Int] = [.time: time]
        if let request = first(isRequest) {
            columns[.path] = request
        } else if let method = first({ methods.contains(String(decoding: $0, as: UTF8.self)) }),
            let path = first(from: method, { $0.first == 0x2F || $0.starts(with: "http".utf8) })
        {
            columns[.method] = method
            columns[.path] = path
        } else {
            return nil
        }
        guard let path = columns[.path], let status = first(from: path + 1, isStatus) else { return nil }
        columns[.status] = status
        let isSize: (Bytes) -> Bool = { LoggedRequest.size($0) != nil && !$0.isEmpty }
        if status + 1 < width, first(from: status + 1, isSize) == status + 1, status + 1 != time {
            columns[.bytes] = status + 1
        }
        return columns
    }

    private static let methods: Set<String> = [
        "GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "CONNECT", "TRACE",
    ]

    private static func isRequest(_ field: Bytes) -> Bool {
        let (method, path) = LoggedRequest.parts(field)
        return !path.isEmpty && methods.contains(String(decoding: method, as: UTF8.self))
    }

    private static func isStatus(_ field: Bytes) -> Bool {
        ISOTime.digits(field, 0, 3).map { field.count == 3 && (100...599).contains($0) } ?? false
    }

    /// A field without blanks and quotation marks around it.
    static func plain(_ field: Bytes) -> Bytes {
        guard let first = field.first, first == 0x20 || first == 0x22 || field.last == 0x20 else {
            return field
        }
        let trimmed = NumberParsing.trimmed(field)
        guard trimmed.count >= 2, trimmed.first == 0x22, trimmed.last == 0x22 else { return trimmed }
        return Bytes(rebasing: trimmed[1..<trimmed.count - 1])
    }

    func read(_ feed: RowFeed, _ lines: inout LineReader) throws(IngestError) {
        guard let table = feed.found.table else {
            throw .unrecognised(path: feed.path, near: "an access log split into fields, without times")
        }
        try feed.requests(&lines, Grammar(table))
    }

    func faults(in found: Finding) -> any RowFaults { TableFaults(found.table) }

    /// Reads one line.
    struct Grammar: RequestGrammar, ~Copyable {
        private var splitter: FieldSplitter
        private var time: TimeColumn
        private let columns: (time: Int, method: Int?, path: Int, status: Int, bytes: Int?)
        private let columnCount: Int

        init(_ table: TableReading) {
            let layout = table.layout
            splitter = FieldSplitter(delimiter: layout.delimiter)
            time = table.time
            columnCount = layout.columnCount
            let roles = layout.columns
            columns = (
                roles[.time] ?? 0, roles[.method], roles[.path] ?? 0, roles[.status] ?? 0, roles[.bytes]
            )
        }

        var joinsQuotedLines: Bool { true }

        mutating func read(_ line: Bytes) -> Result<LoggedRequest, BadRow> {
            guard let count = splitter.split(line) else { return .failure(.quotes) }
            guard count >= columnCount else { return .failure(.fieldCount) }
            let stamp: Timestamp
            switch time.read(plain(splitter.field(columns.time))) {
            case .success(let read): stamp = read
            case .failure(let problem): return .failure(problem.reason)
            }
            guard let status = LoggedRequest.status(plain(splitter.field(columns.status))), status > 0 else {
                return .failure(.status)
            }
            var size: Int64? = 0
            if let column = columns.bytes, column < count {
                size = LoggedRequest.size(plain(splitter.field(column)))
            }
            guard let size else { return .failure(.responseSize) }
            var (method, path) = LoggedRequest.parts(plain(splitter.field(columns.path)))
            if let column = columns.method {
                (method, path) = (plain(splitter.field(column)), plain(splitter.field(columns.path)))
            }
            return .success(
                LoggedRequest(
                    time: stamp, isResolved: time.isResolved, method: method, path: path, status: status,
                    responseBytes: size))
        }
    }
}
