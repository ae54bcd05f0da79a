import Planning
import Tables
import Units

/// One past week, planned again.
public struct PlannedWeek: Sendable, Equatable {
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
    /// What a plan would have cost that knew the loads; nil where that was not worked out.
    public var hindsightCost: Money?
    /// Other rules, and other chances, on the same week; none where the week was read from a table.
    public var rules: [Rule]
    /// What the error budget came to; nil where none was asked.
    public var budget: Budget?

    /// An error budget over one week.
    public struct Budget: Sendable, Equatable {
        /// What was asked.
        public var asked: ErrorBudget
        /// What is allowed, as `PlanMisses.counted` counts; nil where the cheapest sum is sought.
        public var allowed: Double?
        /// What the plan expected.
        public var said: PlanMisses
        /// What is expected at the loads that came.
        public var came: PlanMisses

        public init(asked: ErrorBudget, allowed: Double?, said: PlanMisses, came: PlanMisses) {
            (self.asked, self.allowed, self.said, self.came) = (asked, allowed, said, came)
        }

        /// Whether no more is expected at the loads that came than is allowed; nil where the cheapest sum was sought.
        public var isKept: Bool? { allowed.map { came.counted(by: asked) <= $0 } }
    }

    /// A week's plan, as a judge scores it at the loads that came.
    public init(
        start: Timestamp, saidHolds: Bool, told: Double, score: PlanScore, stepSeconds: Int64, cost: Money,
        hindsightCost: Money?, rules: [Rule]
    ) {
        self.init(
            start: start, saidHolds: saidHolds, told: told, came: score.probabilityBroken,
            hoursBroken: score.hoursBroken(stepSeconds: stepSeconds), cost: cost,
            hindsightCost: hindsightCost, rules: rules)
    }

    public init(
        start: Timestamp, saidHolds: Bool, told: Double, came: Double, hoursBroken: Double, cost: Money,
        hindsightCost: Money?, rules: [Rule] = []
    ) {
        (self.start, self.saidHolds, self.told, self.came) = (start, saidHolds, told, came)
        (self.hoursBroken, self.cost, self.hindsightCost) = (hoursBroken, cost, hindsightCost)
        self.rules = rules
    }

    /// What one rule would have come to.
    public struct Rule: Sendable, Equatable {
        public var name: String
        /// The factor on what it takes; of the plan, the chance of a break that is allowed.
        public var factor: Double
        /// The chance of a break given the loads that came.
        public var came: Double
        /// What its nodes cost.
        public var cost: Money

        public init(name: String, factor: Double, came: Double, cost: Money) {
            (self.name, self.factor, self.came, self.cost) = (name, factor, came, cost)
        }
    }

    /// Whether it broke, as likely as not.
    public var broke: Bool { PlanScore.isBroken(came) }
}

/// Past weeks, planned again and held against what came.
public struct PlanBacktestReport: Sendable, Equatable {
    /// The weeks in order.
    public let weeks: [PlannedWeek]
    /// The chance of a break that the plan file allows.
    public let allowed: Double
    /// The error budget that it allows in place of that; nil: none.
    public let budget: ErrorBudget?
    /// Every rule over the weeks, in the order of the weeks' own; those that lacked history in some week are left out.
    public let rules: [RuleScore]

    /// The rule that is Highwater's own, by the chance of a break that is allowed.
    public static let planRule = "plan"
    /// What the simple rules' names end with: past maxima, times a factor.
    public static let simpleSuffix = "maximum"

    /// A rule over all weeks.
    public struct RuleScore: Sendable, Equatable {
        public var name: String
        /// Its factor; of the plan, the chance of a break that is allowed.
        public var factor: Double
        /// Weeks that broke, as likely as not.
        public var weeksBroken: Int
        /// What its nodes cost over all weeks.
        public var cost: Money

        public init(name: String, factor: Double, weeksBroken: Int, cost: Money) {
            (self.name, self.factor, self.weeksBroken) = (name, factor, weeksBroken)
            self.cost = cost
        }

        var isSimple: Bool { name.hasSuffix(PlanBacktestReport.simpleSuffix) }
    }

    /// What weeks come to together.
    public init(weeks: [PlannedWeek], allowed: Double, budget: ErrorBudget? = nil) {
        self.init(weeks: weeks, allowed: allowed, budget: budget, rules: PlanBacktestReport.scores(weeks))
    }

    /// A report that is known already.
    public init(
        weeks: [PlannedWeek], allowed: Double, budget: ErrorBudget? = nil, rules: [RuleScore]
    ) {
        (self.weeks, self.allowed, self.rules) = (weeks, allowed, rules)
        self.budget = budget
    }

    private static func scores(_ weeks: [PlannedWeek]) -> [RuleScore] {
        var order: [(name: String, factor: Double)] = []
        for rule in weeks.flatMap(\.rules) where !order.contains(where: { $0 == (rule.name, rule.factor) }) {
            order.append((rule.name, rule.factor))
        }
        return order.compactMap { name, factor in
            let all = weeks.compactMap { week in week.rules.first { $0.name == name && $0.factor == factor } }
            // A rule that had no history in some weeks would look cheap.
            guard all.count == weeks.count else { return nil }
            return RuleScore(
                name: name, factor: factor, weeksBroken: all.count { PlanScore.isBroken($0.came) },
                cost: all.reduce(.zero) { $0 + $1.cost })
        }
    }
}

extension RunTables {
    /// `plan_backtest.csv`.
    public static let pastPlans = TableSchema<PlannedWeek>(
        "plan_backtest.csv", of: "run, backtest --plan",
        "A past week, planned with what was known at its start.",
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
            .number(
                "budget_allowed", in: "min or share",
                "What the error budget allows in the week; empty without one, and where misses have a price."
            ) { $0.budget?.allowed },
            .number("minutes_said", in: "min", "Minutes over the objective that the plan expected.") {
                $0.budget?.said.minutes
            },
            .number("minutes_came", in: "min", "Minutes over the objective, at the loads that came.") {
                $0.budget?.came.minutes
            },
            .number("late_share_said", in: .share, "Share of late requests that the plan expected.") {
                $0.budget?.said.shareLate
            },
            .number("late_share_came", in: .share, "Share of late requests, at the loads that came.") {
                $0.budget?.came.shareLate
            },
            .number("misses_said_usd", in: "USD", "Price of those minutes that the plan expected.") {
                $0.budget?.said.dollars
            },
            .number("misses_came_usd", in: "USD", "Price of those minutes, at the loads that came.") {
                $0.budget?.came.dollars
            },
        ])

    /// `plan_rules.csv`.
    public static let planRules = TableSchema<PlanBacktestReport.RuleScore>(
        "plan_rules.csv", of: "run, backtest --plan", "A sizing rule, over all weeks.",
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
