import Planning
import Tables

/// What nodes cost against what goes wrong with them: the frontier from which a team chooses its error budget.
struct BudgetPlot: Sendable {
    let budget: PlanBudget

    /// The cheaper the nodes, the more goes wrong; the plan is a point on the curve.
    func plot() -> Plot {
        let counted = budget.frontier.filter { misses($0) > 0 }
        let chosen = counted.filter(\.isChosen)
        let (x, y) = (counted.map(\.cost.dollars), counted.map(misses))
        return Plot(
            title: "Cost of the nodes against what is expected to go wrong",
            x: Axis("cost over the horizon, USD", holding: x),
            y: Axis(axis, scale: .logarithmic, holding: y),
            layers: [
                .line(name: "cheapest nodes", colour: 0, x: x, y: y),
                .points(
                    name: "the plan", colour: 1, x: chosen.map(\.cost.dollars), y: chosen.map(misses),
                    notes: chosen.map {
                        "\($0.cost.description) USD, \(budget.budget.amount(misses($0)))"
                    }),
            ], height: 300)
    }

    private func misses(_ row: BudgetFrontierRow) -> Double { row.misses.counted(by: budget.budget) }

    private var axis: String {
        switch budget.budget {
        case .minutesPerMonth: "minutes over the objective"
        case .shareOfRequests: "share of requests late"
        case .dollarsPerMinute: "price of minutes over, USD"
        }
    }
}
