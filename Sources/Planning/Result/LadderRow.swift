/// A row of `ladder.csv`: how many nodes one tier would need if no more were asked of it than this.
public struct LadderRow: Sendable, Equatable {
    /// What is asked, each on top of the one before.
    public enum Rung: String, Sendable, CaseIterable {
        /// To do the work of the busiest step of the median path.
        case medianPeak = "median_peak"
        /// The same of all but 1 % of paths.
        case peak99 = "q99_peak"
        /// The same of all paths but those that may break.
        case allowedPeak = "allowed_peak"
        /// To keep the objective with the bursts of every hour, on all paths but those that may break.
        case objective
        /// To keep it with what may be lost gone.
        case losses
        /// To hold surges on top of the forecast too; only where there are some to hold.
        case hold
        /// What runs at the most: nodes that warm up and those that stay for their minimum time too.
        case schedule
    }

    /// The tier.
    public var tier: String
    /// What is asked.
    public var rung: Rung
    /// The load that is asked for, in seconds of work a second (servers kept busy).
    public var servers: Double
    /// Nodes of the chosen shape; nil where no number of them does.
    public var nodes: Int?
}
