import Forecasting
import Foundation
import Numerics
import Reporting

/// Frontiers of several series put together for one plot: geometric means of cost, means of what was missed.
struct FrontierSketch {
    var shares: [Double]
    var ruleNames: [String]
    private var ours: [Double] = []
    private var planned: [(share: Double, cost: Double)] = []

    init(shares: [Double], ruleNames: [String]) {
        self.shares = shares
        self.ruleNames = ruleNames
    }

    /// Adds the plans of all series for one target; one of the targets gives the curve.
    mutating func add(_ plans: [CapacityFrontier], _ measure: CapacityTarget.Measure, isCurve: Bool) {
        planned.append(
            (Summary.mean(plans.map { $0.missed(measure) }), exp(Summary.mean(plans.map { log($0.bought) }))))
        if isCurve { ours = costs(plans, measure) }
    }

    /// The plot as an SVG file; `rules` holds the frontiers of each series' rules.
    func svg(title: String, measure: CapacityTarget.Measure, rules: [[CapacityFrontier?]]) -> String {
        let curves = ruleNames.indices.map { rule in
            FrontierPlot.Curve(
                name: ruleNames[rule], costs: costs(rules.compactMap { $0[rule] }, measure))
        }
        return FrontierPlot(
            title: title, measure: measure == .hours ? "share of hours missed" : "share of demand lost",
            shares: shares,
            curves: [FrontierPlot.Curve(name: "Highwater", costs: ours, planned: planned)] + curves
        ).svg()
    }

    private func costs(_ plans: [CapacityFrontier], _ measure: CapacityTarget.Measure) -> [Double] {
        shares.map { share in
            let known = plans.compactMap { plan in
                CapacityTarget(measure, share: share).flatMap { plan.cost($0) }
            }
            return known.count == plans.count && !known.isEmpty
                ? exp(Summary.mean(known.map { log($0) })) : .nan
        }
    }
}
