import Exchange

/// What the reader of a plan has to know.
public struct PlanFinding: Sendable, Equatable {
    /// How much it matters.
    public enum Severity: String, Sendable, CaseIterable {
        /// A requirement cannot be held by any option that is allowed.
        case infeasible
        /// What is planned instead of what cannot be held.
        case effort = "best effort"
        /// With how little less asked for it would be held.
        case relaxation
        /// The plan holds, but something behind it is weak.
        case warning
    }

    /// What was found, with its figures; loads and what is held in seconds of work a second.
    public enum Fact: Sendable, Equatable {
        /// No allowed shape holds a tier's load: what the best of them lacks.
        case noShapeHolds(shape: String, kind: TierKind, Shortfall)
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
        /// So many symbols have to move at least, of those placements that were tried, and fewer may.
        case movesPassLimit(needed: Int, limit: Int)
        /// Surges that have to be held on top of the forecast and are not, as what-ifs write them.
        case surgeNotHeld(events: [String])
        /// The least that goes wrong is more than the budget allows, as `PlanMisses.counted` counts.
        case budgetExceeded(ErrorBudget, expected: Double, allowed: Double)
        /// The loss of a zone is to be survived in one zone.
        case zoneLossInOneZone
        /// The loss of a region is to be survived in one region.
        case regionLossInOneRegion
        /// A loss that is to be survived leaves less than a majority of a quorum's members, which lie in so many zones and
        /// placement groups.
        case noMajority(members: Int, left: Int, zones: Int, groups: Int, QuorumLoss)
        /// A disk is full after so many days, at the growth of that share of paths that fill it the fastest.
        case diskFull(days: Double, diskGiB: Double, share: Double)
        /// A restore takes longer than it may; seconds.
        case restoreTooLong(seconds: Double, most: Double, sizeGiB: Double)
        /// What is planned for a tier that cannot be held.
        case bestEffort(BestEffort)
        /// Each of these by itself would let a tier hold that cannot be held, the smallest first; none where no single one
        /// that was tried does.
        case wouldHold([Relaxation])
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

    /// Whether it is of a surge on top of the forecast.
    var isOfSurge: Bool { if case .surgeNotHeld = fact { true } else { false } }

    /// Whether it is of a chance of a break that is not promised where a budget is.
    var isOfChance: Bool {
        switch fact {
        case .symbolOutgrowsShard, .moreSymbolsOutgrowShards, .shardOverloaded: true
        default: false
        }
    }

    /// How much it matters.
    public var severity: Severity {
        switch fact {
        case .bestEffort: .effort
        case .wouldHold: .relaxation
        case .tooFewPaths, .diskFull, .restoreTooLong: .warning
        default: .infeasible
        }
    }
}
