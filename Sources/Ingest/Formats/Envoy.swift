import Units

extension InputFormat {
    /// Envoy's default text format, and Istio's, which puts details between the flags and the bytes.
    public static let envoy = InputFormat(
        "envoy", rows: .requests, title: "Envoy access log (text), also Istio's",
        grammar: """
            `[2026-01-05T09:00:00.310Z] "METHOD path HTTP/v" status flags [details…] received sent duration …`
            """,
        recognition: "an ISO time in brackets at the start, then a quoted request and a status",
        series: "`requests/<venue>/<route class>`; bytes are those sent",
        notes: "A status of `0` (the client disconnected) counts as an offered request without a status.",
        samples: ["envoy.log"])
}

struct EnvoyFormat: LogFormat {
    let about = InputFormat.envoy

    var recognition: [Recognition] { [.requests(self) { Grammar(zone: $0) }] }

    func read(_ feed: RowFeed, _ lines: inout LineReader) throws(IngestError) {
        try feed.requests(&lines, Grammar(zone: feed.options.zone))
    }

    func faults(in found: Finding) -> any RowFaults { TokenFaults(time: 0, status: 2, bytes: 4) }

    /// Reads one line.
    struct Grammar: RequestGrammar, ~Copyable {
        private var tokens = LogTokens()
        private var time: TimeColumn

        init(zone: LocalZone) {
            time = TimeColumn(unit: .text, isResolved: true, zone: zone)
        }

        mutating func read(_ line: Bytes) -> Result<LoggedRequest, BadRow> {
            guard line.first == 0x5B else { return .failure(.logLine) }
            guard tokens.cut(line) else { return .failure(.quotes) }
            guard tokens.count > 4, tokens.isQuoted(1), !tokens.isQuoted(2) else { return .failure(.logLine) }
            let stamp: Timestamp
            switch time.read(tokens[0]) {
            case .success(let read): stamp = read
            case .failure(let problem): return .failure(problem.reason)
            }
            guard let status = LoggedRequest.status(tokens[2]) else { return .failure(.status) }
            guard let sent = bytesSent() else { return .failure(.responseSize) }
            let (method, path) = LoggedRequest.parts(tokens[1])
            return .success(
                LoggedRequest(
                    time: stamp, isResolved: true, method: method, path: path, status: status,
                    responseBytes: sent))
        }

        /// The second of the first two bare numbers in a row behind the flags.
        private func bytesSent() -> Int64? {
            for index in 4..<tokens.count - 1
            where !tokens.isQuoted(index) && !tokens.isQuoted(index + 1) {
                if NumberParsing.unsigned(tokens[index]) != nil,
                    let sent = NumberParsing.unsigned(tokens[index + 1])
                {
                    return sent
                }
            }
            return nil
        }
    }
}
