import Exchange

/// The region with everything in it: nothing serves until another region has taken over, with what runs there.
struct RegionLoss: CapacityDisturbing {
    static let name = "region-loss"
    static let meaning =
        "The region fails; after the failover another one serves with a share of the capacity."

    let failoverSeconds: Double
    let shareThere: Double
    let lagSeconds: Double
    let course: Course

    init(_ keys: inout KeyReader) {
        failoverSeconds = keys.seconds("failover", default: "5m", "Time until the other region serves.")
        shareThere = keys.number(
            "share", in: "share", 0.001...1, default: 1, "Capacity there, as a share of that here.")
        lagSeconds = keys.seconds("lag", default: "1s", "Time of writes that the other region is behind.")
        course = keys.pulse(for: "1h")
    }

    func act(on queue: inout DisturbedQueue, at moment: Moment) {
        if moment.seconds < failoverSeconds {
            queue.isHalted = true
        } else {
            queue.capacityShare *= shareThere
        }
    }

    /// The orders and cancels of the lag.
    func recordsLost(on input: WhatIfInput) -> Double {
        lagSeconds
            * zip(input.symbols, input.tradesPerSecond).reduce(0) { sum, symbol in
                sum + symbol.1 * (symbol.0.mix.perTrade[.order] + symbol.0.mix.perTrade[.cancel])
            }
    }
}
