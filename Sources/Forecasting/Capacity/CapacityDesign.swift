import Foundation
import Units

/// The columns from which capacity is planned, for one lead.
///
/// The logarithm of capacity is an anchor, a mean of recent demand, and a linear form of these columns.
struct CapacityDesign: Sendable {
    typealias Lead = CapacityPrior.Lead

    let lead: Lead
    let grid: CapacityGrid
    let horizon: Int
    let shapes: [WeeklyShape]
    private let signals: [DemandSignals]
    /// Means over symbols: calm and wild markets are common to all.
    private let commonMoves: DemandSignals?

    /// Number of columns.
    static func columnCount(_ lead: Lead) -> Int { lead == .hours ? 11 : 10 }

    init(_ grid: CapacityGrid, horizon: Int) {
        self.grid = grid
        self.horizon = horizon
        let lead = Lead(horizon: horizon, stepSeconds: grid.stepSeconds)
        self.lead = lead
        let logs = grid.values.indices.map {
            DemandSignals.logs(grid.values[$0], first: grid.firsts[$0], grid: grid)
        }
        let shapes = WeeklyShape.all(grid, logs: logs, horizon: horizon)
        self.shapes = shapes
        let known = grid.moves.indices.filter { !grid.isSum[$0] }.compactMap { grid.moves[$0] }
        let index = PriceMoves.mean(known)
        signals = logs.indices.map { series in
            DemandSignals(
                logs: logs[series], shape: shapes[series], moves: grid.moves[series] ?? index,
                first: grid.firsts[series], grid: grid, levelHours: lead.levelHours)
        }
        commonMoves = CapacityDesign.common(grid, signals)
    }

    /// The anchor of an origin; NaN where nothing is known.
    func anchor(series: Int, origin: Int) -> Double {
        guard let level = signals[series].level[lead.anchorHours], level.indices.contains(origin) else {
            return .nan
        }
        return level[origin]
    }

    /// Writes the rows of an origin, one a step of the horizon up to `stepCount`.
    func write(
        series: Int, origin: Int, stepCount: Int, into rows: inout [Double]
    ) {
        switch lead {
        case .hours: writeHours(series, origin, stepCount, &rows)
        case .week: writeWeek(series, origin, stepCount, &rows)
        }
    }

    private func writeWeek(_ series: Int, _ origin: Int, _ stepCount: Int, _ rows: inout [Double]) {
        let signal = signals[series]
        let anchor = self.anchor(series: series, origin: origin)
        func level(_ hours: Int) -> Double { (signal.level[hours]?[origin] ?? anchor) - anchor }
        let day = level(24)
        let year = level(8736)
        let quarter = level(2184)
        let month = level(672)
        let years = level(17472)
        let typical = signal.logLevel[origin] - anchor
        let over = max(day - year, 0)
        var stir = 0.0
        if let near = signal.moves[24], let far = signal.moves[672] { stir = near[origin] - far[origin] }
        for step in 0..<stepCount {
            let shape = shapes[series].value(at: origin + step, knownAt: origin)
            let fade = exp(-Double(step) * grid.stepHours / 24)
            rows += [shape, day * fade, month, quarter, year, over, years, typical, stir, shape * shape]
        }
    }

    private func writeHours(_ series: Int, _ origin: Int, _ stepCount: Int, _ rows: inout [Double]) {
        let signal = signals[series]
        let anchor = self.anchor(series: series, origin: origin)
        func level(_ hours: Int) -> Double { (signal.level[hours]?[origin] ?? anchor) - anchor }
        let last = signal.last[origin] - anchor
        let year = level(8736)
        let near = level(3)
        var stir = 0.0
        var range = 0.0
        if let common = commonMoves, let day = common.moves[24], let week = common.moves[168],
            let month = common.moves[672]
        {
            stir = day[origin] - month[origin]
            range = common.lastRange[origin] - log(1e-3 + exp(week[origin]))
        }
        for step in 0..<stepCount {
            let shape = shapes[series].value(at: origin + step, knownAt: origin)
            let fade = exp(-Double(step) * grid.stepHours / 6)
            rows += [
                shape, last * fade, level(672), level(2184), year, max(year - last - 1, 0), stir,
                range * fade, last * shape * fade, max(near - year, 0) * fade, max(near, 0) * fade,
            ]
        }
    }

    /// Mean price moves over all symbols that have prices.
    private static func common(_ grid: CapacityGrid, _ signals: [DemandSignals]) -> DemandSignals? {
        let known = signals.indices.filter { grid.moves[$0] != nil && !grid.isSum[$0] }.map { signals[$0] }
        guard let first = known.first else { return nil }
        func mean(_ rows: [[Double]]) -> [Double] {
            first.lastRange.indices.map { step in
                var sum = 0.0
                var count = 0.0
                for row in rows where !row[step].isNaN {
                    sum += row[step]
                    count += 1
                }
                return count > 0 ? sum / count : 0
            }
        }
        var moves: [Int: [Double]] = [:]
        for hours in DemandSignals.moveHours { moves[hours] = mean(known.compactMap { $0.moves[hours] }) }
        return DemandSignals(moves: moves, lastRange: mean(known.map(\.lastRange)))
    }
}

extension DemandSignals {
    /// Price moves alone.
    init(moves: [Int: [Double]], lastRange: [Double]) {
        last = []
        level = [:]
        logLevel = []
        self.moves = moves
        self.lastRange = lastRange
    }
}

extension CapacityPrior.Lead {
    init(horizon: Int, stepSeconds: Int64) {
        self = Int64(horizon) * stepSeconds <= 6 * 3600 ? .hours : .week
    }

    /// The half-life in hours of the level that anchors capacity.
    var anchorHours: Int { self == .hours ? 24 : 168 }

    /// The half-lives in hours of the levels that are read.
    var levelHours: [Int] {
        self == .hours ? [3, 24, 672, 2184, 8736] : [24, 168, 672, 2184, 8736, 17472]
    }
}
