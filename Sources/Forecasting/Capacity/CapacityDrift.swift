import Foundation

/// How far the ratio of demand to capacity has moved of late, in which capacity follows.
///
/// Coefficients learnt over years expect a level to return to its mean; a market that grows does not, and the
/// same factor then misses several times its share, or a fraction of it. The upper quartile of the log ratio
/// over the last months says so without being moved by a burst, which an upper quantile would be. Capacity
/// takes a part of the way, half of it common to all series. On public trade counts this brought the share
/// missed from a range of twenty to one of four between periods, at an equal frontier.
struct CapacityDrift: Sendable {
    /// The part of the way that is taken.
    let share: Double
    /// Steps of a week.
    let week: Int
    /// Steps of the horizon.
    let horizon: Int

    /// The quantile that is followed.
    static let level = 0.75
    /// The weight of a row halves in so many weeks; four times as many are seen.
    static let halfLifeWeeks = 14.0
    /// How much of the move is that of all series together.
    private static let commonPart = 0.5
    /// Rows of one series that are sorted; more are thinned out.
    private static let rowsMax = 2500
    /// The part of the way by lead and measure. What is measured is the whole, see above, and no value by itself.
    private static let weekByHoursShare = 0.6
    private static let weekByDemandShare = 0.3
    private static let hoursByHoursShare = 0.25
    private static let hoursByDemandShare = 0.1

    init(_ design: CapacityDesign) {
        share =
            switch (design.lead, design.measure) {
            case (.week, .hours): CapacityDrift.weekByHoursShare
            case (.week, .demand): CapacityDrift.weekByDemandShare
            case (.hours, .hours): CapacityDrift.hoursByHoursShare
            case (.hours, .demand): CapacityDrift.hoursByDemandShare
            }
        week = design.grid.steps(hours: 168)
        horizon = design.horizon
    }

    /// Log ratios of one series, oldest first, and where the horizon of each row ends on the grid.
    struct Rows: Sendable {
        let ratios: [Double]
        let ends: [Int]
    }

    /// What is added to the log capacity of each series at an instant, from rows that were over by then.
    ///
    /// - Parameters:
    ///   - rows: By series.
    ///   - baselines: By series, where the quantile lies in the long run.
    ///   - time: The instant, a place on the grid.
    /// - Returns: By series, the log factor.
    func moves(_ rows: [Rows], baselines: [Double], at time: Int) -> [Double] {
        let away = zip(rows, baselines).map { rows, baseline in
            recent(rows, before: time).map { $0 - baseline }
        }
        let known = away.compactMap { $0 }
        guard !known.isEmpty else { return rows.map { _ in 0 } }
        let common = known.reduce(0, +) / Double(known.count)
        let part = CapacityDrift.commonPart
        return away.map { share * ((1 - part) * ($0 ?? 0) + part * common) }
    }

    /// The quantile of the rows of the last months; nil where they make less than two weeks.
    private func recent(_ rows: Rows, before time: Int) -> Double? {
        let last = CapacityDrift.count(rows.ends, upTo: time)
        let span = 4 * CapacityDrift.halfLifeWeeks * Double(week)
        let first = CapacityDrift.count(rows.ends, upTo: time - Int(saturating: span) - 1)
        guard last - first >= 2 * week else { return nil }
        let thinning = (last - first + CapacityDrift.rowsMax - 1) / CapacityDrift.rowsMax
        var weighed: [(ratio: Double, weight: Double)] = []
        weighed.reserveCapacity((last - first) / thinning + 1)
        var total = 0.0
        for row in stride(from: last - 1, through: first, by: -thinning) where rows.ratios[row].isFinite {
            let weeks = Double(time - rows.ends[row]) / Double(week)
            let weight = exp2(-weeks / CapacityDrift.halfLifeWeeks)
            weighed.append((rows.ratios[row], weight))
            total += weight
        }
        weighed.sort { $0.ratio > $1.ratio }
        var above = 0.0
        for one in weighed {
            above += one.weight
            if above >= (1 - CapacityDrift.level) * total { return one.ratio }
        }
        return nil
    }

    /// How many of rising numbers are no larger than a limit.
    static func count(_ rising: [Int], upTo limit: Int) -> Int {
        var lo = 0
        var hi = rising.count
        while lo < hi {
            let middle = (lo + hi) / 2
            if rising[middle] <= limit { lo = middle + 1 } else { hi = middle }
        }
        return lo
    }

    /// What would have been added for each of the first rows of each series, renewed every fortnight.
    func past(_ rows: [Rows], baselines: [Double], rowCounts: [Int]) -> [[Double]] {
        let period = 2 * week
        var known: [Int: [Double]] = [:]
        return rows.indices.map { series in
            (0..<rowCounts[series]).map { row in
                let time = max(0, rows[series].ends[row] - horizon) / period * period
                if let moves = known[time] { return moves[series] }
                let moves = self.moves(rows, baselines: baselines, at: time)
                known[time] = moves
                return moves[series]
            }
        }
    }
}
