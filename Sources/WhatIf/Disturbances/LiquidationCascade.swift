import Exchange

/// A price move that liquidates positions, whose orders move the price further.
///
/// A position of leverage L is liquidated at a move of 1/L. The margins 1/L of the open interest are spread evenly from
/// 1/`max` to 1/`min`. So a move m liquidates F(m) = (m − a) / (b − a) of it, with a and b these margins, and moves
/// the price by k F(m), where k is the open interest over the notional that moves the price by one percent. The move at
/// rest solves m = m₀ + k F(m): m = a + (m₀ − a) / (1 − n) with the branching ratio n = k / (b − a). Where n ≥ 1, or m
/// passes b, all is liquidated, and m = m₀ + k. The book stands in as one depth at all prices. Everybody else answers the
/// move as in `PriceMove`.
struct LiquidationCascade: DemandDisturbing {
    static let name = "cascade"
    static let meaning = "A price move liquidates positions, and their orders move the price further."

    let outcome: Outcome
    let openInterest: Double
    let orderNotional: Double
    let elasticity: Double
    let course: Course
    let symbols: String

    /// Where a cascade comes to rest.
    struct Outcome: Sendable, Equatable {
        /// The whole move, in percent.
        var percent: Double
        /// The share of the open interest that is liquidated.
        var shareLiquidated: Double
    }

    init(_ keys: inout KeyReader) {
        let percent = keys.number(
            "percent", in: "percent", 0.1...99, default: 5, "The first move, in percent.")
        openInterest = keys.number(
            "interest", in: "USD", 0...1e13, default: 1e9, "Open interest in the direction that loses.")
        let depth = keys.number(
            "depth", in: "USD", 1...1e13, default: 1e8, "Notional that moves the price by one percent.")
        let most = keys.number("max", in: "leverage", 1.01...1000, default: 100, "The largest leverage.")
        let least = keys.number("min", in: "leverage", 1...999, default: 2, "The smallest leverage.")
        orderNotional = keys.number(
            "order", in: "USD", 1...1e9, default: 10_000, "Notional of a liquidation order.")
        elasticity = keys.number(
            "elasticity", in: "plain number", 0...3, default: PriceMove.usualElasticity,
            "Exponent of the demand of all others as a power of the move.")
        course = keys.course(ramp: "1m", hold: "3m", decay: "30m")
        symbols = keys.symbols()
        outcome = LiquidationCascade.outcome(
            percent: percent, impactPercent: openInterest / depth, leastMargin: 100 / max(most, least),
            mostMargin: 100 / min(most, least))
    }

    /// Where a move of so many percent comes to rest; margins and impact in percent.
    static func outcome(
        percent: Double, impactPercent: Double, leastMargin: Double, mostMargin: Double
    ) -> Outcome {
        guard percent > leastMargin else { return Outcome(percent: percent, shareLiquidated: 0) }
        let width = mostMargin - leastMargin
        let ratio = width > 0 ? impactPercent / width : .infinity
        let rest = leastMargin + (percent - leastMargin) / (1 - ratio)
        guard ratio < 1, rest < mostMargin else {
            return Outcome(percent: min(99, percent + impactPercent), shareLiquidated: 1)
        }
        return Outcome(percent: rest, shareLiquidated: (rest - leastMargin) / width)
    }

    func act(onDemandOf input: WhatIfInput) -> DemandAct? {
        let factor = PriceMove.demandFactor(percent: -outcome.percent, elasticity: elasticity)
        let factors = input.matches(symbols).map { $0 ? factor : 1 }
        // They come while the move runs: half of them at rising and falling strength, as the areas of the course are.
        let seconds = course.rampSeconds / 2 + course.holdSeconds + course.decaySeconds / 2
        let orders = openInterest * outcome.shareLiquidated / orderNotional / max(1, seconds)
        return .byStrength { demand, strength in
            for symbol in factors.indices { demand.trades[symbol] *= strength.of(factors[symbol]) }
            demand.add(orders * strength.share, .order)
        }
    }
}
