/// The minutes around a funding time of perpetual futures: positions are opened and closed to receive or avoid it.
struct Funding: DemandDisturbing {
    static let name = "funding"
    static let meaning = "Demand rises towards a funding time and falls after it."

    let factor: Double
    let course: Course
    let symbols: String

    init(_ keys: inout KeyReader) {
        factor = keys.factor()
        course = keys.course(ramp: "5m", hold: "1m", decay: "5m")
        symbols = keys.symbols()
    }

    func act(onDemandOf input: WhatIfInput) -> DemandAct? {
        .multiplyingTrades(by: input.matches(symbols).map { $0 ? factor : 1 })
    }
}
