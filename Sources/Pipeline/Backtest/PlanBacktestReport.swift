import Numerics
import Tables
import Units

/// One past week, planned again.
public struct PlannedWeek: Sendable {
    /// The start of the week: what lies before it was known.
    public var start: Timestamp
    /// Whether the plan said that it holds.
    public var saidHolds: Bool
    /// The chance of a break that the plan told.
    public var told: Double
    /// The chance of a break given the loads that came.
    public var came: Double
    /// Expected hours that break, given those loads.
    public var hoursBroken: Double
    /// What the plan cost.
    public var cost: Money
    /// What a plan would have cost that knew the loads.
    public var hindsightCost: Money
    /// Other rules, and other chances, on the same week.
    public var rules: [Rule]

    /// What one rule would have come to.
    public struct Rule: Sendable {
        public var name: String
        /// The factor on what it takes; of the plan, the chance of a break that is allowed.
        public var factor: Double
        /// The chance of a break given the loads that came.
        public var came: Double
        /// What its nodes cost.
        public var cost: Money
    }

    /// Whether it broke, as likely as not.
    public var broke: Bool { came >= 0.5 }
}

/// Past weeks, planned again and held against what came.
public struct PlanBacktestReport: Sendable {
    /// The weeks in order.
    public var weeks: [PlannedWeek]
    /// The chance of a break that the plan file allows.
    public var allowed: Double

    /// A rule over all weeks.
    public struct RuleScore: Sendable {
        public var name: String
        /// Its factor; of the plan, the chance of a break that is allowed.
        public var factor: Double
        /// Weeks that broke, as likely as not.
        public var weeksBroken: Int
        /// What its nodes cost over all weeks.
        public var cost: Money
    }

    /// Every rule over the weeks in which it had enough history, in the order of the weeks' own.
    public var rules: [RuleScore] {
        var order: [(name: String, factor: Double)] = []
        for rule in weeks.flatMap(\.rules) where !order.contains(where: { $0 == (rule.name, rule.factor) }) {
            order.append((rule.name, rule.factor))
        }
        return order.compactMap { name, factor in
            let all = weeks.compactMap { week in week.rules.first { $0.name == name && $0.factor == factor } }
            // A rule that had no history in some weeks would look cheap.
            guard all.count == weeks.count else { return nil }
            return RuleScore(
                name: name, factor: factor, weeksBroken: all.count { $0.came >= 0.5 },
                cost: all.reduce(.zero) { $0 + $1.cost })
        }
    }

    /// What came of the promises, in a sentence.
    public var sentence: String {
        let held = weeks.count { !$0.broke }
        var text =
            "Of the last \(weeks.count) plans, \(held) would have held (promised: "
            + "\(NumberText.percent(1 - allowed)))"
        let broken = weeks.count - held
        let cost = weeks.reduce(Money.zero) { $0 + $1.cost }
        let simple = rules.filter { $0.name.hasSuffix("maximum") && $0.weeksBroken <= broken }
        if let cheapest = simple.min(by: { $0.cost < $1.cost }), cheapest.cost > .zero {
            text +=
                "; they cost \(NumberText.figure(cost.dollars / cheapest.cost.dollars, digits: 2)) times the "
                + "best simple rule that breaks no more weeks "
                + "(\(NumberText.figure(cheapest.factor, digits: 2)) times \(cheapest.name))"
        }
        return text + "."
    }

    /// `plan_backtest.csv`.
    public static let weekTable = TableSchema<PlannedWeek>(
        "plan_backtest.csv", of: "backtest --plan", "A past week, planned with what was known at its start.",
        [
            .time("week", "Start of the week.", \.start),
            .flag("said_holds", "Whether the plan claimed to hold.", \.saidHolds),
            .number("p_said", in: .probability, "Chance of a break that the plan predicted.", \.told),
            .number(
                "p_came", in: .probability,
                "Chance that the plan breaks, given bursts, at the loads that came.", \.came),
            .flag("broke", "Whether that chance is a half or more.", \.broke),
            .number(
                "hours_broken", in: "h", "Expected number of broken hours at those loads.", \.hoursBroken),
            .money("cost_usd", "Cost of the plan.", \.cost),
            .money(
                "hindsight_cost_usd", "Cost of a plan with perfect foresight of the loads.", \.hindsightCost),
        ])

    /// `plan_rules.csv`.
    public static let ruleTable = TableSchema<RuleScore>(
        "plan_rules.csv", of: "backtest --plan", "A sizing rule, over all weeks.",
        [
            .text(
                "rule", in: .name, "The rule; 'plan' is Highwater's, sized by the chance of a break.", \.name),
            .number(
                "factor", in: .factor,
                "The rule's factor on load; for 'plan', the allowed chance of a break.", \.factor),
            .integer("weeks_broken", in: "weeks", "Number of broken weeks.", \.weeksBroken),
            .money("cost_usd", "Cost of the nodes over all weeks.", \.cost),
        ])
}
