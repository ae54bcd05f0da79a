import Foundation
import Numerics

/// The rows of a grid that have been observed, from which coefficients and scales are learnt.
struct CapacityRows: Sendable {
    /// By series; every row, oldest first.
    let blocks: [CapacityCost.Block]
    /// By series and row: the place of the row's step on the grid, never falling by more than a horizon.
    let ends: [[Int]]
    private let firsts: [Int]
    private let design: CapacityDesign
    /// How many rows describe the same step.
    let overlap: Double

    /// The weight of a series of two years beside one of the public data. Small on purpose: coefficients that
    /// followed the own series closely were dearer on later weeks, since one burst teaches them too much.
    static let ownWeight = 0.1
    /// The most rows of one series.
    private static let rowsMax = 120_000

    init(_ design: CapacityDesign, threads: Int) {
        let grid = design.grid
        self.design = design
        let seriesCount = max(1, grid.values.count)
        let cap = min(CapacityRows.rowsMax, max(3000, 6_000_000 / seriesCount))
        let usual =
            design.lead == .hours ? design.horizon : min(design.horizon, grid.steps(hours: 48))
        let originsMax = max(1, cap / design.horizon)
        let spacing = max(usual, (grid.count + originsMax - 1) / originsMax)
        overlap = max(1, Double(design.horizon) / Double(spacing))
        let warm = grid.steps(hours: design.lead == .hours ? 4 * 168 : 8 * 168)
        let parts = Parallel.map(grid.values.count, threads: threads) { series in
            Part(design, series: series, first: grid.firsts[series] + warm, spacing: spacing)
        }
        blocks = parts.map(\.block)
        ends = parts.map(\.ends)
        firsts = parts.indices.map { grid.firsts[$0] + warm }
    }

    /// By series, the log capacity of every row.
    func logCapacities(_ beta: [Double], threads: Int) -> [[Double]] {
        Parallel.map(blocks.count, threads: threads) { blocks[$0].logCapacity(beta) }
    }

    /// By series, the log ratio of demand to capacity of every row.
    func ratios(_ logCapacities: [[Double]]) -> [CapacityDrift.Rows] {
        blocks.indices.map { series in
            CapacityDrift.Rows(
                ratios: zip(blocks[series].logDemand, logCapacities[series]).map { $0 - $1 },
                ends: ends[series])
        }
    }

    /// The blocks as they were known at an instant of the grid.
    func blocks(before end: Int) -> [CapacityCost.Block] {
        blocks.indices.map { series in
            var block = blocks[series]
            block.rowCount = CapacityDrift.count(ends[series], upTo: end)
            let hours = Double(max(0, end - firsts[series])) * design.grid.stepHours
            block.weight = CapacityRows.ownWeight * min(1, hours / 17_520)
            return block
        }
    }

    /// The rows of one series.
    struct Part: Sendable {
        var block = CapacityCost.Block()
        /// By row: the end of its origin's horizon.
        var ends: [Int] = []

        init(_ design: CapacityDesign, series: Int, first: Int, spacing: Int) {
            let values = design.grid.values[series]
            let columns = CapacityDesign.columnCount(design.lead, design.measure)
            var rows: [Double] = []
            // Origins count from the end of the grid, so that the last step is always seen.
            let shift = max(0, values.count - design.horizon - first) % spacing
            for origin in stride(from: first + shift, to: values.count, by: spacing) {
                let steps = min(design.horizon, values.count - origin)
                let anchor = design.anchor(series: series, origin: origin)
                guard steps == design.horizon, anchor.isFinite else { continue }
                rows.removeAll(keepingCapacity: true)
                design.write(series: series, origin: origin, stepCount: steps, into: &rows)
                for step in 0..<steps {
                    let value = values[origin + step]
                    guard value.isFinite, value >= 0 else { continue }
                    block.rows += rows[step * columns..<(step + 1) * columns]
                    block.anchors.append(anchor)
                    block.logDemand.append(value > 0 ? log(value) : -.infinity)
                    ends.append(origin + steps)
                }
            }
            block.rowCount = ends.count
        }
    }
}
