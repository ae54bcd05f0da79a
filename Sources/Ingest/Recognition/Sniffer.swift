import Tape
import Units

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
        NginxPlusFormat.recognise, JSONRecogniser.recognise, LobsterFormat.recognise,
        TableRecogniser.recognise,
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
