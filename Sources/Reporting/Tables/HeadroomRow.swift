import Tables
import Units

/// A row of `headroom.csv`: how long today's nodes of a queue last as demand grows.
public struct HeadroomRow: Sendable, Equatable {
    /// The tier.
    public var tier: String
    /// The shard; nil for a tier that is one queue.
    public var shard: String?
    /// Messages a second in the busiest step of a week, in the median of the last four weeks.
    public var levelPerSecond: Double
    /// Messages a second at which the latency objective breaks.
    public var heldPerSecond: Double
    /// The chance that the busiest step of some week passes that within 26 weeks.
    public var probability: Double
    /// Days until it does, as likely as not, and the ends of the central 95 %; nil: not within 26 weeks.
    public var days: Double?
    public var daysLow: Double?
    public var daysHigh: Double?
    /// Nodes to add so that 26 weeks of growth are held as likely as not; nil where nodes do not add up, or none are needed.
    public var nodesToAdd: Int?
    /// Their shape.
    public var shape: String
    /// When they have to be ordered, for the nodes to be there in time as likely as not; nil where none are.
    public var orderBy: Timestamp?

    public init(
        tier: String, shard: String?, levelPerSecond: Double, heldPerSecond: Double, probability: Double,
        days: Double?, daysLow: Double?, daysHigh: Double?, nodesToAdd: Int?, shape: String,
        orderBy: Timestamp?
    ) {
        (self.tier, self.shard, self.shape) = (tier, shard, shape)
        (self.levelPerSecond, self.heldPerSecond) = (levelPerSecond, heldPerSecond)
        (self.probability, self.days, self.daysLow) = (probability, days, daysLow)
        (self.daysHigh, self.nodesToAdd, self.orderBy) = (daysHigh, nodesToAdd, orderBy)
    }
}

extension RunTables {
    /// How long today's nodes last.
    public static let headroom = TableSchema<HeadroomRow>(
        "headroom.csv", of: "run", "How long today's nodes of a queue last if demand grows as it did.",
        [
            .text("tier", in: .name, "The tier.", \.tier),
            .text("shard", in: .name, "The shard; empty where the tier has none.", \.shard),
            .number(
                "level_per_second", in: .perSecond,
                "Messages in the peak step of a week, median of the last four weeks.",
                \.levelPerSecond),
            .number(
                "held_per_second", in: .perSecond, "Messages at which the latency objective breaks.",
                \.heldPerSecond),
            .number(
                "p_26_weeks", in: .probability,
                "Chance that the peak step of some week exceeds that within 26 weeks.",
                \.probability),
            .number(
                "days", in: "d", "Days until it does, median; empty if not within 26 weeks.", \.days),
            .number("days_lo", in: "d", "Days after which the chance is 2.5 %.", \.daysLow),
            .number("days_hi", in: "d", "Days after which the chance is 97.5 %.", \.daysHigh),
            .integer(
                "nodes_to_add", in: "nodes",
                "Nodes to add for the median growth of 26 weeks; empty if none are needed, or more nodes do not help.",
                \.nodesToAdd),
            .text("shape", in: .name, "The shape of today's nodes.", \.shape),
            .time(
                "order_by", "Latest time to order them for the median day; empty if none are needed.",
                \.orderBy),
        ])
}
