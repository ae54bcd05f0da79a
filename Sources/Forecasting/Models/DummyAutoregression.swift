import Foundation
import Numerics
import Units

/// A ridge autoregression with a dummy for each phase of the short and of the long season.
///
/// The dummies of the long season are eliminated by Schur's complement, so that a week of them costs little.
public struct DummyAutoregression: SingleSeriesModel {
    /// Which lags are taken, and how freely the phases of the long season move.
    public enum Kind: String, Sendable {
        /// Lags up to the long season, drawn towards the airline form; stiff weekly dummies; values as they are.
        case weekly
        /// Lags up to two short seasons; free weekly dummies; values on the log scale.
        case daily
    }

    private let kind: Kind
    /// `dummy_ar_weekly` or `dummy_ar_daily`.
    public var name: String { "dummy_ar_\(kind.rawValue)" }

    /// The longest season whose phases get dummies.
    static let longestSeason = 400

    /// A model of a kind.
    public init(_ kind: Kind) {
        self.kind = kind
    }

    /// Needs two long seasons of at most `longestSeason` steps.
    public func fit(_ window: HistoryWindow) throws(ModelFailure) -> any FittedModel {
        guard let short = window.shortSeason, let long = window.longSeason else {
            throw ModelFailure("holds no long season twice")
        }
        guard long <= DummyAutoregression.longestSeason else {
            throw ModelFailure("a dummy for each phase needs a season of at most 400 steps")
        }
        let span = min(window.count, HistorySpan.adaptive(long))
        let lags =
            kind == .weekly
            ? LagChoice.seasonal(short: short, long: long, count: span)
            : LagChoice.short(short: short, count: span)
        let scale: ValueScale = kind == .weekly ? .identity : window.logScale
        let system = DummySystem(window, on: scale, span: span, lags: lags, short: short, long: long)
        guard let system else { throw .tooShort(window, needs: 2 * long) }
        guard let fitted = system.solve(weeklyPenalty: kind == .weekly ? 5 : 0.3) else {
            throw ModelFailure("the normal equations have no solution")
        }
        return fitted
    }
}

/// The regression of one window.
private struct DummySystem {
    let valueScale: ValueScale
    let lags: [LagRegression.Lag]
    let short: Int
    let long: Int
    let span: Int
    let origin: Timestamp
    let centre: Double
    let scale: Double
    /// Row by row: a 1, then the lags.
    private var design: [Double]
    private var response: [Double]
    private var phases: [Int]
    private var ageWeights: [Double]

    init?(
        _ window: HistoryWindow, on valueScale: ValueScale, span: Int, lags: [LagRegression.Lag], short: Int,
        long: Int
    ) {
        let values = Array(window.values(on: valueScale).suffix(span))
        self.valueScale = valueScale
        let first = window.count - span
        guard let reach = lags.map(\.steps).max() else { return nil }
        let targets = (reach..<max(reach, span)).filter { window.isObserved(first + $0) }
        guard targets.count >= long / 2 + 3 * lags.count else { return nil }
        (centre, scale) = LagRegression.standardisation(values, span: long)
        self.lags = lags
        self.short = short
        self.long = long
        self.span = span
        origin = window.origin
        let columns = lags.count + 1
        design = [Double](repeating: 1, count: targets.count * columns)
        response = []
        phases = []
        ageWeights = []
        let ageDecay = Foundation.log(0.999)
        for (row, time) in targets.enumerated() {
            var value = (values[time] - centre) / scale
            for (column, lag) in lags.enumerated() {
                let past = (values[time - lag.steps] - centre) / scale
                design[row * columns + column + 1] = past
                value -= lag.prior * past
            }
            response.append(value)
            phases.append(((time - span) % long + long) % long)
            ageWeights.append(Foundation.exp(ageDecay * Double(span - 1 - time)))
        }
    }

    func solve(weeklyPenalty: Double) -> FittedDummies? {
        var weights = ageWeights
        var result: FittedDummies?
        for pass in 0..<2 {
            guard let found = solveOnce(weights: weights, weeklyPenalty: weeklyPenalty) else { return result }
            result = found
            guard pass == 0 else { break }
            let plain = zip(found.regressionCoefficients, [0] + lags.map(\.prior)).map { $0 - $1 }
            var errors = RobustRidge.residuals(design: design, response: response, coefficients: plain)
            for row in errors.indices { errors[row] -= found.dummies[phases[row]] }
            let factors = RobustRidge.huberWeights(errors)
            for row in weights.indices { weights[row] = ageWeights[row] * factors[row] }
        }
        return result
    }

    /// One weighted solution. Unknowns: c (intercept, lags, short dummies) and W (long dummies), with W
    /// eliminated.
    private func solveOnce(weights: [Double], weeklyPenalty: Double) -> FittedDummies? {
        let columns = lags.count + 1
        let order = columns + short
        // For each phase of the long season, the weighted sums of the unknowns' columns and of the response.
        var sums = [Double](repeating: 0, count: long * order)
        var responses = [Double](repeating: 0, count: long)
        var weighted = design
        for row in response.indices {
            let weight = weights[row]
            let phase = phases[row]
            for column in 0..<columns {
                let value = weight * design[row * columns + column]
                weighted[row * columns + column] = value
                sums[phase * order + column] += value
            }
            sums[phase * order + columns + phase % short] += weight
            responses[phase] += weight * response[row]
        }
        var normal = normalMatrix(weighted, sums: sums, order: order, totalWeight: weights.reduce(0, +))
        var right = [Double](repeating: 0, count: order)
        let lagRight = Matrix.transposedProduct(
            weighted, response, rows: response.count, columnsA: columns, columnsB: 1)
        for column in 0..<columns { right[column] = lagRight[column] }
        for phase in 0..<long { right[columns + phase % short] += responses[phase] }

        // Schur: normal − Σ s sᵀ / (w + penalty), right − Σ s r / (w + penalty).
        var scaled = sums
        let pivots = (0..<long).map { 1 / (sums[$0 * order] + weeklyPenalty) }
        for phase in 0..<long {
            for column in 0..<order { scaled[phase * order + column] *= pivots[phase] }
        }
        let correction = Matrix.transposedProduct(sums, scaled, rows: long, columnsA: order, columnsB: order)
        let rightCorrection = Matrix.transposedProduct(
            scaled, responses, rows: long, columnsA: order, columnsB: 1)
        for index in normal.indices { normal[index] -= correction[index] }
        for index in right.indices { right[index] -= rightCorrection[index] }
        guard let factor = Cholesky(normal, order: order) else { return nil }
        factor.solve(&right)
        guard right.allSatisfy(\.isFinite) else { return nil }
        let explained = Matrix.product(sums, right, rows: long, inner: order, columns: 1)
        let dummies = (0..<long).map { phase in
            (responses[phase] - explained[phase]) * pivots[phase] + right[columns + phase % short]
        }
        let coefficients = (0..<columns).map { right[$0] + ($0 == 0 ? 0 : lags[$0 - 1].prior) }
        return FittedDummies(
            lags: lags.map(\.steps), regressionCoefficients: coefficients, dummies: dummies, origin: origin,
            span: span, valueScale: valueScale)
    }

    /// The normal matrix of intercept, lags and short dummies, penalties included.
    private func normalMatrix(_ weighted: [Double], sums: [Double], order: Int, totalWeight: Double)
        -> [Double]
    {
        let columns = lags.count + 1
        let block = Matrix.transposedProduct(
            weighted, design, rows: response.count, columnsA: columns, columnsB: columns)
        var normal = [Double](repeating: 0, count: order * order)
        for row in 0..<columns {
            for column in 0..<columns { normal[row * order + column] = block[row * columns + column] }
            normal[row * order + row] += row == 0 ? 1e-3 : 0.0005 * totalWeight
        }
        for phase in 0..<long {
            let place = columns + phase % short
            for column in 0..<columns {
                normal[place * order + column] += sums[phase * order + column]
                normal[column * order + place] += sums[phase * order + column]
            }
            normal[place * order + place] += sums[phase * order]
        }
        for place in columns..<order { normal[place * order + place] += 1 }
        return normal
    }
}

/// Coefficients in standardised units, and the sum of both dummies at each phase of the long season.
private struct FittedDummies: FittedModel {
    let lags: [Int]
    let regressionCoefficients: [Double]
    let dummies: [Double]
    let origin: Timestamp
    let span: Int
    let valueScale: ValueScale

    func forecast(_ window: HistoryWindow, horizon: Int) -> [Double] {
        let values = Array(window.values(on: valueScale).suffix(span))
        let (centre, scale) = LagRegression.standardisation(values, span: dummies.count)
        let regression = LagRegression(
            centre: centre, scale: scale, intercept: regressionCoefficients[0], lags: lags,
            coefficients: Array(regressionCoefficients.dropFirst()))
        let shift = window.steps(since: origin)
        return regression.extend(values, by: horizon) { dummies[($0 + shift) % dummies.count] }
            .map(valueScale.invert)
    }
}
