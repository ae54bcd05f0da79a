import Foundation
import Numerics

/// What the past says of the highest step within the next horizon, for all series together.
///
/// The logarithm of the peak over the mean of the last seven short seasons is regressed on how that mean compares
/// with one, 28, 84 and 365 short seasons, and on the peaks of the last seven and 28: a calm week reverts to the
/// level of the months before. The coefficients are common to all series, each has its own mean. What the
/// regression got wrong on each of the days of the history is the distribution of the next peak, surges and shifts
/// of level included: 0.7 of a series' own quantiles and 0.3 of those of all.
struct PeakOutlook {
    /// By series, the natural logarithm of the expected peak; NaN where the history does not tell.
    let centres: [Double]
    private let errors: [[(value: Double, weight: Double)]]
    private let common: [(value: Double, weight: Double)]

    /// Origins of the past that a distribution needs, a short season apart.
    static let fewestOrigins = 60
    /// Quantiles of the errors are widened by this factor: origins overlap, and coefficients fitted their errors.
    static let widening = 1.1
    /// The share of the errors of all series.
    static let commonShare = 0.3
    /// An error loses half of its weight in so many short seasons.
    private static let halfLife = 2000.0
    /// The penalty of the coefficients, as a share of the mean diagonal of the normal matrix.
    private static let penalty = 0.5

    /// Looks at histories that end at one instant, as long as each is.
    init(_ histories: [[Double]], horizon: Int, season: Int, threads: Int) {
        let all = Parallel.map(histories.count, threads: threads) {
            PeakOrigins(histories[$0], horizon: horizon, season: season)
        }
        let moments = all.map { $0.moments(halfLife: PeakOutlook.halfLife) }
        let coefficients = PeakOutlook.coefficients(moments.compactMap { $0 })
        var centres: [Double] = []
        var errors: [[(value: Double, weight: Double)]] = []
        for (origins, moment) in zip(all, moments) {
            guard let moment, let now = origins.now else {
                centres.append(.nan)
                errors.append([])
                continue
            }
            func expected(_ row: PeakOrigins.Row) -> Double {
                var sum = moment.mean
                for column in coefficients.indices {
                    sum += coefficients[column] * (row.features[column] - moment.features[column])
                }
                return sum
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

    /// The quantiles of the next peak of a series at rising levels.
    func peaks(of series: Int, levels: [Double], common: [Double]) -> [Double] {
        zip(PeakOutlook.quantiles(errors[series], levels), common).map { own, all in
            let error = (1 - PeakOutlook.commonShare) * own + PeakOutlook.commonShare * all
            return exp(min(centres[series] + PeakOutlook.widening * error, 700))
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

    /// Coefficients common to all series, each taken about its own means.
    private static func coefficients(_ moments: [PeakOrigins.Moments]) -> [Double] {
        let columns = PeakOrigins.featureCount
        var normal = [Double](repeating: 0, count: columns * columns)
        var product = [Double](repeating: 0, count: columns)
        for moment in moments {
            for index in normal.indices { normal[index] += moment.squares[index] }
            for index in product.indices { product[index] += moment.products[index] }
        }
        let trace = (0..<columns).reduce(0) { $0 + normal[$1 * columns + $1] }
        guard trace > 0 else { return [Double](repeating: 0, count: columns) }
        for column in 0..<columns {
            normal[column * columns + column] += (penalty + 1e-9) * trace / Double(columns)
        }
        Cholesky(normal, order: columns)?.solve(&product)
        return product
    }
}
