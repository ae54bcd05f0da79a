struct Surge: DemandDisturbing {
    static let name = "surge"
    static let meaning = "Demand is multiplied."

    let factor: Double
    let course: Course
    let symbols: String

    init(_ keys: inout KeyReader) {
        factor = keys.factor()
        course = keys.course(ramp: "4m", hold: "20m", decay: "10m")
        symbols = keys.symbols()
    }

    func act(onDemandOf input: WhatIfInput) -> DemandAct? {
        .multiplyingTrades(by: input.matches(symbols).map { $0 ? factor : 1 })
    }
}
