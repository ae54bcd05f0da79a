import Foundation
import Numerics
import Units

/// How demand answers a price move of the same step.
///
/// Demand over its seasonal baseline goes as (m + m₀)^γ, with m the move |log(close / previous close)| or the
/// step's log(high / low) where that is larger, m₀ its median, and a factor of its own for falls. Least squares
/// on logarithms; intervals are where nineteen of twenty steps with such a move lay.
public struct PriceResponse: Sendable {
    /// γ, with a 95 % interval from blocks of a week, within which steps depend on each other.
    public let elasticity: Estimate
    /// What a fall multiplies demand by, beside a rise of the same size.
    public let fallFactor: Double
    /// The share of the variance of log demand over its baseline that moves explain.
    public let explained: Double
    /// The largest move seen, as a fraction of the price; answers beyond it are extrapolated.
    public let largestMove: Double
    private let coefficients: [Double]
    private let medianMove: Double
    private let residuals: [Double]

    /// The fewest steps that a response is fitted to.
    public static let fewestSteps = 336
    /// The lowest price over the one before that is told from none at all.
    private static let leastPriceRatio = 1e-6

    /// Fits a series and its prices; `seasons` are those of the baseline in steps.
    ///
    /// Throws `ModelFailure` where there are no prices, or too little of either.
    public init(
        _ series: RegularSeries, prices: SeriesTable.Prices?, seasons: [Int]
    ) throws(ModelFailure) {
        guard let prices, let moves = PriceMoves(prices, offset: 0, count: series.values.count) else {
            throw ModelFailure("there are no prices")
        }
        guard let baseline = SeasonalBaseline(series.values, seasons: seasons) else {
            throw ModelFailure("the history is too short or has negative values, so there is no baseline")
        }
        let rows = PriceResponse.rows(series, moves, baseline)
        guard rows.count >= PriceResponse.fewestSteps else {
            throw ModelFailure(
                "\(rows.count) steps with a price move, but \(PriceResponse.fewestSteps) are needed")
        }
        let middle = Summary.median(rows.map(\.move))
        var design: [Double] = []
        for row in rows { design += [1, log(row.move + middle), row.falls] }
        let answers = rows.map(\.answer)
        let gram = Matrix.transposedProduct(design, design, rows: rows.count, columnsA: 3, columnsB: 3)
        guard let factor = Cholesky(gram, order: 3) else {
            throw ModelFailure("all price moves have the same size")
        }
        var beta = Matrix.transposedProduct(design, answers, rows: rows.count, columnsA: 3, columnsB: 1)
        factor.solve(&beta)
        let fitted = Matrix.product(design, beta, rows: rows.count, inner: 3, columns: 1)
        let errors = zip(answers, fitted).map { $0 - $1 }
        let block = max(1, Int(604_800 / series.stepSeconds))
        let variance = PriceResponse.elasticityVariance(rows, design, errors, factor, block: block)
        let width = SpecialFunctions.normal95 * variance.squareRoot()
        elasticity = Estimate(beta[1], lo: beta[1] - width, hi: beta[1] + width)
        fallFactor = exp(beta[2])
        explained = 1 - Summary.variance(errors) / Summary.variance(answers)
        largestMove = rows.reduce(0) { max($0, expm1($1.move)) }
        coefficients = beta
        medianMove = middle
        residuals = errors.sorted()
    }

    /// A step with a move: its size, 1 for a fall, and demand over its baseline, as a logarithm.
    private typealias Row = (step: Int, move: Double, falls: Double, answer: Double)

    private static func rows(
        _ series: RegularSeries, _ moves: PriceMoves, _ baseline: SeasonalBaseline
    ) -> [Row] {
        var rows: [Row] = []
        for step in series.values.indices.dropFirst() where baseline.logRatios[step].isFinite {
            let move = max(abs(moves.returns[step]), moves.ranges[step])
            guard move > 0, series.values[step] > 0 else { continue }
            rows.append((step, move, moves.returns[step] < 0 ? 1 : 0, baseline.logRatios[step]))
        }
        return rows
    }

    /// The variance of the elasticity from the sums of scores over blocks of steps.
    private static func elasticityVariance(
        _ rows: [Row], _ design: [Double], _ errors: [Double], _ factor: Cholesky, block: Int
    ) -> Double {
        var scores: [Int: [Double]] = [:]
        for (index, row) in rows.enumerated() {
            let key = row.step / block
            var score = scores[key] ?? [0, 0, 0]
            for column in 0..<3 { score[column] += design[index * 3 + column] * errors[index] }
            scores[key] = score
        }
        var variance = 0.0
        for key in scores.keys.sorted() {
            var score = scores[key] ?? [0, 0, 0]
            factor.solve(&score)
            variance += score[1] * score[1]
        }
        return variance
    }

    /// Demand over its baseline in a step in which the price moves by a fraction (−0.25: it falls by a
    /// quarter), with where nineteen of twenty such steps lay.
    public func factor(move: Double) -> Estimate {
        let size = abs(log(max(1 + move, PriceResponse.leastPriceRatio)))
        let level =
            coefficients[0] + coefficients[1] * log(size + medianMove) + (move < 0 ? coefficients[2] : 0)
        return Estimate(
            exp(level + Summary.quantile(sorted: residuals, 0.5)),
            lo: exp(level + Summary.quantile(sorted: residuals, Summary.levels95.low)),
            hi: exp(level + Summary.quantile(sorted: residuals, Summary.levels95.high)))
    }
}
