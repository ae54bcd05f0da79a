import Exchange

/// The demand of a second, to be disturbed.
struct DisturbedDemand {
    /// Trades a second of each symbol; all its messages go with them.
    var trades: [Double]
    /// Factors on the messages of each symbol beyond that, by class.
    private(set) var factors: [SIMD4<Double>]
    /// Messages a second on top, by class; symbols share them as they share the undisturbed trades.
    private(set) var extraPerSecond = SIMD4<Double>.zero

    init(_ input: WhatIfInput) {
        trades = input.tradesPerSecond
        factors = input.symbols.map { _ in SIMD4(repeating: 1) }
    }

    /// Multiplies the messages of a class of all symbols.
    mutating func multiply(_ demandClass: DemandClass, by factor: Double) {
        for symbol in factors.indices { factors[symbol][demandClass.position] *= factor }
    }

    /// Adds messages a second of a class.
    mutating func add(_ messagesPerSecond: Double, _ demandClass: DemandClass) {
        extraPerSecond[demandClass.position] += messagesPerSecond
    }
}

/// What a disturbance does to the demand of a second, made once for an exchange.
enum DemandAct: Sendable {
    /// By its strength alone, so that the seconds at its height are alike.
    case byStrength(@Sendable (inout DisturbedDemand, Strength) -> Void)
    /// By the seconds since it began too.
    case byMoment(@Sendable (inout DisturbedDemand, Moment) -> Void)

    /// Multiplies each symbol's trades, by these factors at its height.
    static func multiplyingTrades(by factors: [Double]) -> DemandAct {
        .byStrength { demand, strength in
            for symbol in factors.indices { demand.trades[symbol] *= strength.of(factors[symbol]) }
        }
    }

    func act(on demand: inout DisturbedDemand, at moment: Moment) {
        switch self {
        case .byStrength(let act): act(&demand, moment.strength)
        case .byMoment(let act): act(&demand, moment)
        }
    }

    /// What of a moment makes a difference; equal moments give the same demand.
    func essence(of moment: Moment) -> Moment {
        switch self {
        case .byStrength: Moment(strength: moment.strength, seconds: 0)
        case .byMoment: moment.isPresent ? moment : Moment(strength: moment.strength, seconds: 0)
        }
    }
}
