import Foundation

/// How demand answers a price move within an hour, where no response has been measured.
///
/// Demand goes as (m + m₀)^γ with m the absolute logarithm of the move, and is ordinary at the median move m₀.
/// The figures are medians over five pairs of Binance, hourly trade counts of 2022 and 2023; a fall and a rise
/// of the same size differed by two hundredths.
public struct PriceMove: DemandDisturbing {
    static let name = "price-move"
    static let meaning = "Demand responds to a price move of so many percent within an hour."

    /// γ.
    public static let usualElasticity = 0.65
    /// m₀: half of all hours move the price by less.
    public static let medianMove = 0.007
    /// The lowest price over the one before that is told from none at all.
    private static let leastPriceRatio = 1e-6

    let percent: Double
    let elasticity: Double
    let course: Course
    let symbols: String

    init(_ keys: inout KeyReader) {
        percent = keys.number("percent", in: "percent", -99...1000, "Price move in percent, such as -25.")
        elasticity = keys.number(
            "elasticity", in: "plain number", 0...3, default: PriceMove.usualElasticity,
            "Exponent of demand as a power of the move; 'surge --what price' estimates it.")
        course = keys.course(ramp: "10m", hold: "1h", decay: "3h")
        symbols = keys.symbols()
    }

    /// What multiplies demand when the price moves by so many percent; 1 for a move of the median or less.
    public static func demandFactor(percent: Double, elasticity: Double) -> Double {
        let move = abs(log(max(1 + percent / 100, leastPriceRatio)))
        return max(1, pow((move + medianMove) / (2 * medianMove), elasticity))
    }

    func act(onDemandOf input: WhatIfInput) -> DemandAct? {
        let factor = PriceMove.demandFactor(percent: percent, elasticity: elasticity)
        return .multiplyingTrades(by: input.matches(symbols).map { $0 ? factor : 1 })
    }
}
