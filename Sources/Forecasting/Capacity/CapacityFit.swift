import Foundation
import Numerics

/// Coefficients and factors as they were known at one instant.
struct CapacityFit: Sendable {
    let beta: [Double]
    /// By series, the log factor without its moves.
    private let logFactors: [Double]
    /// By the day of an origin and by series, what the last months add.
    private let moves: [Int: [Double]]
    /// Steps of a day.
    private let day: Int
    /// Capacity stays within these, as logarithms.
    private let highest: [Double]

    init(
        _ design: CapacityDesign, _ rows: CapacityRows, before end: Int, serving origins: [Int],
        target: CapacityTarget, prior: CapacityPrior, start: [Double]?, threads: Int
    ) {
        let blocks = rows.blocks(before: end)
        let teachers = blocks.filter { block in
            block.weight > 0 && block.logDemand[..<block.rowCount].contains { $0.isFinite }
        }.map { CapacityFit.winsorised($0, prior.coefficients) }
        let cost = CapacityCost(target.measure, lead: design.lead)
        let found = cost.minimise(
            teachers, prior: prior.quadratic, start: start ?? prior.quadratic.centre, threads: threads
        ).centre
        beta = found
        let scale = CapacityScale(target: target, prior: prior)
        let drift = CapacityDrift(design)
        let capacities = rows.logCapacities(found, threads: threads)
        let ratios = rows.ratios(capacities)
        let tails = zip(ratios, blocks).map { ratios, block in
            scale.tail(of: ratios.ratios.prefix(block.rowCount), overlap: rows.overlap)
        }
        let baselines = tails.map(\.baseline)
        let past = drift.past(ratios, baselines: baselines, rowCounts: blocks.map(\.rowCount))
        let curves = Parallel.map(blocks.count, threads: threads) { series -> MissCurve? in
            guard tails[series].bursts > 0 else { return nil }
            let block = blocks[series]
            return MissCurve(
                logDemand: Array(block.logDemand.prefix(block.rowCount)),
                logCapacity: zip(capacities[series], past[series]).map { $0 + baselines[series] + $1 })
        }
        logFactors = zip(baselines, scale.growth(tails, curves)).map { $0 + $1 }
        let day = design.grid.steps(hours: 24)
        self.day = day
        let days = Set(origins.map { $0 / day }).sorted()
        let byDay = Parallel.map(days.count, threads: threads) {
            drift.moves(ratios, baselines: baselines, at: days[$0] * day)
        }
        moves = Dictionary(uniqueKeysWithValues: zip(days, byDay))
        highest = design.grid.values.map { values in
            let largest = values[..<max(0, min(end, values.count))].reduce(0) {
                $1.isFinite ? max($0, $1) : $0
            }
            return largest > 0 ? log(largest) + log(1000) : .infinity
        }
    }

    /// The share of rows whose misses count no more than the next one's, lest one event teach everything.
    private static let winsorisedShare = 0.0005

    /// The rows with the highest ratios of demand to capacity brought down to the ratio after them.
    private static func winsorised(_ block: CapacityCost.Block, _ beta: [Double]) -> CapacityCost.Block {
        var block = block
        let capacity = block.logCapacity(beta)
        let ratios = capacity.indices.map { block.logDemand[$0] - capacity[$0] }
        let rank = min(
            Int(saturating: (winsorisedShare * Double(ratios.count)).rounded(.up)), ratios.count - 1)
        let highest = ratios.sorted(by: >)[rank]
        guard highest.isFinite else { return block }
        for row in ratios.indices where ratios[row] > highest {
            block.logDemand[row] = capacity[row] + highest
        }
        return block
    }

    /// The capacity of an origin's steps; empty where nothing is known of the series.
    func capacity(_ design: CapacityDesign, series: Int, origin: Int) -> [Double] {
        let anchor = design.anchor(series: series, origin: origin)
        guard anchor.isFinite else { return [] }
        var rows: [Double] = []
        design.write(series: series, origin: origin, stepCount: design.horizon, into: &rows)
        let columns = beta.count
        return (0..<design.horizon).map { step in
            var sum = anchor + logFactors[series] + (moves[origin / day]?[series] ?? 0)
            for column in 0..<columns { sum += rows[step * columns + column] * beta[column] }
            return exp(min(sum, highest[series]))
        }
    }
}
