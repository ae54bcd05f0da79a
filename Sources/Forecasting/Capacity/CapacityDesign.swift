import Foundation
import Units

/// The columns from which capacity is planned, for one lead and one measure.
///
/// The logarithm of capacity is an anchor, a mean of recent demand, and a linear form of these columns. They
/// were chosen by cross-validation over years of public trade counts: added while the frontier of years held
/// back fell, then dropped while it did not rise. Fewer did better than more.
struct CapacityDesign: Sendable {
    typealias Lead = CapacityPrior.Lead

    let lead: Lead
    let measure: CapacityTarget.Measure
    let grid: CapacityGrid
    let horizon: Int
    let shapes: [WeeklyShape]
    private let signals: [DemandSignals]
    /// Means over symbols: calm and wild markets are common to all.
    private let common: CommonSignals

    /// Number of columns.
    static func columnCount(_ lead: Lead, _ measure: CapacityTarget.Measure) -> Int {
        lead == .hours && measure == .hours ? 10 : 12
    }

    init(_ grid: CapacityGrid, horizon: Int, measure: CapacityTarget.Measure) {
        self.grid = grid
        self.horizon = horizon
        self.measure = measure
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
        common = CommonSignals(grid, signals)
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
        let years = level(17472)
        let typical = signal.logLevel[origin] - anchor
        let over = max(day - year, 0)
        var stir = 0.0
        if let near = signal.moves[168], let far = signal.moves[672] { stir = near[origin] - far[origin] }
        let change = signal.changes[168]?[origin] ?? 0
        let together = common.dayOverWeek[origin]
        for step in 0..<stepCount {
            let shape = shapes[series].value(at: origin + step, knownAt: origin)
            let fade = exp(-Double(step) * grid.stepHours / 24)
            rows += [
                shape, day * fade, quarter, year, over, years, typical, shape * shape, stir, change, together,
                shapes[series].isWeekend(origin + step) ? 1 : 0,
            ]
        }
    }

    private func writeHours(_ series: Int, _ origin: Int, _ stepCount: Int, _ rows: inout [Double]) {
        let signal = signals[series]
        let anchor = self.anchor(series: series, origin: origin)
        func level(_ hours: Int) -> Double { (signal.level[hours]?[origin] ?? anchor) - anchor }
        let last = signal.last[origin] - anchor
        let year = level(8736)
        let near = max(level(3), 0)
        let change = signal.changes[24]?[origin] ?? 0
        for step in 0..<stepCount {
            let shape = shapes[series].value(at: origin + step, knownAt: origin)
            let fade = exp(-Double(step) * grid.stepHours / 6)
            rows += [
                shape, last * fade, year, max(year - last - 1, 0), common.stir[origin], near * fade, change,
            ]
            switch measure {
            case .hours:
                var move = 0.0
                if let week = signal.moves[168] {
                    move = signal.lastMove[origin] - log(DemandSignals.moveOffset + exp(week[origin]))
                }
                rows += [level(17472), signal.changes[168]?[origin] ?? 0, move * fade]
            case .demand:
                rows += [
                    level(2184), common.range[origin] * fade, last * shape * fade,
                    common.lastOverDay[origin] * fade, signal.scatter[origin],
                ]
            }
        }
    }
}

/// Means over the symbols of a grid, at each step; zero where nothing is known.
struct CommonSignals: Sendable {
    /// The day's level over the week's.
    let dayOverWeek: [Double]
    /// The last step over the day's level.
    let lastOverDay: [Double]
    /// The size of price moves over a day beside a month.
    let stir: [Double]
    /// The last step's price range beside the week's moves.
    let range: [Double]

    init(_ grid: CapacityGrid, _ signals: [DemandSignals]) {
        let members = signals.indices.filter { !grid.isSum[$0] }.map { signals[$0] }
        let priced = members.filter { !$0.moves.isEmpty }
        func mean(_ rows: [[Double]]) -> [Double] {
            (0...grid.count).map { step in
                var sum = 0.0
                var count = 0.0
                for row in rows where !row[step].isNaN {
                    sum += row[step]
                    count += 1
                }
                return count > 0 ? sum / count : .nan
            }
        }
        func difference(_ one: [Double], _ other: [Double]) -> [Double] {
            zip(one, other).map { ($0 - $1).isNaN ? 0 : $0 - $1 }
        }
        let day = mean(members.compactMap { $0.level[24] })
        dayOverWeek = difference(day, mean(members.compactMap { $0.level[168] }))
        lastOverDay = difference(mean(members.map(\.last)), day)
        stir = difference(
            mean(priced.compactMap { $0.moves[24] }), mean(priced.compactMap { $0.moves[672] }))
        range = difference(
            mean(priced.map(\.lastRange)),
            mean(priced.compactMap { $0.moves[168] }).map { log(DemandSignals.moveOffset + exp($0)) })
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
        self == .hours ? [3, 24, 2184, 8736, 17472] : [24, 168, 2184, 8736, 17472]
    }
}
