import Exchange

/// A region with everything in it.
///
/// Where the plan names regions, its nodes are gone with its zones, as the plan has it: what runs in the others goes on, and
/// standbys there take over. Where it names none, the region is all that there is: nothing serves until another one, which
/// no plan knows of, has taken over with a share of the capacity.
struct RegionLoss: CapacityDisturbing {
    static let name = "region-loss"
    static let meaning =
        "A region fails with all zones that the plan file's 'regions' give it; without 'regions' everything fails, and after "
        + "the failover another region serves with a share of the capacity."

    /// The one with the most zones where none is named.
    let region: String?
    let failoverSeconds: Double
    let shareThere: Double
    let lagSeconds: Double
    let course: Course

    init(_ keys: inout KeyReader) {
        region = keys.region("Name of the region; by default the one with the most zones.")
        failoverSeconds = keys.seconds(
            "failover", default: "5m", "Without 'regions': time until the other region serves.")
        shareThere = keys.number(
            "share", in: "share", 0.001...1, default: 1,
            "Without 'regions': capacity there, as a share of that here.")
        lagSeconds = keys.seconds(
            "lag", default: "1s", "Without 'regions': time of writes that the other region is behind.")
        course = keys.pulse(for: "1h")
    }

    func act(on queue: inout DisturbedQueue, at moment: Moment) {
        if let lost = queue.zones(ofRegion: region) {
            queue.zonesLost.formUnion(lost)
        } else if moment.seconds < failoverSeconds {
            queue.isHalted = true
        } else {
            queue.capacityShare *= shareThere
        }
    }

    /// The orders and cancels of the lag; between regions of the plan, failovers lose what standbys are behind.
    func recordsLost(on input: WhatIfInput) -> Double {
        guard input.regions.isEmpty else { return 0 }
        return lagSeconds
            * zip(input.symbols, input.tradesPerSecond).reduce(0) { sum, symbol in
                sum + symbol.1 * (symbol.0.mix.perTrade[.order] + symbol.0.mix.perTrade[.cancel])
            }
    }
}
