import Planning
import Tables

extension PlanBacktestReport {
    /// Every file of a backtest's own folder: the tables, the plot, and a page with all of them.
    public func files(title: String) -> [(name: String, bytes: [UInt8])] {
        var page = Page(title: title)
        page.add("past-plans", "Past plans", section())
        let lead: Markup = "<p class=\"verdict\">\(PlanBacktestReport.capitalised(sentence)).</p>"
        return [
            RunTables.pastPlans.file(weeks), RunTables.planRules.file(rules),
        ].map { ($0.name, $0.table.bytes) } + [
            ("plan_backtest.svg", Array(PlanFrontierPlot(report: self).plot().svg().utf8)),
            ("report.html", Array(page.html(lead: lead).utf8)),
        ]
    }

    /// The plot and the tables, as a part of a page.
    func section() -> Markup {
        let weekTable = Page.table(
            [
                "week", "said to hold", "chance of a break, said", "chance, at the loads that came", "broke",
                "hours broken", "cost USD", "cost with foresight USD",
            ], numeric: [2, 3, 5, 6, 7],
            weeks.map { week in
                [
                    week.start.description, week.saidHolds ? "yes" : "no", NumberText.percent(week.told),
                    NumberText.percent(week.came), week.broke ? "yes" : "no",
                    NumberText.figure(week.hoursBroken), week.cost.description,
                    week.hindsightCost?.description ?? "",
                ]
            })
        let ruleTable = Page.table(
            ["rule", "factor or allowed chance", "weeks broken", "cost USD"], numeric: [1, 2, 3],
            rules.map { rule in
                [rule.name, NumberText.figure(rule.factor), String(rule.weeksBroken), rule.cost.description]
            })
        let budgets: Markup = budget.map { "<h3>Error budget by week</h3>\(budgetTable($0))" } ?? ""
        return """
            <p>\(PlanBacktestReport.capitalised(sentence)).</p><p>Each past week is planned again with what was known at \
            its start, and held against the load that came. A week counts as broken if an objective breaks with a chance \
            of a half or more while what the plan has to survive is lost. Simple rules run the same number of nodes \
            all week: a past maximum times a factor.</p>
            \(PlanFrontierPlot(report: self).plot().figure())<h3>By week</h3>\(weekTable)\(budgets)<h3>By rule</h3>\(ruleTable)
            """
    }

    /// What was said, came and is allowed in each week.
    private func budgetTable(_ asked: ErrorBudget) -> Markup {
        Page.table(
            ["week", "expected", "at the loads that came", "allowed"], numeric: [1, 2, 3],
            weeks.compactMap { week in
                week.budget.map { budget in
                    [
                        week.start.description, asked.amount(budget.said.counted(by: asked)),
                        asked.amount(budget.came.counted(by: asked)),
                        budget.allowed.map { asked.amount($0) } ?? "–",
                    ]
                }
            })
    }

    private static func capitalised(_ text: String) -> String {
        text.prefix(1).uppercased() + text.dropFirst()
    }
}
