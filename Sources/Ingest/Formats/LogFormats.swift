/// The list of formats: a format is one file beside this one, and one line here.
enum LogFormats {
    /// In the order of the page. Of two that claim the same names with the same strength, the first goes first.
    static let all: [any LogFormat] = [
        BinanceTradesFormat(),
        BinanceAggregateTradesFormat(),
        BinanceKlinesFormat(),
        TardisTradesFormat(),
        TardisBookFormat(),
        TimePriceAmountFormat(),
        KrakenBarsFormat(),
        KrakenTradesFormat(),
        KrakenOHLCFormat(),
        CoinbaseFormat(),
        BitMEXTradesFormat(),
        BybitTradesFormat(),
        BitMEXBarsFormat(),
        LobsterFormat(),
        HeadedTradesFormat(),
        HeadedBarsFormat(),
        AccessLogFormat(),
        AccessTableFormat(),
        RequestTableFormat(),
        AWSLoadBalancerFormat(),
        CloudFrontFormat(),
        EnvoyFormat(),
        JSONRequestsFormat(),
        HAProxyFormat(),
        WebSocketFormat(),
        NginxPlusFormat(),
        PrometheusFormat(),
        GrafanaFormat(),
        SeriesTableFormat(),
        TimestampValueFormat(),
        EventsFormat(),
    ]
}

extension InputFormat: CaseIterable, RawRepresentable {
    /// All formats, in the order of the page.
    public static let allCases = LogFormats.all.map(\.about)

    /// All names, in the same order.
    public static var allNames: [String] { allCases.map(\.rawValue) }

    /// The format of a name; nil where there is none.
    public init?(rawValue: String) {
        guard let known = InputFormat.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
        self = known
    }
}
