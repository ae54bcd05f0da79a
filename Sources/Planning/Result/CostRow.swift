import Exchange
import Units

/// A row of `cost.csv`.
public struct CostRow: Sendable, Equatable {
    public var tier: String
    public var shape: String
    /// How it is paid.
    public var purchase: Purchase
    /// Hours of nodes over the planned span.
    public var nodeHours: Double
    /// What they cost.
    public var cost: Money
    /// The same where today's nodes are bought as the plan buys, with commitment where that is cheaper.
    public var comparableCost: Money
    /// Hours of the planned span.
    public var spanHours: Double

    /// What they cost in a month of `Shape.hoursPerMonth` hours that are all as those of the planned span.
    public var monthlyCost: Money { perMonth(cost) }

    /// The same like for like.
    public var comparableMonthlyCost: Money { perMonth(comparableCost) }

    private func perMonth(_ cost: Money) -> Money {
        spanHours > 0 ? Money(dollars: cost.dollars * Shape.hoursPerMonth / spanHours) : .zero
    }
}
