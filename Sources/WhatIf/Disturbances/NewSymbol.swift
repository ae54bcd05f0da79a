/// A symbol that has not been traded here.
///
/// Its messages are mixed as those of the symbol that it is like, and until symbols are placed anew its orders go to that
/// one's shard: a place for a symbol is part of the placement, not of an event.
struct NewSymbol: DemandDisturbing {
    static let name = "new-symbol"
    static let meaning = "A new symbol is listed, on the shard of one that it is like."

    let like: String
    let factor: Double
    let tradesPerSecond: Double
    let course: Course

    init(_ keys: inout KeyReader) {
        _ = keys.word("symbol", [], default: "NEW", "Its name, for the reader.")
        like = keys.symbols("like", default: "*", "The symbol that it is like; of several, the busiest.")
        factor = keys.number(
            "x", in: "factor", EventKey.factors, default: 1, "Its trades, as a multiple of the other's.")
        tradesPerSecond = keys.number(
            "trades_per_second", in: "trades/s", 0...1_000_000, default: 0,
            "Its trades in a second; above 0, instead of the multiple.")
        course = keys.course(ramp: "1m", hold: "30m", decay: "30m")
    }

    func act(onDemandOf input: WhatIfInput) -> DemandAct? {
        let trades = input.tradesPerSecond
        let matching = input.matches(like)
        let known = trades.indices.filter { matching[$0] }
        guard let place = known.max(by: { (trades[$0], $1) < (trades[$1], $0) }) else { return nil }
        let added = tradesPerSecond > 0 ? tradesPerSecond : factor * trades[place]
        return .byStrength { demand, strength in demand.trades[place] += added * strength.share }
    }
}
