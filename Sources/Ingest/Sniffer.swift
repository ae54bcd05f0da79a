import Tape
import Units

/// What reading an input needs to know, as its first lines tell it.
struct Finding: Sendable {
    /// How rows are parted from each other.
    enum Container: Sendable {
        /// A row is a line.
        case lines
        /// A row is a line that holds a JSON object.
        case jsonLines(JSONShape)
        /// A row is an object in a JSON array.
        case jsonArray(JSONShape)
        /// A row is an element of a JSON document of the format's own.
        case jsonDocument
    }

    let format: InputFormat
    var container = Container.lines
    /// How rows are cut into columns; nil for formats with a grammar of their own.
    var table: TableReading?
    /// Bytes to skip at the front: a byte order mark.
    var skip = 0
    /// Lines to pass over at the front that are neither blank nor comments: a banner.
    var bannerLines = 0
}

/// A table's layout with its units of time.
struct TableReading: Sendable {
    let layout: TableLayout
    let time: TimeColumn
    let closeTime: TimeColumn?
    /// The length of a bar.
    let stepSeconds: Int64
}

/// The first lines of an input.
struct TextSample {
    let path: String
    /// The start of the text, behind a byte order mark.
    let head: Bytes
    /// Whether `head` is all of it.
    let isWhole: Bool
    /// Whole lines that are neither blank nor comments nor a `sep=` line.
    let lines: [Bytes]
    /// Lines that begin with `#`.
    let directives: [Bytes]
    /// The clock of times without a zone.
    let zone: LocalZone

    /// How many lines are looked at.
    private static let linesMax = 500

    init(path: String, head: Bytes, isWhole: Bool, zone: LocalZone) {
        self.path = path
        self.head = head
        self.isWhole = isWhole
        self.zone = zone
        var lines: [Bytes] = []
        var directives: [Bytes] = []
        var start = 0
        while start < head.count, lines.count < TextSample.linesMax {
            let end = head[start...].firstIndex(of: 0x0A) ?? head.count
            // The last piece is half a line, unless it is the end of the text or all that there is to look
            // at.
            if end == head.count, !isWhole, !lines.isEmpty { break }
            let line = RowReader.trimmedEnd(Bytes(rebasing: head[start..<end]))
            if !RowReader.isSkipped(line) {
                lines.append(line)
            } else if line.first == 0x23 {
                directives.append(line)
            }
            start = end + 1
        }
        self.lines = lines
        self.directives = directives
    }

    /// Whether at least half of the first lines satisfy a test.
    func mostLines(_ limit: Int = 50, _ test: (Bytes) -> Bool) -> Bool {
        let sample = lines.prefix(limit)
        return !sample.isEmpty && 2 * sample.filter(test).count >= sample.count
    }
}

/// Finds the format of a text from its first lines. A file's name has no say.
struct Sniffer {
    let path: String
    let wanted: InputFormat?
    var zone = LocalZone.utc

    /// How many bytes of the text are looked at.
    static let headLength = 256 << 10

    /// The recognisers, in the order of trial: what is unmistakable first.
    private static let recognisers: [@Sendable (TextSample) -> [Finding]] = [
        AccessLogFormat.recognise, AccessTableFormat.recognise, HAProxyFormat.recognise,
        EnvoyFormat.recognise, AWSLoadBalancerFormat.recognise, CloudFrontFormat.recognise,
        WebSocketFormat.recognise, PrometheusFormat.recognise, KrakenTradesFormat.recognise,
        NginxPlusFormat.recognise, JSONTables.recognise, LobsterFormat.recognise, Tables.recognise,
    ]

    /// Looks at the start of a text; `isWhole` says that it is all of it. With a map, the map decides.
    func find(_ head: Bytes, isWhole: Bool, map: ColumnMap? = nil) throws(IngestError) -> Finding {
        let skip = head.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        let sample = TextSample(
            path: path, head: Bytes(rebasing: head[skip...]), isWhole: isWhole, zone: zone)
        if head.starts(with: [0xFF, 0xFE]) {
            throw .binary(path: path, hint: "it starts as UTF-32; convert it: iconv -f UTF-32 -t UTF-8")
        }
        guard let first = sample.lines.first else {
            if head.contains(0) { throw .binary(path: path, hint: "it holds NUL bytes") }
            if var found = CloudFrontFormat.recognise(sample).first {
                found.skip = skip
                return found
            }
            throw .empty(path: path)
        }
        if let map { return try MappedTables(map: map).find(sample, skip: skip) }
        var other: Finding?
        for recognise in Sniffer.recognisers {
            for found in recognise(sample) {
                if let wanted, wanted != found.format {
                    other = other ?? found
                    continue
                }
                var found = found
                found.skip = skip
                return found
            }
        }
        if let wanted, let other {
            throw .otherFormat(path: path, wanted: wanted.rawValue, found: other.format.rawValue)
        }
        if sample.lines.prefix(5).contains(where: { $0.contains(0) }) {
            throw .binary(path: path, hint: "it holds NUL bytes")
        }
        throw .unrecognised(path: path, near: near(first))
    }

    /// What the file looks like, for the message that says that no format fits.
    private func near(_ first: Bytes) -> String {
        if first.first == 0x7B || first.first == 0x5B {
            return "it is JSON, but of no shape that is known; `--map` can name its keys"
        }
        if first.starts(with: "PAR1".utf8) { return "it looks like Parquet; export it as CSV" }
        let text = String(decoding: first.prefix(60), as: UTF8.self)
        let shown = text.unicodeScalars.map { $0.value < 0x20 ? " " : String($0) }.joined()
        if NumberParsing.fixed(first) != nil {
            return "its lines are single numbers without times; `--map` can say when they start: \(shown)"
        }
        let fields = first.filter { $0 == 0x2C }.count + 1
        return "the first line has \(fields) comma-separated fields: \(shown)"
    }
}
