import Units

/// A row of `maintenance.csv`: a window for planned work.
public struct MaintenanceRow: Sendable, Equatable {
    /// Its place by risk, from 1.
    public var rank: Int
    public var start: Timestamp
    public var end: Timestamp
    /// The load in the window over the mean load of the planned span, in mean over paths and tiers.
    public var loadShare: Double
    /// The share of paths that break some tier in the window with one node of every tier out.
    public var probabilityBrokenNodeOut: Double
    /// The same with the largest zone out.
    public var probabilityBrokenZoneOut: Double
    /// The 99 % quantile over paths of load over what is held, in the worst tier and step, with the largest
    /// zone out.
    public var worstLoadOverHeldQ99: Double
    public var tightestTier: String

    /// A row from its parts.
    public init(
        rank: Int, start: Timestamp, end: Timestamp, loadShare: Double,
        probabilityBrokenNodeOut:
            Double, probabilityBrokenZoneOut: Double, worstLoadOverHeldQ99: Double, tightestTier: String
    ) {
        self.rank = rank
        self.start = start
        self.end = end
        self.loadShare = loadShare
        self.probabilityBrokenNodeOut = probabilityBrokenNodeOut
        self.probabilityBrokenZoneOut = probabilityBrokenZoneOut
        self.worstLoadOverHeldQ99 = worstLoadOverHeldQ99
        self.tightestTier = tightestTier
    }
}
