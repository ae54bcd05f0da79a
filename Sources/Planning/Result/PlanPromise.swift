import Exchange

/// The rule by which a plan's requirement was set.
public struct PlanPromise: Sendable, Equatable {
    /// The probability with which any tier may break in any step (0 to 1).
    public var probabilityAllowed: Double
    /// The probability for each tier that comes to that.
    public var eachTier: Double
    /// Tiers that are planned.
    public var tierCount: Int
    /// Paths that were drawn.
    public var pathCount: Int
    /// Whether some load was carried on past the largest path by a fitted tail.
    public var usesTail: Bool
    /// The factor on all loads, at least 1.
    public var headroomFactor: Double
    /// What is to be survived.
    public var survival: Survival
    /// What happens until a standby serves, by tier; none where no tier has one to wait for.
    public var gaps: [FailoverGap]

    /// A rule from its figures.
    public init(
        probabilityAllowed: Double, eachTier: Double, tierCount: Int, pathCount: Int, usesTail: Bool,
        headroomFactor: Double,
        survival: Survival = Survival(zoneCount: 1, spareNodes: 0, survivesZoneLoss: false),
        gaps: [FailoverGap] = []
    ) {
        self.probabilityAllowed = probabilityAllowed
        self.eachTier = eachTier
        self.tierCount = tierCount
        self.pathCount = pathCount
        self.usesTail = usesTail
        self.headroomFactor = headroomFactor
        self.survival = survival
        self.gaps = gaps
    }
}
