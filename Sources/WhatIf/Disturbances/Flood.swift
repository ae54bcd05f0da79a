/// As by clients that ask again and again, or an attack.
struct Flood: DemandDisturbing {
    static let name = "flood"
    static let meaning = "Read-only requests are multiplied."

    let factor: Double
    let course: Course

    init(_ keys: inout KeyReader) {
        factor = keys.factor()
        course = keys.course(ramp: "30s", hold: "15m", decay: "1m")
    }

    func act(onDemandOf input: WhatIfInput) -> DemandAct? {
        .byStrength { demand, strength in demand.multiply(.query, by: strength.of(factor)) }
    }
}
