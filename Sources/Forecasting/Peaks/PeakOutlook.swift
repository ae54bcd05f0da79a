import Foundation
import Numerics

/// What the past says of the highest step within the next horizon, for all series together and for their sum.
///
/// The peak over the mean of the last seven short seasons is told from how that mean compares with those of one, 28, 84,
/// 365 and 730 short seasons, and from the peaks of the last seven, 28 and 182: a calm week reverts to the level of the
/// months before, and a wild one back to it. Coefficients are common to all series. They are not those of least squares, but
/// those at which a capacity in proportion to what is told costs the least for the peaks that pass it (`CapacityCost` with a
/// tail of index 1): scaled in hindsight to 1, 5 and 20 % of weeks broken, five pairs of Binance and their sum over three
/// years cost 0.83, 0.84, 0.89 of the best of four flat rules, by least squares on six of these features 1.01, 0.94, 0.95;
/// over the last year and a half of hourly bars 0.97, 0.86, 0.90 and 1.06, 0.93, 0.91.
///
/// What that got wrong on each of the days of the history is the distribution of the next peak, surges and shifts of level
/// included: 0.7 of a series' own quantiles and 0.3 of those of all. On the same weeks 5 % were passed by 5.3 and 6.2 % of
/// peaks, 1 % by 1.6 and 1.7 %, 20 % by 20.4 and 21.6 %.
struct PeakOutlook {
    /// By series, the sum of all as the last, the natural logarithm of what is told; NaN where the history does not tell.
    let centres: [Double]
    private let errors: [[(value: Double, weight: Double)]]
    private let common: [(value: Double, weight: Double)]

    /// Origins of the past that a distribution needs, a short season apart.
    static let originsMin = 60
    /// The share of the errors of all series. 0.6 did as well.
    private static let commonShare = 0.3
    /// An error loses half of its weight in so many short seasons. 500 did as well.
    private static let halfLife = 2000.0
    /// The penalty of a coefficient, as a share of its feature's variance. 0.2 and 3 did as well within a few per cent.
    private static let penalty = 1.0
    /// The index of the tail. 0.5 does as well; 2, 4 and 8 cost 2, 6 and 13 % more.
    private static let tailIndex = 1.0

    /// Looks at histories that end at one instant, as long as each is.
    init(_ histories: [[Double]], horizon: Int, season: Int, threads: Int) {
        let known = histories + [PeakOutlook.sum(of: histories)]
        let all = Parallel.map(known.count, threads: threads) {
            PeakOrigins(known[$0], horizon: horizon, season: season)
        }
        let coefficients = PeakOutlook.coefficients(all.filter(\.tells).map(\.block), threads: threads)
        var centres: [Double] = []
        var errors: [[(value: Double, weight: Double)]] = []
        for origins in all {
            guard origins.tells, let now = origins.now else {
                centres.append(.nan)
                errors.append([])
                continue
            }
            func expected(_ row: PeakOrigins.Row) -> Double {
                zip(row.features, coefficients).reduce(0) { $0 + $1.0 * $1.1 }
            }
            centres.append(now.level + expected(now))
            errors.append(
                origins.past.map { ($0.rise - expected($0), exp2(-$0.age / PeakOutlook.halfLife)) }
                    .sorted { $0.value < $1.value })
        }
        self.centres = centres
        self.errors = errors
        common = errors.flatMap { $0 }.sorted { $0.value < $1.value }
    }

    /// The sum of series from where the first of them begins, steps that one lacks without it.
    private static func sum(of histories: [[Double]]) -> [Double] {
        let count = histories.map(\.count).max() ?? 0
        var sums = [Double](repeating: .nan, count: count)
        for values in histories {
            let shift = count - values.count
            for (index, value) in values.enumerated() where value.isFinite {
                sums[shift + index] = (sums[shift + index].isFinite ? sums[shift + index] : 0) + value
            }
        }
        return sums
    }

    /// The quantiles of the next peak of a series at rising levels.
    func peaks(of series: Int, levels: [Double], common: [Double]) -> [Double] {
        zip(PeakOutlook.quantiles(errors[series], levels), common).map { own, all in
            let error = (1 - PeakOutlook.commonShare) * own + PeakOutlook.commonShare * all
            return exp(min(centres[series] + error, 700))
        }
    }

    /// The quantiles of the errors of all series.
    func commonQuantiles(_ levels: [Double]) -> [Double] { PeakOutlook.quantiles(common, levels) }

    /// Quantiles of weighted values in order, linear between the middles of their weights.
    private static func quantiles(_ values: [(value: Double, weight: Double)], _ levels: [Double]) -> [Double]
    {
        let total = values.reduce(0) { $0 + $1.weight }
        guard let first = values.first, total > 0 else { return levels.map { _ in 0 } }
        var place = 0
        var before = (at: 0.0, value: first.value)
        var sum = 0.0
        return levels.map { level in
            while place < values.count {
                let middle = (sum + values[place].weight / 2) / total
                if middle >= level {
                    let share = middle > before.at ? (level - before.at) / (middle - before.at) : 1
                    return before.value + share * (values[place].value - before.value)
                }
                before = (middle, values[place].value)
                sum += values[place].weight
                place += 1
            }
            return before.value
        }
    }

    /// Coefficients common to all series, drawn to 0 in the measure of each feature's variance.
    private static func coefficients(_ blocks: [CapacityCost.Block], threads: Int) -> [Double] {
        let columns = PeakOrigins.featureCount
        let none = [Double](repeating: 0, count: columns)
        guard !blocks.isEmpty else { return none }
        var ridge = [Double](repeating: 0, count: columns * columns)
        for column in 0..<columns {
            let variance = blocks.reduce(0) { sum, block in
                let values = (0..<block.rowCount).map { block.rows[$0 * columns + column] }
                return sum + Summary.variance(values)
            }
            ridge[column * columns + column] = penalty * variance + 1e-9
        }
        return CapacityCost(tailIndex: tailIndex).minimise(
            blocks, prior: CapacityCost.Quadratic(centre: none, hessian: ridge), start: none, threads: threads
        ).centre
    }
}
