import Exchange
import Planning

extension Disturbance {
    /// Whether it changes the demand, so that more capacity holds it; the others take capacity away.
    public var changesDemand: Bool { kind is any DemandDisturbing }

    /// What it is at its height, as a plan has to hold it on top of a demand.
    ///
    /// - Parameters:
    ///   - event: Its text, for the reports.
    ///   - input: The exchange at the level from which it rises.
    /// - Returns: The surge; nil where it changes no demand.
    /// - Throws: `WhatIfError` where it names symbols that there are not.
    public func heldSurge(_ event: String, on input: WhatIfInput) throws(WhatIfError) -> HeldSurge? {
        try check(input)
        guard let act = kind.act(onDemandOf: input) else { return nil }
        var demand = DisturbedDemand(input)
        demand.trades = input.symbols.map { _ in 1 }
        act.act(on: &demand, at: Moment(strength: Strength(share: 1), seconds: course.rampSeconds))
        let factors = zip(demand.trades, demand.factors).map { ClassRates(perSecond: $1 * $0) }
        return HeldSurge(
            event: event, rampSeconds: course.rampSeconds, factors: factors,
            extraPerSecond: ClassRates(perSecond: demand.extraPerSecond))
    }
}
