import Units

/// What a plan's error budget comes to.
public struct PlanBudget: Sendable, Equatable {
    /// What was asked.
    public var budget: ErrorBudget
    /// Hours of the planned span.
    public var spanHours: Double
    /// What goes wrong, by tier, then all together.
    public var rows: [BudgetRow]
    /// What other budgets cost, the cheapest nodes first; the plan's own is among them.
    public var frontier: [BudgetFrontierRow]

    /// What goes wrong in all tiers that count.
    public var said: PlanMisses { rows.last?.misses ?? PlanMisses() }

    /// What is allowed in the span, as `PlanMisses.counted` counts; nil where the cheapest sum is sought.
    public var allowed: Double? { budget.allowed(inHours: spanHours) }
}

/// A row of `budget.csv`: what goes wrong over the planned span.
public struct BudgetRow: Sendable, Equatable {
    /// The tier; nil for all that count together.
    public var tier: String?
    /// Whether it counts.
    public var counts: Bool
    /// While what is to be survived is lost.
    public var misses: PlanMisses
    /// What the nodes cost over the span.
    public var cost: Money

    public init(tier: String?, counts: Bool, misses: PlanMisses, cost: Money) {
        (self.tier, self.counts, self.misses, self.cost) = (tier, counts, misses, cost)
    }
}

/// A row of `budget_frontier.csv`: nodes of all tiers that count, by their cost, and what goes wrong with them.
public struct BudgetFrontierRow: Sendable, Equatable {
    /// What the nodes cost over the span.
    public var cost: Money
    /// What goes wrong.
    public var misses: PlanMisses
    /// Whether it is the plan.
    public var isChosen: Bool

    public init(cost: Money, misses: PlanMisses, isChosen: Bool) {
        (self.cost, self.misses, self.isChosen) = (cost, misses, isChosen)
    }
}
