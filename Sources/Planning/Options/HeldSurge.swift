import Exchange

/// A surge of demand that a plan has to hold on top of the forecast, as it is at its height.
public struct HeldSurge: Sendable, Equatable {
    /// The event, as what-ifs write it: `surge:x=5,ramp=4m`.
    public var event: String
    /// Seconds from its start to its height.
    public var rampSeconds: Double
    /// Factors on the messages of each symbol, by class, at its height.
    public var factors: [ClassRates]
    /// Messages a second on top, by class, which symbols share as they share the trades before it.
    public var extraPerSecond: ClassRates

    /// A surge from what it is at its height.
    public init(event: String, rampSeconds: Double, factors: [ClassRates], extraPerSecond: ClassRates = .zero)
    {
        self.event = event
        self.rampSeconds = rampSeconds
        self.factors = factors
        self.extraPerSecond = extraPerSecond
    }

    /// The chance that a surge may break any objective, with all nodes up: the share of a what-if's histories that may break
    /// while it counts as held. Tiers share it evenly (Boole's inequality), so that a what-if of the same event agrees.
    static let probabilityBroken = 0.05
}
