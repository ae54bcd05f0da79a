/// What is to be known of a format: its entry in the table that documentation and help are made from.
public struct FormatEntry: Sendable {
    /// The format.
    public let format: InputFormat
    /// What it is.
    public let title: String
    /// Its columns, or the grammar of its lines.
    public let grammar: String
    /// How it is told from others.
    public let recognition: String
    /// Which series it gives, and what counts as one.
    public let series: String
    /// What else a reader should know.
    public let notes: String
    /// Files in `Datasets/samples`.
    public let samples: [String]
}

extension InputFormat {
    /// The format's entry in the table.
    public var entry: FormatEntry {
        switch self {
        case .binanceTrades: BinanceTradesFormat.entry
        case .binanceAggTrades: BinanceAggregateTradesFormat.entry
        case .binanceKlines: BinanceKlinesFormat.entry
        case .tardisTrades: TardisTradesFormat.entry
        case .tardisBook: TardisBookFormat.entry
        case .timePriceAmount: TimePriceAmountFormat.entry
        case .krakenBars: KrakenBarsFormat.entry
        case .krakenTrades: KrakenTradesFormat.entry
        case .coinbaseTrades: CoinbaseFormat.entry
        case .bitmexTrades: BitMEXTradesFormat.entry
        case .bitmexBars: BitMEXBarsFormat.entry
        case .lobsterMessages: LobsterFormat.entry
        case .trades: HeadedTradesFormat.entry
        case .bars: HeadedBarsFormat.entry
        case .accessLog: AccessLogFormat.entry
        case .accessTable: AccessTableFormat.entry
        case .requestTable: RequestTableFormat.entry
        case .awsLoadBalancer: AWSLoadBalancerFormat.entry
        case .cloudFront: CloudFrontFormat.entry
        case .envoy: EnvoyFormat.entry
        case .jsonRequests: JSONRequestsFormat.entry
        case .haproxy: HAProxyFormat.entry
        case .webSocketCapture: WebSocketFormat.entry
        case .nginxPlusStatus: NginxPlusFormat.entry
        case .prometheusMatrix: PrometheusFormat.entry
        case .grafana: GrafanaFormat.entry
        case .series: SeriesTableFormat.entry
        case .timestampValue: TimestampValueFormat.entry
        case .events: EventsFormat.entry
        }
    }
}

/// The table of formats as a page.
public enum FormatGuide {
    /// The page, in Markdown: a table to choose from, then a section for each format, then what holds for
    /// all.
    public static var markdown: String {
        let entries = InputFormat.allCases.map(\.entry)
        var text =
            "# Formats\n\nWhat `highwater ingest` reads. `highwater ingest --list-formats` prints this "
            + "page.\n\n"
        text += "| name | what it is |\n|---|---|\n"
        for entry in entries { text += "| `\(entry.format.rawValue)` | \(entry.title) |\n" }
        text += "\n" + common
        for entry in entries { text += "\n" + section(entry) }
        return text
    }

    private static func section(_ entry: FormatEntry) -> String {
        var text = "## `\(entry.format.rawValue)`\n\n\(entry.title).\n\n"
        text += "- **Layout:** \(entry.grammar)\n"
        text += "- **Known by:** \(entry.recognition)\n"
        text += "- **Series:** \(entry.series)\n"
        if !entry.notes.isEmpty { text += "- **Note:** \(entry.notes)\n" }
        if !entry.samples.isEmpty {
            text += "- **Sample:** " + entry.samples.map { "`samples/\($0)`" }.joined(separator: ", ") + "\n"
        }
        return text
    }

    private static let common = """
        The format is found by content, never by the file's name; `--format-in` decides where two would \
        fit, and `--map` \
        names the columns of a table or the keys of JSON that is none of these.

        What holds for all of them:

        - Compressed files (`gzip`, `zstd`, `zip`, `xz`, `bzip2`) and standard input (`-`) are read as \
        plain ones. Of a \
        zip with several files, each is read by itself.
        - Text is UTF-8, with or without a byte order mark, or UTF-16 with one. Lines end in LF or CRLF. \
        Blank lines, lines \
        that begin with `#`, a first line `sep=…`, up to four banner lines above a header, and a header \
        that comes again \
        are not rows.
        - Tables are cut at commas, tabs, semicolons or bars; a quoted field may hold the delimiter, \
        doubled marks and line \
        ends. A line may have 1 MiB.
        - Numbers may be in scientific notation. They are kept in units of 1e-8, exactly.
        - Times are seconds, milliseconds, microseconds or nanoseconds since the epoch, with or without a \
        fraction, or ISO \
        8601 with any offset. The unit is found for the whole column; a stamp of another unit is taken \
        where its date is \
        within five years of the file's others. A text without a zone is UTC, or what `--zone` says.
        - Rows may come in any order. Rows with an id that was there before, in the same file, another file \
        or an earlier \
        ingest, are duplicates. Rows without ids are never duplicates of each other: two alike are two trades.
        - A trade is counted at the second of its time, a bar over its own length. Counts by interval take \
        the commonest \
        distance of their times for their step.
        - `accepted + duplicates + quarantined = rows`, always. `--quarantine FILE` lists the rows that \
        were not taken in, \
        each with line, column, byte offset and reason.

        """
}
