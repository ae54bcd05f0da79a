/// What goes wrong over a span, in the terms of error budgets (`ErrorBudget`).
public struct PlanMisses: Sendable, Equatable {
    /// Minutes over the objective, all tiers together.
    public var minutes: Double
    /// The share of requests that are late, the sum of the tiers' shares.
    public var shareLate: Double
    /// What the minutes cost, in dollars; 0 where they have no price.
    public var dollars: Double

    /// Figures; by default nothing goes wrong.
    public init(minutes: Double = 0, shareLate: Double = 0, dollars: Double = 0) {
        (self.minutes, self.shareLate, self.dollars) = (minutes, shareLate, dollars)
    }

    /// What a budget counts of them.
    public func counted(by budget: ErrorBudget) -> Double {
        switch budget {
        case .minutesPerMonth: minutes
        case .shareOfRequests: shareLate
        case .dollarsPerMinute: dollars
        }
    }

    /// Both together.
    public static func + (one: PlanMisses, other: PlanMisses) -> PlanMisses {
        PlanMisses(
            minutes: one.minutes + other.minutes, shareLate: one.shareLate + other.shareLate,
            dollars: one.dollars + other.dollars)
    }
}
