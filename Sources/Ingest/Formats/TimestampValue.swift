/// Counts by interval of one series.
enum TimestampValueFormat {
    static let entry = FormatEntry(
        format: .timestampValue, title: "One series of counts, as in NAB",
        grammar: "a time and a number, with a header of any two names, or without",
        recognition: "two columns, a time and numbers",
        series: "`metrics/generic/<file>`",
        notes: "A time that comes again with another value, as when summer time ends, is quarantined.",
        samples: ["api_gateway_requests.csv"])
}
