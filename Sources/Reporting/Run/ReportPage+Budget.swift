import Planning
import Tables
import Units

/// The parts of the page that are there only where the plan has a budget, or surges to hold.
extension RunReport {
    /// What goes wrong, by tier, and what other budgets would cost.
    func budgetSection(_ budget: PlanBudget) -> Markup {
        let table = Page.table(
            [
                "tier", "minutes over the objective", "requests late", "price of the minutes, USD",
                "nodes, USD",
            ],
            numeric: [1, 2, 3, 4],
            budget.rows.map { row in
                [
                    (row.tier ?? "all") + (row.counts ? "" : " (does not count)"),
                    NumberText.figure(row.misses.minutes), NumberText.percent(row.misses.shareLate),
                    NumberText.figure(row.misses.dollars), row.cost.description,
                ]
            })
        return """
            <p>\(budget.sentence).</p>\(table)<p>Each point of the curve is the cheapest set of nodes that was found for what \
            goes wrong with it. The further right, the less; choose where another minute is not worth its price.</p>\
            \(BudgetPlot(budget: budget).plot().figure())
            """
    }

    /// How each surge is held, and its price.
    func holdSection() -> Markup {
        let prices = plan.holds.compactMap { $0.priceSentence(of: plan.holds) }.joined(separator: "; ")
        let table = Page.table(
            [
                "surge", "tier", "how", "nodes without", "nodes before", "nodes needed",
                "costs USD a month more",
            ],
            numeric: [3, 4, 5, 6],
            plan.holds.filter { $0.tier != nil }.map { row in
                [
                    row.event, row.tier ?? "", row.sentencePart, row.nodesWithout.map { String($0) } ?? "–",
                    row.nodesBefore.map { String($0) } ?? "–",
                    row.nodesAtHeight.map { String($0) } ?? "–", row.extraCostOfMonth.description,
                ]
            })
        return """
            <p>\(prices.prefix(1).uppercased() + prices.dropFirst()).</p><p>Each surge is held by itself with all nodes up, \
            in whatever hour it begins, on the demand that is expected there.</p>\(table)
            """
    }
}
