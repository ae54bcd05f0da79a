import Units

/// What a supplier lets in: so many requests in each second or minute, by a price list. No amount of money buys more than
/// the largest entry.
public struct Quota: Sendable, Equatable {
    /// The price list; the tier's shapes are the names of its entries.
    public var prices: [Price]
    /// What a request costs that is refused, or sent again, in USD.
    public var dollarsPerRefused: Double

    public init(prices: [Price], dollarsPerRefused: Double = 0) {
        self.prices = prices
        self.dollarsPerRefused = dollarsPerRefused
    }

    /// One entry of the price list.
    public struct Price: Sendable, Equatable {
        /// What it is called.
        public var name: String
        /// Requests that are let in within a window.
        public var requests: Double
        /// The window, which begins anew with each second or minute.
        public var window: Window
        /// What it costs a month.
        public var perMonth: Money

        public init(name: String, requests: Double, window: Window = .second, perMonth: Money) {
            self.name = name
            self.requests = requests
            self.window = window
            self.perMonth = perMonth
        }

        /// Requests a second in mean.
        public var requestsPerSecond: Double { requests / Double(window.seconds) }
    }

    /// The time in which requests are counted.
    public enum Window: String, Sendable, CaseIterable {
        case second
        case minute

        /// Its length.
        public var seconds: Int {
            switch self {
            case .second: 1
            case .minute: 60
            }
        }
    }

    /// The entry of a name.
    public func price(named name: String) -> Price? { prices.first { $0.name == name } }

    /// Hours of a month, in which a price a month is paid.
    public static let monthHours = 730.0
}
