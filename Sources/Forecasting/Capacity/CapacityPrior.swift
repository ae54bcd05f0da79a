import Foundation
import Numerics
import Units

/// What public data taught about capacity: coefficients, how firmly, and the factors that met each share.
///
/// A quadratic around the coefficients stands for the cost on that data (Laplace's approximation), so that
/// new data and old weigh by how much each of them says. `standard` holds what hourly trade counts of five
/// pairs of Binance 2022–2023 and two-hourly ones 2018–2021 gave; a test learns it again from the data.
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
    /// Log factors at the shares of `FactorCurve`.
    public let logFactors: [Double]
    /// The log factor that misses `commonShare` of the hours.
    public let commonLogFactor: Double

    /// A share of hours that every series sees often.
    static let commonShare = 0.03

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
        for table in tables {
            let grid = CapacityGrid(table.series, prices: table.prices)
            let horizon = lead == .hours ? 1 : grid.steps(hours: 168)
            let rows = CapacityRows(CapacityDesign(grid, horizon: horizon), threads: threads)
            blocks += rows.blocks(before: grid.count).filter { $0.rowCount > 0 }.map {
                var block = $0
                block.weight = 1
                return block
            }
        }
        guard !blocks.isEmpty else { return nil }
        let count = CapacityDesign.columnCount(lead)
        var ridge = [Double](repeating: 0, count: count * count)
        for column in 0..<count {
            let spread = blocks.map { block in
                Summary.variance((0..<block.rowCount).map { block.rows[$0 * count + column] })
            }
            ridge[column * count + column] = 0.02 * (spread.reduce(0, +) + 1e-6 * Double(blocks.count))
        }
        let zero = [Double](repeating: 0, count: count)
        let best = CapacityCost(measure, lead: lead).minimise(
            blocks, prior: CapacityCost.Quadratic(centre: zero, hessian: ridge), start: zero, threads: threads
        )
        let curves = blocks.map { block in
            MissCurve(
                logDemand: Array(block.logDemand[..<block.rowCount]),
                logCapacity: block.logCapacity(best.centre))
        }
        return CapacityPrior(
            coefficients: best.centre, hessian: best.hessian,
            logFactors: FactorCurve.shares.map { share in
                Summary.mean(curves.compactMap { $0.logFactor(measure, share: share) })
            }, commonLogFactor: Summary.mean(curves.compactMap { $0.logFactor(.hours, share: commonShare) }))
    }
}
