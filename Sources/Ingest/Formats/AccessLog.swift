/// nginx and Apache access logs; `AccessLogParser` reads them.
enum AccessLogFormat {
    static let entry = FormatEntry(
        format: .accessLog, title: "nginx and Apache access log, common and combined",
        grammar: """
            `host ident user [05/Jan/2026:09:00:00 +0000] "METHOD path HTTP/v" status bytes …`; whatever \
            follows (referrer, \
            agent, request time) is passed over, and a line may be quoted as a whole
            """,
        recognition:
            "a bracketed time with a zone, then a quoted request and a status, in half of the first 50 lines",
        series:
            "`requests/<venue>/<route class>`; status classes and bytes are kept, 429 and 5xx count as "
            + "offered",
        notes: "`--routes FILE` puts rules of one's own before the built-in classes of routes.",
        samples: ["access.log"])

    static func recognise(_ sample: TextSample) -> [Finding] {
        var clock = LogClock()
        let fits = sample.mostLines { line in
            if case .success = AccessLogLine.read(line, clock: &clock) { true } else { false }
        }
        return fits ? [Finding(format: .accessLog)] : []
    }
}
