/// A format of log that can be read. `entry` tells each one.
public enum InputFormat: String, Sendable, CaseIterable {
    case binanceTrades = "binance-trades"
    case binanceAggTrades = "binance-aggtrades"
    case binanceKlines = "binance-klines"
    case tardisTrades = "tardis-trades"
    case tardisBook = "tardis-book"
    case timePriceAmount = "time-price-amount"
    case krakenBars = "kraken-ohlcvt"
    case krakenTrades = "kraken-trades-json"
    case coinbaseTrades = "coinbase-trades"
    case bitmexTrades = "bitmex-trades"
    case bitmexBars = "bitmex-bars"
    case lobsterMessages = "lobster-messages"
    case trades
    case bars
    case accessLog = "access-log"
    case accessTable = "access-table"
    case requestTable = "request-table"
    case awsLoadBalancer = "aws-alb"
    case cloudFront = "cloudfront"
    case envoy
    case jsonRequests = "json-requests"
    case haproxy
    case webSocketCapture = "websocket"
    case nginxPlusStatus = "nginx-plus-status"
    case prometheusMatrix = "prometheus-matrix"
    case grafana
    case series
    case timestampValue = "timestamp-value"
    case events

    /// All names, in the order of the list above.
    public static var allNames: [String] { allCases.map(\.rawValue) }

    /// The venue of a file that does not say which one it is from.
    var defaultVenue: String {
        switch self {
        case .binanceTrades, .binanceAggTrades, .binanceKlines: "binance-spot"
        case .bitmexBars, .bitmexTrades: "bitmex"
        case .krakenBars, .krakenTrades: "kraken"
        case .coinbaseTrades: "coinbase"
        case .lobsterMessages: "nasdaq"
        case .prometheusMatrix: "prometheus"
        case .grafana: "grafana"
        case .webSocketCapture: "websocket"
        case .nginxPlusStatus: "nginx-plus"
        default: isRequests ? "http" : "generic"
        }
    }

    /// Whether each row is a request.
    public var isRequests: Bool {
        switch self {
        case .accessLog, .accessTable, .requestTable, .awsLoadBalancer, .cloudFront, .envoy, .jsonRequests,
            .haproxy:
            true
        default: false
        }
    }

    /// Whether rows are bars, with a length.
    public var isBars: Bool {
        switch self {
        case .binanceKlines, .bitmexBars, .krakenBars, .bars: true
        default: false
        }
    }

    /// Whether rows are counts by interval.
    public var isCounts: Bool {
        switch self {
        case .series, .timestampValue, .grafana, .prometheusMatrix, .nginxPlusStatus: true
        default: false
        }
    }
}
