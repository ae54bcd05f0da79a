import Foundation
import Numerics
import Units

/// What public data taught about capacity: coefficients, how firmly, and the factors that met each share.
///
/// A quadratic around the coefficients stands for the cost on that data (Laplace's approximation), so that
/// new data and old weigh by how much each of them says. `standard` holds what hourly trade counts of five
/// pairs of Binance 2022–2023 and two-hourly ones 2018–2021 gave (`StandardCapacity`).
public struct CapacityPrior: Sendable {
    /// How far ahead capacity has to be chosen.
    public enum Lead: String, Sendable, CaseIterable {
        /// Up to six hours.
        case hours
        /// Longer, as a week.
        case week
    }

    /// The coefficients of the design's columns.
    public let coefficients: [Double]
    /// The Hessian of the cost at the coefficients, row by row.
    public let hessian: [Double]
    /// The upper quartile of log demand over log capacity.
    public let typical: Double
    /// From there to what 3 % of the hours exceed.
    public let spread: Double
    /// Log factors over the moved quartile, at the shares of `FactorCurve`.
    public let logFactors: [Double]

    /// The ridge over the variance of its column, by lead. Chosen, not measured.
    private static let hoursRidge = 0.03
    private static let weekRidge = 0.005
    /// A column's least variance for each series, so that a constant column has a ridge too.
    private static let leastVariance = 1e-6

    var quadratic: CapacityCost.Quadratic { CapacityCost.Quadratic(centre: coefficients, hessian: hessian) }
    var curve: FactorCurve { FactorCurve(logFactors: logFactors) }

    /// What is built in for a lead and a measure.
    public static func standard(_ lead: Lead, _ measure: CapacityTarget.Measure) -> CapacityPrior {
        switch (lead, measure) {
        case (.hours, .hours): StandardCapacity.hoursByHours
        case (.hours, .demand): StandardCapacity.hoursByDemand
        case (.week, .hours): StandardCapacity.weekByHours
        case (.week, .demand): StandardCapacity.weekByDemand
        }
    }

    /// Learns from tables of series with their prices, each series with the same weight.
    ///
    /// The horizon is an hour or a week (at least a step). Coefficients are drawn to zero by a ridge in
    /// proportion to the variance of their column. Nil where no table is long enough.
    public static func learnt(
        from tables: [(series: [RegularSeries], prices: [SeriesTable.Prices?])], lead: Lead,
        measure: CapacityTarget.Measure, threads: Int = 1
    ) -> CapacityPrior? {
        var blocks: [CapacityCost.Block] = []
        var parts: [(drift: CapacityDrift, rows: CapacityRows)] = []
        for table in tables {
            let grid = CapacityGrid(table.series, prices: table.prices)
            let horizon = lead == .hours ? 1 : grid.steps(hours: 168)
            let design = CapacityDesign(grid, horizon: horizon, measure: measure)
            let rows = CapacityRows(design, threads: threads)
            parts.append((CapacityDrift(design), rows))
            blocks += rows.blocks(before: grid.count).filter { $0.rowCount > 0 }.map {
                var block = $0
                block.weight = 1
                return block
            }
        }
        guard !blocks.isEmpty else { return nil }
        let count = CapacityDesign.columnCount(lead, measure)
        let zero = [Double](repeating: 0, count: count)
        let ridge = ridge(of: blocks, lead: lead, columnCount: count)
        let best = CapacityCost(measure, lead: lead).minimise(
            blocks, prior: CapacityCost.Quadratic(centre: zero, hessian: ridge), start: zero, threads: threads
        )
        let tails = parts.map { LearntTails($0.rows, $0.drift, best.centre, threads: threads) }
        let curves = tails.flatMap(\.curves)
        return CapacityPrior(
            coefficients: best.centre, hessian: best.hessian, typical: Summary.mean(tails.flatMap(\.typical)),
            spread: Summary.mean(tails.flatMap(\.spreads)),
            logFactors: FactorCurve.shares.map { share in
                CapacityTarget(measure, share: share).flatMap { MissCurve.logFactor(of: curves, $0) } ?? .nan
            })
    }

    /// A ridge in proportion to the variance of each column, row by row.
    private static func ridge(of blocks: [CapacityCost.Block], lead: Lead, columnCount count: Int) -> [Double]
    {
        var ridge = [Double](repeating: 0, count: count * count)
        for column in 0..<count {
            let spread = blocks.map { block in
                Summary.variance((0..<block.rowCount).map { block.rows[$0 * count + column] })
            }
            let strength = lead == .hours ? hoursRidge : weekRidge
            ridge[column * count + column] =
                strength * (spread.reduce(0, +) + leastVariance * Double(blocks.count))
        }
        return ridge
    }
}

/// How the series of one table miss the capacities of coefficients.
private struct LearntTails {
    /// By series, the upper quartile of log demand over log capacity.
    let typical: [Double]
    /// By series, from there to what few hours exceed.
    let spreads: [Double]
    /// By series, the misses with the drift followed.
    let curves: [MissCurve]

    init(_ rows: CapacityRows, _ drift: CapacityDrift, _ coefficients: [Double], threads: Int) {
        let capacities = rows.logCapacities(coefficients, threads: threads)
        let ratios = rows.ratios(capacities)
        let sorted = ratios.map { $0.ratios.filter(\.isFinite).sorted() }
        let baselines = sorted.map { Summary.quantile(sorted: $0, CapacityDrift.level) }
        typical = baselines
        spreads = zip(sorted, baselines).map {
            Summary.quantile(sorted: $0, 1 - CapacityScale.commonShare) - $1
        }
        let moves = drift.past(ratios, baselines: baselines, rowCounts: ratios.map(\.ends.count))
        curves = rows.blocks.enumerated().map { series, block in
            MissCurve(
                logDemand: block.logDemand,
                logCapacity: zip(capacities[series], moves[series]).map { $0 + baselines[series] + $1 })
        }
    }
}
