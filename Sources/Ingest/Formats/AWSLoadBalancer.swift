import Units

extension InputFormat {
    /// AWS Application Load Balancers, and the classic ones before them.
    public static let awsLoadBalancer = InputFormat(
        "aws-alb", rows: .requests, title: "AWS load balancer access log (ALB; classic ELB too)",
        grammar: """
            `type time elb client:port target:port request_time target_time response_time elb_status \
            target_status received sent "METHOD url HTTP/v" "agent" …`; anything after that is ignored, so \
            AWS may append fields. Classic ELB: the same without `type`.
            """,
        recognition:
            "one of the words `http https h2 grpcs ws wss`, an ISO time, then statuses and a quoted request",
        series: "`requests/<venue>/<route class>`; the status is the load balancer's, and bytes are those "
            + "sent",
        notes: "A status of `-` counts as an offered request without a status.",
        samples: ["alb.log"])
}

struct AWSLoadBalancerFormat: LogFormat {
    let about = InputFormat.awsLoadBalancer

    var recognition: [Recognition] { [.requests(self) { Grammar(zone: $0) }] }

    func read(_ feed: RowFeed, _ lines: inout LineReader) throws(IngestError) {
        try feed.requests(&lines, Grammar(zone: feed.options.zone))
    }

    func faults(in found: Finding) -> any RowFaults {
        TokenFaults(
            time: 1, status: 8, bytes: 11, missing: { $0.first.map { $0 &- 0x30 < 10 } == true ? 1 : 0 })
    }

    /// Reads one line.
    struct Grammar: RequestGrammar, ~Copyable {
        private var tokens = LogTokens()
        private var time: TimeColumn

        init(zone: LocalZone) {
            time = TimeColumn(unit: .text, isResolved: true, zone: zone)
        }

        mutating func read(_ line: Bytes) -> Result<LoggedRequest, BadRow> {
            guard tokens.cut(line) else { return .failure(.quotes) }
            // The classic form begins with the time, without a bracket as Envoy's has it.
            let shift =
                tokens.count > 0 && !tokens.isQuoted(0) && tokens[0].first.map { $0 &- 0x30 < 10 } == true
                ? -1 : 0
            guard tokens.count > 12 + shift, tokens.isQuoted(12 + shift), !tokens.isQuoted(8 + shift) else {
                return .failure(.logLine)
            }
            let stamp: Timestamp
            switch time.read(tokens[1 + shift]) {
            case .success(let read): stamp = read
            case .failure(let problem): return .failure(problem.reason)
            }
            guard let status = LoggedRequest.status(tokens[8 + shift]) else { return .failure(.status) }
            guard let sent = LoggedRequest.size(tokens[11 + shift]) else { return .failure(.responseSize) }
            let (method, path) = LoggedRequest.parts(tokens[12 + shift])
            return .success(
                LoggedRequest(
                    time: stamp, isResolved: true, method: method, path: path, status: status,
                    responseBytes: sent))
        }
    }
}
