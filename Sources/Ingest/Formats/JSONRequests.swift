extension InputFormat {
    /// Access logs as JSON lines.
    public static let jsonRequests = InputFormat(
        "json-requests", rows: .requests,
        title: "Access log as JSON lines: Envoy, nginx, Caddy, Traefik and others",
        grammar:
            "one object per line with a time (`start_time`, `time`, `@timestamp`, `ts` …), a path (`path`, "
            + "`uri`, `request.uri` …) and a status (`response_code`, `status` …), optionally `method` and "
            + "`bytes_sent`",
        recognition: "the key names; keys of nested objects are read as `outer.inner`",
        series: "`requests/<venue>/<route class>`",
        notes: "A status that is null or 0 counts as an offered request without a status.",
        samples: ["envoy.jsonl"])
}

struct JSONRequestsFormat: TableFormat {
    let about = InputFormat.jsonRequests

    var recognition: [Recognition] { [.names(.kind) { $0.isJSON ? $0.requests : nil }] }

    func read(_ table: TableReading, _ feed: RowFeed, _ lines: inout LineReader) throws(IngestError) {
        try feed.requests(&lines, RequestTableFormat.Grammar(table))
    }
}
