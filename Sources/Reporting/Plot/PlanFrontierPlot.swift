import Tables

/// What nodes cost against the weeks that break, by sizing rule: the plan's frontier beside those of simple rules.
struct PlanFrontierPlot: Sendable {
    let report: PlanBacktestReport

    /// The lower and the further left a curve, the better. A rule's points are its factors, or the plan's allowed chances.
    func plot() -> Plot {
        var names: [String] = []
        for rule in report.rules where !names.contains(rule.name) { names.append(rule.name) }
        // The plan first, so that it has the same colour whatever else was tried.
        names =
            names.filter { $0 == PlanBacktestReport.planRule }
            + names.filter { $0 != PlanBacktestReport.planRule }
        var layers: [Plot.Layer] = []
        for (index, name) in names.enumerated() {
            let rules = report.rules.filter { $0.name == name }.sorted { $0.factor < $1.factor }
            let x = rules.map(\.cost.dollars)
            let y = rules.map { Double($0.weeksBroken) }
            let colour = PlanFrontierPlot.colours[index % PlanFrontierPlot.colours.count]
            if rules.count > 1 {
                layers.append(
                    .line(
                        name: "", colour: colour, x: x, y: y, dashed: name != PlanBacktestReport.planRule))
            }
            layers.append(
                .points(name: name, colour: colour, x: x, y: y, notes: rules.map(PlanFrontierPlot.note)))
        }
        let count = report.weeks.count
        return Plot(
            title:
                "Cost of the nodes against broken weeks, over \(count) past \(count == 1 ? "plan" : "plans")",
            x: Axis("cost over all of them, USD", holding: report.rules.map(\.cost.dollars)),
            y: Axis(
                "weeks broken", holding: [0, Double(max(1, report.rules.map(\.weeksBroken).max() ?? 1))]),
            layers: layers, height: 340)
    }

    private static let colours = [0, 1, 2, 3, 4, 6, 7, 5]

    private static func note(_ rule: PlanBacktestReport.RuleScore) -> String {
        let setting =
            rule.name == PlanBacktestReport.planRule
            ? "allowed chance \(NumberText.percent(rule.factor))" : "times \(NumberText.figure(rule.factor))"
        return "\(rule.name), \(setting): \(rule.weeksBroken) broken, \(rule.cost.description) USD"
    }
}
