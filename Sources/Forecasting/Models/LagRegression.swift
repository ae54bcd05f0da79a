import Foundation
import Numerics

/// A ridge autoregression of one series, iterated over the horizon: the engine of several models.
///
/// Standardises by the mean of the last long season and the standard deviation of all, regresses on the lags
/// with coefficients drawn towards a prior, and solves twice, the second time with Huber's weights.
struct LagRegression: Sendable {
    /// A lag and the coefficient towards which it is drawn.
    struct Lag: Sendable {
        let steps: Int
        let prior: Double
    }

    let centre: Double
    let scale: Double
    let intercept: Double
    let lags: [Int]
    let coefficients: [Double]

    /// A regression from its parts, in standardised units.
    init(centre: Double, scale: Double, intercept: Double, lags: [Int], coefficients: [Double]) {
        self.centre = centre
        self.scale = scale
        self.intercept = intercept
        self.lags = lags
        self.coefficients = coefficients
    }

    /// Fits `values`, of which those with weight 0 are never a target; nil where there is too little to fit.
    init?(_ values: [Double], isTarget: (Int) -> Bool, lags: [Lag], penalty: Double, centreSpan: Int) {
        guard let reach = lags.map(\.steps).max() else { return nil }
        let targets = (reach..<max(reach, values.count)).filter(isTarget)
        guard targets.count >= 3 * lags.count + 10 else { return nil }
        let (centre, scale) = LagRegression.standardisation(values, span: centreSpan)
        let z = values.map { ($0 - centre) / scale }
        let columns = lags.count + 1
        var design = [Double](repeating: 1, count: targets.count * columns)
        var response = [Double](repeating: 0, count: targets.count)
        for (row, time) in targets.enumerated() {
            var value = z[time]
            for (column, lag) in lags.enumerated() {
                let past = z[time - lag.steps]
                design[row * columns + column + 1] = past
                value -= lag.prior * past
            }
            response[row] = value
        }
        guard
            let solution = RobustRidge.solve(
                design: design, response: response, ageWeights: nil, penalty: penalty, columns: columns)
        else { return nil }
        self.centre = centre
        self.scale = scale
        self.lags = lags.map(\.steps)
        intercept = solution[0]
        coefficients = zip(solution.dropFirst(), lags).map { $0 + $1.prior }
    }

    /// Continues the values, each step within the range seen so far widened by 30 % on each side.
    ///
    /// `addition` is what a step gets beside its lags, in standardised units.
    func extend(_ values: [Double], by horizon: Int, addition: (Int) -> Double = { _ in 0 }) -> [Double] {
        let (lowest, highest) = Selection.range(values)
        let low = (lowest - centre) / scale
        let high = (highest - centre) / scale
        let margin = 0.3 * (high - low)
        // Only as much of the past as the lags reach.
        var z = values.suffix(lags.max() ?? 0).map { ($0 - centre) / scale }
        let count = z.count
        z.reserveCapacity(count + horizon)
        for step in 0..<horizon {
            var next = intercept + addition(step)
            for (lag, coefficient) in zip(lags, coefficients) {
                next += coefficient * (count + step >= lag ? z[count + step - lag] : 0)
            }
            z.append(min(max(next, low - margin), high + margin))
        }
        return z[count...].map { $0 * scale + centre }
    }

    /// The mean of the last `span` values and the standard deviation of all, which is positive.
    static func standardisation(_ values: [Double], span: Int) -> (centre: Double, scale: Double) {
        let recent = values.suffix(max(1, span))
        let centre = Summary.mean(recent)
        let middle = Summary.mean(values)
        let variance = values.reduce(0) { $0 + ($1 - middle) * ($1 - middle) } / Double(values.count)
        return (centre, variance.squareRoot() + 1e-9 * max(1, abs(middle)))
    }
}

/// Ridge regression solved twice, the second time with Huber's weights (Huber 1964) at 1.5 robust deviations.
enum RobustRidge {
    /// Coefficients of a row-major design whose first column is the intercept; nil where the system has no
    /// solution.
    ///
    /// The penalty is per unit of total weight; the intercept's is ten times that.
    static func solve(
        design: [Double], response: [Double], ageWeights: [Double]?, penalty: Double, columns: Int
    ) -> [Double]? {
        var weights = ageWeights ?? [Double](repeating: 1, count: response.count)
        var solution: [Double]?
        for pass in 0..<2 {
            let total = weights.reduce(0, +)
            var penalties = [Double](repeating: penalty * total, count: columns)
            penalties[0] *= 10
            guard
                let ridge = RidgeRegression(
                    design: design, rows: response.count, weights: weights, penalties: penalties)
            else { return solution }
            let found = ridge.coefficients(response)
            guard found.allSatisfy(\.isFinite) else { return solution }
            solution = found
            if pass == 0 {
                let errors = residuals(design: design, response: response, coefficients: found)
                apply(huberWeights(errors), to: &weights, base: ageWeights)
            }
        }
        return solution
    }

    /// y − Xβ.
    static func residuals(design: [Double], response: [Double], coefficients: [Double]) -> [Double] {
        let fitted = Matrix.product(
            design, coefficients, rows: response.count, inner: coefficients.count, columns: 1)
        return zip(response, fitted).map { $0 - $1 }
    }

    /// min(1, 1.5 s / |e|), with s the median absolute error over 0.6745.
    static func huberWeights(_ errors: [Double]) -> [Double] {
        let deviation = 1.4826 * Selection.medianAbsolute(errors) + 1e-9
        return errors.map { min(1, 1.5 * deviation / max(abs($0), 1e-12)) }
    }

    private static func apply(_ factors: [Double], to weights: inout [Double], base: [Double]?) {
        for index in weights.indices { weights[index] = (base?[index] ?? 1) * factors[index] }
    }
}
