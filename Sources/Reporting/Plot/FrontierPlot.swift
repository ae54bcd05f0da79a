import Foundation
import Tables

/// What capacity costs at a share missed: several ways of planning beside each other.
public struct FrontierPlot: Sendable {
    /// One way of planning.
    public struct Curve: Sendable {
        public let name: String
        /// Capacity bought over demand, at the shares of the plot; NaN where a share cannot be had.
        public let costs: [Double]
        /// What was bought and missed as planned, by target: shown as points.
        public let planned: [(share: Double, cost: Double)]

        public init(name: String, costs: [Double], planned: [(share: Double, cost: Double)] = []) {
            self.name = name
            self.costs = costs
            self.planned = planned
        }
    }

    /// What the plot says it is.
    public let title: String
    /// What is counted, as `hours missed`.
    public let measure: String
    /// Shares missed.
    public let shares: [Double]
    /// The first is the one that is compared.
    public let curves: [Curve]

    public init(title: String, measure: String, shares: [Double], curves: [Curve]) {
        self.title = title
        self.measure = measure
        self.shares = shares
        self.curves = curves
    }

    /// An SVG file: the lower and the further left a curve, the better.
    public func svg() -> String {
        var layers: [Plot.Layer] = []
        let colours = [0, 1, 2, 3, 4, 6, 7, 5]
        for (index, curve) in curves.enumerated().reversed() {
            layers.append(
                .line(
                    name: curve.name, colour: colours[index % colours.count], x: curve.costs, y: shares,
                    dashed: index > 0))
            guard !curve.planned.isEmpty else { continue }
            layers.append(
                .points(
                    name: "\(curve.name), as planned", colour: colours[index % colours.count],
                    x: curve.planned.map(\.cost), y: curve.planned.map(\.share),
                    notes: curve.planned.map {
                        "\(NumberText.figure($0.cost)) bought, \(NumberText.percent($0.share)) missed"
                    }))
        }
        let planned = curves.flatMap(\.planned)
        return Plot(
            title: title,
            x: Axis(
                "capacity bought, as a multiple of demand", scale: .logarithmic,
                holding: curves.flatMap(\.costs) + planned.map(\.cost)),
            y: Axis(
                measure, scale: .logarithmic, holding: shares + planned.map(\.share),
                format: { NumberText.percent($0) }), layers: layers.reversed(), height: 400
        ).svg()
    }
}
