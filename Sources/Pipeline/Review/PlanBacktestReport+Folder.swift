import Planning
import Reporting
import Tables
import Units

extension PlanBacktestReport {
    /// Reads what `backtest --plan`, or a run, wrote into a folder.
    ///
    /// - Parameters:
    ///   - folder: The folder.
    ///   - plan: The plan file that it has to be of, seed included; as of when does not matter.
    /// - Throws: `ResultManifestError` where the folder is none of these or of another plan, `TableError` with the place of
    ///   what is missing or wrong in a table.
    public init(folder: String, of plan: PlanFile) throws {
        let manifest = try RunManifest(folder)
        let (text, seed) = (try manifest.planText, try manifest.seed)
        guard text == String(decoding: plan.text, as: UTF8.self), seed == plan.seed else {
            let other = seed == plan.seed ? "another plan file" : "seed \(seed) instead of \(plan.seed)"
            throw ResultManifestError(
                file: folder + "/manifest.json",
                message: "the backtest is of \(other): run it again with this plan")
        }
        self.init(
            weeks: try PlanBacktestReport.weeks(folder, budget: plan.options.budget),
            allowed: plan.options.probabilityBrokenAllowed,
            budget: plan.options.budget,
            rules: try PlanBacktestReport.rules(folder))
    }

    private static func weeks(
        _ folder: String, budget: ErrorBudget?
    ) throws(TableError) -> [PlannedWeek] {
        let table = try TableReader(RunTables.pastPlans, ofRun: folder)
        var weeks: [PlannedWeek] = []
        for row in table.rows {
            var week = PlannedWeek(
                start: try table.time(row, "week"), saidHolds: try flag(table, row, "said_holds"),
                told: try number(table, row, "p_said"), came: try table.number(row, "p_came"),
                hoursBroken: try table.number(row, "hours_broken"),
                cost: Money(dollars: try table.number(row, "cost_usd")),
                hindsightCost: Money(dollars: try table.number(row, "hindsight_cost_usd")))
            if let budget { week.budget = try self.budget(budget, table, row) }
            weeks.append(week)
        }
        return weeks
    }

    private static func budget(
        _ asked: ErrorBudget, _ table: TableReader, _ row: TableReader.Row
    ) throws(TableError) -> PlannedWeek.Budget {
        func misses(_ word: String) throws(TableError) -> PlanMisses {
            PlanMisses(
                minutes: try table.number(row, "minutes_\(word)"),
                shareLate: try table.number(row, "late_share_\(word)"),
                dollars: try table.number(row, "misses_\(word)_usd"))
        }
        let allowed = try number(table, row, "budget_allowed")
        return PlannedWeek.Budget(
            asked: asked, allowed: allowed.isNaN ? nil : allowed, said: try misses("said"),
            came: try misses("came"))
    }

    private static func rules(_ folder: String) throws(TableError) -> [RuleScore] {
        let table = try TableReader(RunTables.planRules, ofRun: folder)
        var rules: [RuleScore] = []
        for row in table.rows {
            rules.append(
                RuleScore(
                    name: table.text(row, "rule"), factor: try table.number(row, "factor"),
                    weeksBroken: Int(saturating: try table.number(row, "weeks_broken")),
                    cost: Money(dollars: try table.number(row, "cost_usd"))))
        }
        return rules
    }

    /// A number that may be missing.
    private static func number(
        _ table: TableReader, _ row: TableReader.Row, _ column: String
    ) throws(TableError) -> Double {
        table.text(row, column).isEmpty ? .nan : try table.number(row, column)
    }

    private static func flag(
        _ table: TableReader, _ row: TableReader.Row, _ column: String
    ) throws(TableError) -> Bool {
        switch table.text(row, column) {
        case "true": return true
        case "false": return false
        default: throw table.error(row, column, "expected true or false")
        }
    }
}
