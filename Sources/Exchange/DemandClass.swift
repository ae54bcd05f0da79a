/// What a message asks of the exchange; each class costs each tier its own service time.
public enum DemandClass: String, CaseIterable, Sendable, Hashable, Codable, Comparable {
    /// A new order, or a replacement of one.
    case order
    /// A cancel of a resting order.
    case cancel
    /// A request that changes nothing: market data, balances, order status.
    case query
    /// A fill, as the exchange reports it.
    case trade

    /// Orders classes as they are declared.
    public static func < (one: DemandClass, other: DemandClass) -> Bool {
        one.position < other.position
    }

    /// The place in the list of all classes, from 0.
    public var position: Int {
        switch self {
        case .order: 0
        case .cancel: 1
        case .query: 2
        case .trade: 3
        }
    }
}

/// Messages a second by class.
public struct ClassRates: Sendable, Equatable {
    /// One rate for each of `DemandClass.allCases`, in their order.
    public var perSecond: SIMD4<Double>

    /// No demand.
    public static let zero = ClassRates(perSecond: .zero)

    /// Rates in the order of `DemandClass.allCases`.
    public init(perSecond: SIMD4<Double>) {
        self.perSecond = perSecond
    }

    /// The rate of one class.
    public subscript(demandClass: DemandClass) -> Double {
        get { perSecond[demandClass.position] }
        set { perSecond[demandClass.position] = newValue }
    }

    /// All classes together.
    public var total: Double { perSecond.sum() }

    /// The sum of two demands.
    public static func + (one: ClassRates, other: ClassRates) -> ClassRates {
        ClassRates(perSecond: one.perSecond + other.perSecond)
    }

    /// A demand several times over.
    public static func * (rates: ClassRates, factor: Double) -> ClassRates {
        ClassRates(perSecond: rates.perSecond * factor)
    }
}

/// How many messages of each class come with one trade of a symbol.
///
/// Logs count trades for every symbol, and requests for the exchange as a whole; the mix carries the first to the rest.
public struct MessageMix: Sendable, Equatable {
    /// Messages for each trade, by class; the class `trade` is 1.
    public var perTrade: ClassRates

    /// A mix from orders, cancels and queries for each trade.
    public init(ordersPerTrade: Double, cancelsPerTrade: Double, queriesPerTrade: Double) {
        perTrade = ClassRates(perSecond: [ordersPerTrade, cancelsPerTrade, queriesPerTrade, 1])
    }

    /// Where no log tells. LOBSTER's sample of GOOG on 2012-06-21 holds 71,258 resting orders and 64,980 cancels or
    /// reductions to 7,765 visible executions, with 1.3 executions to an aggressive order: 9.9 orders and 8.4 cancels
    /// for each trade. Queries are set equal to orders, an assumption to be replaced by one's own logs.
    public static let standard = MessageMix(ordersPerTrade: 9.9, cancelsPerTrade: 8.4, queriesPerTrade: 9.9)
}
