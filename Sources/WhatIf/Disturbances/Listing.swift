struct Listing: DemandDisturbing {
    static let name = "listing"
    static let meaning = "Demand for one symbol is multiplied, and for the others by less."

    let factor: Double
    let course: Course
    /// A pattern; empty: the busiest symbol.
    let symbol: String
    let othersFactor: Double

    init(_ keys: inout KeyReader) {
        factor = keys.factor()
        course = keys.course(ramp: "1m", hold: "30m", decay: "30m")
        symbol = keys.symbols("symbol", default: "", "The symbol; by default the busiest.")
        othersFactor = keys.number(
            "others", in: "factor", EventKey.factors, default: 1.5,
            "Factor on the demand for the other symbols.")
    }

    func act(onDemandOf input: WhatIfInput) -> DemandAct? {
        let trades = input.tradesPerSecond
        let busiest = trades.indices.max { (trades[$0], $1) < (trades[$1], $0) }
        let listed = symbol.isEmpty ? trades.indices.map { $0 == busiest } : input.matches(symbol)
        return .multiplyingTrades(by: listed.map { $0 ? factor : othersFactor })
    }
}
