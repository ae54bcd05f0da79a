import Tape
import Units

/// The classes of routes that an exchange's requests are counted by: few, so that a flood of made-up paths
/// cannot make thousands of series.
public enum RouteClass: String, Sendable, CaseIterable {
    /// New and changed orders.
    case orders
    /// Cancels: `DELETE` on a path of orders, or a path that says so.
    case cancels
    /// Questions about the client's own state: orders, balances, positions, transfers.
    case account
    /// Public market data: depth, trades, candles, tickers.
    case marketData = "market-data"
    /// Signing in, tokens, keys.
    case auth
    /// Opening a stream or a WebSocket.
    case stream
    /// Files, known by their ending.
    case `static`
    /// Everything else.
    case other
}

/// Tells the class of a request from its method and its path.
///
/// A path is cut at slashes. Each part, in lower case and without hyphens and underscores, is looked up among
/// the words that exchanges use; of the classes found, the first of orders, auth, stream, account and market
/// data decides. A path of orders is a cancel with `DELETE`, and a question about the account with `GET` or
/// `HEAD`.
///
/// Rules of one's own go first, in their order: the first whose method and pattern fit decides.
public struct RouteTable: Sendable {
    /// The names of the classes, the built-in ones first.
    public let classNames: [String]
    private let rules: [(method: [UInt8]?, pattern: Wildcards<UInt8>, index: Int)]
    private let words: [(hash: UInt64, rank: Int)]
    private let endings: Set<UInt64>

    /// Classes by rank; a lower rank wins.
    private static let ranks: [(RouteClass, [String])] = [
        (.cancels, ["cancel", "cancelorder", "cancelorders", "cancelall", "cancelbatch", "batchcancel"]),
        (
            .orders,
            [
                "order", "orders", "neworder", "placeorder", "batchorders", "openorders", "allorders",
                "orderlist",
                "oco", "amend", "amendorder", "cancelreplace", "orderamend", "submitorder", "addorder",
            ]
        ),
        (
            .auth,
            [
                "auth", "login", "logout", "signin", "signup", "signout", "register", "oauth", "oauth2",
                "token",
                "tokens", "session", "sessions", "password", "2fa", "mfa", "totp", "apikey", "apikeys",
                "captcha",
            ]
        ),
        (
            .stream,
            [
                "ws", "wss", "websocket", "stream", "streams", "sse", "socketio", "userdatastream",
                "listenkey",
                "feed", "realtime",
            ]
        ),
        (
            .account,
            [
                "account", "accounts", "balance", "balances", "position", "positions", "positionrisk",
                "wallet",
                "wallets", "deposit", "deposits", "withdraw", "withdrawal", "withdrawals", "transfer",
                "transfers",
                "mytrades", "fills", "margin", "leverage", "user", "users", "me", "portfolio", "income",
                "ledger",
                "ledgers",
            ]
        ),
        (
            .marketData,
            [
                "depth", "ticker", "tickers", "trades", "aggtrades", "historicaltrades", "klines", "candles",
                "ohlc", "ohlcv", "exchangeinfo", "time", "ping", "book", "orderbook", "bookticker", "quotes",
                "quote",
                "instruments", "markets", "market", "products", "symbols", "price", "prices", "avgprice",
                "24hr",
                "fundingrate", "premiumindex", "openinterest", "marketdata", "md", "public", "spread",
            ]
        ),
    ]

    private static let fileEndings = [
        "avif", "bmp", "css", "eot", "gif", "htm", "html", "ico", "jpeg", "jpg", "js", "json5", "map", "mov",
        "mp3",
        "mp4", "mpg", "otf", "pdf", "png", "svg", "ttf", "txt", "wasm", "webm", "webmanifest", "webp", "woff",
        "woff2", "xbm", "xml", "zip",
    ]

    /// A rule: requests of a method (nil for any) whose path fits a pattern are of a class.
    public struct Rule: Sendable, Equatable {
        /// The method, in capitals, or nil for any.
        public var method: String?
        /// A pattern over the whole path without its query: `*` is any run of bytes, `?` any one.
        public var pattern: String
        public var className: String

        public init(method: String?, pattern: String, className: String) {
            self.method = method
            self.pattern = pattern
            self.className = className
        }
    }

    /// The built-in table, behind rules of one's own.
    public init(rules: [Rule] = []) {
        var names = RouteClass.allCases.map(\.rawValue)
        var own: [(method: [UInt8]?, pattern: Wildcards<UInt8>, index: Int)] = []
        for rule in rules {
            let index = names.firstIndex(of: rule.className) ?? names.count
            if index == names.count { names.append(rule.className) }
            own.append((rule.method.map { Array($0.utf8) }, RouteTable.pattern(rule.pattern), index))
        }
        classNames = names
        self.rules = own
        var words: [(hash: UInt64, rank: Int)] = []
        for (rank, (_, list)) in RouteTable.ranks.enumerated() {
            words += list.map { (FNV1a.hash($0.utf8), rank) }
        }
        self.words = words.sorted { $0.hash < $1.hash }
        endings = Set(RouteTable.fileEndings.map { FNV1a.hash($0.utf8) })
    }

    /// The number of a request's class in `classNames`.
    public func classIndex(method: UnsafeRawBufferPointer, path: UnsafeRawBufferPointer) -> Int {
        if !rules.isEmpty {
            let plain = RouteTable.withoutHost(path)
            let end = plain.firstIndex { $0 == 0x3F || $0 == 0x23 } ?? plain.count
            let whole = UnsafeRawBufferPointer(rebasing: plain[..<end])
            for rule in rules {
                if let wanted = rule.method, !method.elementsEqual(wanted) { continue }
                if rule.pattern.matches(whole) { return rule.index }
            }
        }
        return classify(method: method, path: path).index
    }

    /// The built-in class of a request, from the bytes of its method and of its path (a query and a host are
    /// ignored).
    public func classify(method: UnsafeRawBufferPointer, path: UnsafeRawBufferPointer) -> RouteClass {
        var best = RouteTable.ranks.count
        var part: UInt64 = FNV1a.empty
        var ending: UInt64?
        for byte in RouteTable.withoutHost(path) {
            switch byte {
            case 0x2F:  // slash
                best = min(best, rank(part))
                part = FNV1a.empty
                ending = nil
            case 0x3F, 0x23:  // the query and the fragment end the path
                return decide(method, min(best, rank(part)), ending)
            case 0x2E:  // dot
                ending = FNV1a.empty
                part = FNV1a.extended(part, by: UInt64(byte))
            case 0x2D, 0x5F: break  // hyphen and underscore
            default:
                let lower = byte &- 0x41 < 26 ? byte | 0x20 : byte
                part = FNV1a.extended(part, by: UInt64(lower))
                ending = ending.map { FNV1a.extended($0, by: UInt64(lower)) }
            }
        }
        return decide(method, min(best, rank(part)), ending)
    }

    private func decide(_ method: UnsafeRawBufferPointer, _ rank: Int, _ ending: UInt64?) -> RouteClass {
        guard rank < RouteTable.ranks.count else {
            return ending.map { endings.contains($0) } == true ? .static : .other
        }
        let found = RouteTable.ranks[rank].0
        guard found == .orders else { return found }
        switch method.first {
        case 0x44: return .cancels  // DELETE
        case 0x47, 0x48: return .account  // GET, HEAD
        default: return .orders
        }
    }

    private func rank(_ hash: UInt64) -> Int {
        var low = 0
        var high = words.count
        while low < high {
            let middle = (low + high) / 2
            if words[middle].hash < hash { low = middle + 1 } else { high = middle }
        }
        return low < words.count && words[low].hash == hash ? words[low].rank : RouteTable.ranks.count
    }

    /// `http://host/path` as proxies log it.
    private static func withoutHost(_ path: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        guard path.count > 8, path[0] | 0x20 == 0x68, let colon = path.prefix(6).firstIndex(of: 0x3A),
            path[colon + 1] == 0x2F, path[colon + 2] == 0x2F
        else { return path }
        let rest = UnsafeRawBufferPointer(rebasing: path[(colon + 3)...])
        guard let slash = rest.firstIndex(of: 0x2F) else {
            return UnsafeRawBufferPointer(rebasing: rest.prefix(0))
        }
        return UnsafeRawBufferPointer(rebasing: rest[slash...])
    }

}

extension RouteClass {
    var index: Int {
        switch self {
        case .orders: 0
        case .cancels: 1
        case .account: 2
        case .marketData: 3
        case .auth: 4
        case .stream: 5
        case .static: 6
        case .other: 7
        }
    }
}
