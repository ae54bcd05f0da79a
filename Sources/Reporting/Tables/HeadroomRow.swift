import Tables
import Units

/// A row of `headroom.csv`: how long today's nodes of a queue last as demand grows.
public struct HeadroomRow: Sendable, Equatable {
    /// The tier.
    public var tier: String
    /// The shard; nil for a tier that is one queue, and for all shards of a tier together.
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
    /// From the order to the node, in seconds.
    public var leadSeconds = 0.0
    /// Whether nodes that are ordered today come too late, as likely as not.
    public var isLate = false
    /// The chance that the busiest step of some week passes what is held before nodes are there that are ordered today, and
    /// that are ordered a week later; nil where none are needed.
    public var probabilityBeforeArrival: Double?
    public var probabilityWeekLater: Double?
    /// What it costs to order a week later: the added chance times one step over the objective, less a week of the nodes;
    /// nil where a minute over has no price.
    public var waitCost: Money?

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

extension HeadroomRow {
    /// What to order and by when, as `3 × c7i.large by 12 March 2026, lead 30 days`; nil where nothing is.
    public var order: String? {
        guard let nodesToAdd else { return nil }
        let date = isLate ? "now" : orderBy.map { "by \(HeadroomRow.day($0))" } ?? "in time"
        let days = leadSeconds / 86_400
        let lead = "\(NumberText.figure(days)) \(days == 1 ? "day" : "days")"
        return "\(nodesToAdd) × \(shape) \(date), lead \(lead)"
    }

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
        "November", "December",
    ]

    /// A day in words, as `12 March 2026`.
    private static func day(_ time: Timestamp) -> String {
        let parts = time.description.prefix(10).split(separator: "-").compactMap { Int($0) }
        guard parts.count == 3, months.indices.contains(parts[1] - 1) else { return time.description }
        return "\(parts[2]) \(months[parts[1] - 1]) \(parts[0])"
    }
}

extension RunTables {
    /// How long today's nodes last.
    public static let headroom = TableSchema<HeadroomRow>(
        "headroom.csv", of: "run", "How long today's nodes of a queue last if demand grows as it did.",
        [
            .text("tier", in: .name, "The tier.", \.tier),
            .text(
                "shard", in: .name,
                "The shard; empty where the tier has none, and for all shards growing in proportion.", \.shard
            ),
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
            .number("lead_days", in: "d", "Time from the order to the nodes.") { $0.leadSeconds / 86_400 },
            .text(
                "order", in: .prose, "The order as a phrase; empty if none is needed.", \.order),
            .number(
                "p_before_arrival", in: .probability,
                "Chance that a week's peak step exceeds the capacity before nodes ordered today arrive.",
                \.probabilityBeforeArrival),
            .number(
                "p_before_arrival_week_later", in: .probability,
                "The same chance if they are ordered a week later.", \.probabilityWeekLater),
            .money(
                "wait_week_cost_usd",
                "Cost of waiting a week: the chance that it adds, times one step over the objective at the plan file's "
                    + "cost of a minute, less the price of the nodes for a week; empty without that cost.",
                \.waitCost),
        ])
}
