import Units

extension InputFormat {
    /// CloudFront standard logs, and other logs in the W3C extended format: the line `#Fields:` names the
    /// columns.
    public static let cloudFront = InputFormat(
        "cloudfront", rows: .requests, title: "CloudFront standard log; W3C extended log",
        grammar: """
            `#Fields: date time … sc-bytes … cs-method … cs-uri-stem sc-status …`, then rows separated by \
            tabs, or by blanks if there are no tabs. A later `#Fields:` line changes the columns of the rows \
            below it.
            """,
        recognition: "a line `#Fields:` that names `date`, `time` (or `timestamp`) and `sc-status`",
        series: "`requests/<venue>/<route class>`",
        notes:
            "`-` is an empty field. A status of `000` (the client disconnected) counts as an offered request "
            + "without a status.",
        samples: ["cloudfront.log"])
}

struct CloudFrontFormat: LogFormat {
    let about = InputFormat.cloudFront

    var recognition: [Recognition] {
        [.text { $0.directives.contains { W3CFields($0) != nil } ? Finding(self) : nil }]
    }

    func read(_ feed: RowFeed, _ lines: inout LineReader) throws(IngestError) {
        try feed.requests(&lines, Grammar(zone: feed.options.zone))
    }

    func faults(in found: Finding) -> any RowFaults { Faults() }

    /// Finds the field that is at fault by the columns that were named last.
    private struct Faults: RowFaults {
        private var fields: W3CFields?

        mutating func note(directive: Bytes) { fields = W3CFields(directive) ?? fields }

        func offset(of reason: BadRow, in row: Bytes) -> Int? {
            guard let fields else { return nil }
            var columns: [ColumnRole: Int] = [.time: fields.date ?? fields.time, .status: fields.status]
            columns[.bytes] = fields.bytes
            return TableFaults(
                delimiter: row.contains(0x09) ? 0x09 : 0x20, columnCount: fields.count, columns: columns
            ).offset(of: reason, in: row)
        }
    }

    /// Where the columns are.
    struct W3CFields {
        let count: Int
        let date: Int?
        let time: Int
        let status: Int
        let method: Int?
        let path: Int?
        let bytes: Int?

        /// The columns that a line `#Fields: …` names; nil for any other line.
        init?(_ line: Bytes) {
            let text = String(decoding: line, as: UTF8.self)
            guard text.lowercased().hasPrefix("#fields:") else { return nil }
            let names = text.dropFirst(8).split { $0 == " " || $0 == "\t" }.map { $0.lowercased() }
            func place(_ wanted: String...) -> Int? {
                wanted.lazy.compactMap { name in names.firstIndex(of: name) }.first
            }
            count = names.count
            date = place("date")
            guard let time = place("time", "timestamp"), let status = place("sc-status") else { return nil }
            self.time = time
            self.status = status
            method = place("cs-method")
            path = place("cs-uri-stem", "cs-uri")
            bytes = place("sc-bytes")
        }
    }

    /// Reads one line.
    struct Grammar: RequestGrammar, ~Copyable {
        private var fields: W3CFields?
        private var tabbed = FieldSplitter(delimiter: 0x09)
        private var blank = FieldSplitter(delimiter: 0x20)
        private var stamp: [UInt8] = []
        private var dateTime: TimeColumn
        private var epoch = TimeColumn(
            unit: .seconds, isResolved: true, reference: Timestamp(seconds: 1_767_225_600))

        init(zone: LocalZone) {
            dateTime = TimeColumn(unit: .text, isResolved: false, zone: zone)
        }

        mutating func note(directive: Bytes) {
            if let named = W3CFields(directive) { fields = named }
        }

        mutating func read(_ line: Bytes) -> Result<LoggedRequest, BadRow> {
            guard let fields else { return .failure(.logLine) }
            if line.contains(0x09) {
                return CloudFrontFormat.read(line, fields, &tabbed, &stamp, &dateTime, &epoch)
            }
            return CloudFrontFormat.read(line, fields, &blank, &stamp, &dateTime, &epoch)
        }
    }

    private static func read(
        _ line: Bytes, _ fields: W3CFields, _ splitter: inout FieldSplitter, _ text: inout [UInt8],
        _ dateTime: inout TimeColumn, _ epoch: inout TimeColumn
    ) -> Result<LoggedRequest, BadRow> {
        guard let count = splitter.split(line) else { return .failure(.quotes) }
        guard count == fields.count else { return .failure(.fieldCount) }
        let read: Result<Timestamp, TimeColumn.TimeProblem>
        if let date = fields.date {
            text.removeAll(keepingCapacity: true)
            text.append(contentsOf: splitter.field(date))
            text.append(0x20)
            text.append(contentsOf: splitter.field(fields.time))
            read = text.withUnsafeBytes { dateTime.read($0) }
        } else {
            read = epoch.read(splitter.field(fields.time))
        }
        let stamp: Timestamp
        switch read {
        case .success(let time): stamp = time
        case .failure(let problem): return .failure(problem.reason)
        }
        guard let status = LoggedRequest.status(splitter.field(fields.status)) else {
            return .failure(.status)
        }
        guard let size = fields.bytes.map({ LoggedRequest.size(splitter.field($0)) }) ?? 0 else {
            return .failure(.responseSize)
        }
        let none = Bytes(rebasing: line.prefix(0))
        return .success(
            LoggedRequest(
                time: stamp, isResolved: fields.date == nil,
                method: fields.method.map { splitter.field($0) } ?? none,
                path: fields.path.map { splitter.field($0) } ?? none, status: status, responseBytes: size))
    }
}
