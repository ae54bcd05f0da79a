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
    /// What comes of it when the work takes longer, one for each of `MaintenanceRow.overruns`.
    public var overruns: [Overrun]

    /// Planned work that takes a multiple of its time, one node of every tier out.
    public struct Overrun: Sendable, Equatable {
        /// How many times as long it takes.
        public var factor: Int
        /// The share of paths that break some tier until it is over.
        public var probabilityBroken: Double
        /// Hours that some tier is expected to break until then.
        public var hoursBroken: Double
        /// What these hours cost; nil where that is not told.
        public var cost: Money?
    }

    /// The multiples that are looked at: late, very late, and Kraken's of January 2018, when two hours became 48.
    public static let overruns = [2, 10, 24]

    /// A row from its parts.
    public init(
        rank: Int, start: Timestamp, end: Timestamp, loadShare: Double,
        probabilityBrokenNodeOut:
            Double, probabilityBrokenZoneOut: Double, worstLoadOverHeldQ99: Double, tightestTier: String,
        overruns: [Overrun] = []
    ) {
        self.overruns = overruns
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
