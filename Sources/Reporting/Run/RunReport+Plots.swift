import Exchange
import Planning
import Replay
import Tables
import Units

/// The plots that the page and the notebook share.
extension RunReport {
    /// Nodes by hour, one plot for each tier whose number changes.
    func nodePlots() -> [Plot] {
        let x = (0..<demand.stepCount).map { Double(demand.time(ofStep: $0).seconds) }
        return plan.tiers.filter { Set($0.nodes).count > 1 }.map { tier in
            let nodes = tier.nodes.map(Double.init)
            let required = tier.requiredNodes.map(Double.init)
            return Plot(
                title: "\(tier.tier): nodes by hour",
                x: Axis("", scale: .time, holding: x), y: Axis("nodes", holding: nodes + required),
                layers: [
                    .steps(name: "allocated", colour: 0, x: x, y: nodes),
                    .steps(name: "required", colour: 1, x: x, y: required),
                    .level(name: "reserved", colour: 3, y: Double(tier.reservedNodes)),
                ], height: 200)
        }
    }

    /// Trades a second of all symbols together, past and forecast.
    func demandPlot() -> Plot {
        let past = totalHistory()
        let x = (0..<demand.stepCount).map { Double(demand.time(ofStep: $0).seconds) }
        let totals = (0..<demand.stepCount).map { step in
            (0..<demand.pathCount).map { totalTrades(path: $0, step: step) }.sorted()
        }
        func level(_ share: Double) -> [Double] {
            totals.map { $0[min($0.count - 1, Int(saturating: share * Double($0.count)))] }
        }
        let onePath = (0..<demand.stepCount).map { totalTrades(path: 0, step: $0) }
        return Plot(
            title: "Trades per second, all symbols: the last four weeks and the forecast",
            x: Axis("", scale: .time, holding: past.x + x),
            y: Axis("trades/s", holding: past.y + level(0.99)),
            layers: [
                .band(name: "2.5 % to 99 %", colour: 0, x: x, lo: level(0.025), hi: level(0.99)),
                .line(name: "history", colour: 4, x: past.x, y: past.y),
                .line(name: "median", colour: 0, x: x, y: level(0.5)),
                .line(name: "one path", colour: 2, x: x, y: onePath, dashed: true),
            ])
    }

    private func totalTrades(path: Int, step: Int) -> Double {
        demand.symbols.indices.reduce(0) { $0 + demand.trades(path: path, symbol: $1, step: step) }
    }

    /// Trades a second of all symbols over the last four weeks.
    private func totalHistory() -> (x: [Double], y: [Double]) {
        let step = demand.stepSeconds
        let count = Int(4 * 604_800 / step)
        var y = [Double](repeating: .nan, count: count)
        for series in histories {
            for index in 0..<count {
                let time = asOf.seconds - Int64(count - index) * step
                let place = Int((time - series.start.seconds) / step)
                guard time >= series.start.seconds, series.values.indices.contains(place),
                    series.values[place].isFinite
                else { continue }
                y[index] = (y[index].isNaN ? 0 : y[index]) + series.values[place] / Double(step)
            }
        }
        return ((0..<count).map { Double(asOf.seconds - Int64(count - $0) * step) }, y)
    }

    /// The 99 % latency of each queue against the load; nil where no curve was drawn.
    func latencyPlot() -> Plot? {
        var names: [String] = []
        for point in replay.latencyCurve {
            let name = point.scope.queueName(shard: point.shard)
            if !names.contains(name) { names.append(name) }
        }
        guard !names.isEmpty else { return nil }
        var layers: [Plot.Layer] = []
        var all: (x: [Double], y: [Double]) = ([], [])
        for (index, name) in names.prefix(8).enumerated() {
            let points = replay.latencyCurve.filter {
                $0.scope.queueName(shard: $0.shard) == name
            }
            let x = points.map(\.loadMultiplier)
            let y = points.map(\.p99Seconds.value)
            all.x += x
            all.y += y
            layers.append(.line(name: name, colour: index, x: x, y: y))
        }
        return Plot(
            title: "99 % latency in the worst five minutes, by load",
            x: Axis("multiple of the forecast peak hour", scale: .logarithmic, holding: all.x),
            y: Axis(
                "p99", scale: .logarithmic, holding: all.y, format: { NumberText.timeMark(seconds: $0) }),
            layers: layers + [.moment(name: "forecast", colour: 5, x: 1)], height: 300)
    }
}
