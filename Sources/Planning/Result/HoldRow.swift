import Units

/// A row of `hold.csv`: how a tier holds a surge on top of the forecast, or what all of them together cost for it.
public struct HoldRow: Sendable, Equatable {
    /// How it is held.
    public enum Way: String, Sendable, CaseIterable {
        /// The nodes that the forecast asks for hold it.
        case planned = "as planned"
        /// Nodes run ahead, since more would come too late.
        case floor
        /// Some nodes run ahead, and the rest is ordered when the load passes a level.
        case trigger
        /// No allowed nodes hold it.
        case notHeld = "not held"
    }

    /// The event, as what-ifs write it.
    public var event: String
    /// The tier; nil for all together.
    public var tier: String?
    public var way: Way
    /// The step with the highest load of the surge; nil for all together, and where the tier does not feel it.
    public var worstStart: Timestamp?
    /// Work a second at its height in that step, in seconds.
    public var workAtHeight: Double?
    /// Nodes that serve in that step before it.
    public var nodesBefore: Int?
    /// Nodes that would serve in that step if the plan had no surge to hold.
    public var nodesWithout: Int?
    /// Node hours that the plan has more over the planned span for this surge alone; those of another shape where it changes
    /// the shape.
    public var nodeHoursMore: Double?
    /// The shape that would be planned without it, where it is another.
    public var shapeWithout: String?
    /// Nodes that hold its height, all up.
    public var nodesAtHeight: Int?
    /// Work a second, in that step, from which on more nodes have to be ordered; nil where none are.
    public var triggerWork: Double?
    /// Seconds from such a load until ordered nodes serve; nil where nothing is scaled while it lasts.
    public var lagSeconds: Double?
    /// What the plan costs more for it, over the planned span.
    public var extraCost: Money
    /// The same in a month.
    public var extraCostOfMonth: Money

    /// A row from its figures; without figures of a tier, that of all together.
    public init(
        event: String, tier: String? = nil, way: Way, extraCost: Money, extraCostOfMonth: Money
    ) {
        self.event = event
        self.tier = tier
        self.way = way
        self.extraCost = extraCost
        self.extraCostOfMonth = extraCostOfMonth
    }
}
