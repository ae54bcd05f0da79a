import Exchange

/// What the reader of a plan has to know.
public struct PlanFinding: Sendable, Equatable {
    /// How much it matters.
    public enum Severity: String, Sendable, CaseIterable {
        /// A requirement cannot be held by any option that is allowed.
        case infeasible
        /// The plan holds, but something behind it is weak.
        case warning
    }

    /// What was found, with its figures; loads and what is held in seconds of work a second.
    public enum Fact: Sendable, Equatable {
        /// No allowed shape holds a tier's load: what today's lacks.
        case noShapeHolds(todaysShape: String, kind: TierKind, Shortfall)
        /// A symbol breaks its tier's objective on an idle shard.
        case symbolBreaksIdle(symbol: String, Objective)
        /// A symbol has to be held at more than one shard holds; `meanSeconds` of work a message.
        case symbolOutgrowsShard(
            symbol: String, load: Double, held: Double, meanSeconds: Double, Objective)
        /// So many more symbols are each too much for one shard.
        case moreSymbolsOutgrowShards(Int)
        /// Even with one symbol a shard, some shard has to hold a multiple of what it can.
        case shardOverloaded(requiredShare: Double, probabilityAllowed: Double)
        /// Shards with so many nodes each pass the limit of nodes.
        case shardsPassLimit(shards: Int, copies: Int, limit: Int)
        /// The loss of a zone is to be survived in one zone.
        case zoneLossInOneZone
        /// Paths are too few to tell the probability that is allowed.
        case tooFewPaths(count: Int, probabilityAllowed: Double)
    }

    /// The tier; nil for the plan as a whole.
    public var tier: String?
    /// What was found.
    public var fact: Fact

    public init(tier: String? = nil, fact: Fact) {
        (self.tier, self.fact) = (tier, fact)
    }

    /// How much it matters.
    public var severity: Severity {
        if case .tooFewPaths = fact { .warning } else { .infeasible }
    }
}
