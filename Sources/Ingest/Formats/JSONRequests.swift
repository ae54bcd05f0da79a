/// Access logs as JSON lines.
enum JSONRequestsFormat {
    static let entry = FormatEntry(
        format: .jsonRequests, title: "Access log as JSON lines: Envoy, nginx, Caddy, Traefik and others",
        grammar:
            "one object a line with a time (`start_time`, `time`, `@timestamp`, `ts` …), a path (`path`, "
            + "`uri`, "
            + "`request.uri` …) and a status (`response_code`, `status` …), optionally `method` and "
            + "`bytes_sent`",
        recognition: "the names of the keys; keys of nested objects count as `outer.inner`",
        series: "`requests/<venue>/<route class>`",
        notes: "A status that is null or 0 counts as offered, without a status.",
        samples: ["envoy.jsonl"])
}
