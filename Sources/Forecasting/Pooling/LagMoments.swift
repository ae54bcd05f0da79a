import Foundation
import Numerics
import Units

/// The moments of one series' autoregression, by which series are compared.
struct LagMoments: Sendable {
    /// Series that may be compared.
    struct Group: Hashable {
        let seasons: [Int]
        let lags: [Int]
        let stepSeconds: Int64
        /// nil where instants mean nothing.
        let origin: Timestamp?
    }

    let group: Group
    /// Mean products of the regressors, row by row.
    let gram: [Double]
    /// Mean products with the response.
    let cross: [Double]
    /// The mean square of the response.
    let square: Double
    /// Ridge coefficients of the regression.
    let solution: [Double]

    /// Robust deviations to which a response is drawn in. Chosen, not measured.
    private static let responseDeviations = 4.0

    /// The regression of the lag autoregression, with what it cannot explain drawn in to four robust
    /// deviations; nil where the series is too short.
    init?(_ window: HistoryWindow) {
        guard let short = window.shortSeason else { return nil }
        let long = window.longSeason
        let values = Array(window.logs.suffix(HistorySpan.adaptive(long ?? short)))
        let lags = LagChoice.seasonal(short: short, long: long, count: values.count)
        guard let reach = lags.map(\.steps).max(), values.count >= reach + 3 * lags.count + 10 else {
            return nil
        }
        group = Group(
            seasons: window.seasons, lags: lags.map(\.steps), stepSeconds: window.stepSeconds,
            origin: window.hasCalendar ? window.origin : nil)
        let (centre, scale) = LagRegression.standardisation(values, span: long ?? short)
        guard let design = LagColumns(LagRegression.standardised(values, (centre, scale)), lags: lags)
        else { return nil }
        let columns = design.order
        let first = window.count - design.count
        let weights: [Double]? =
            window.isComplete
            ? nil : (0..<design.count).map { window.isObserved(first + $0) ? 1 : 0 }
        let count = weights.map { Int(saturating: $0.reduce(0, +)) } ?? design.count
        guard count >= 3 * columns else { return nil }
        let known = weights.map { zip(design.response, $0).filter { $1 > 0 }.map(\.0) } ?? design.response
        let bound =
            LagMoments.responseDeviations * RobustScale.madToSigma * Selection.medianAbsolute(known) + 1e-9
        let response = design.response.map { $0 < -bound ? -bound : $0 > bound ? bound : $0 }
        let share = 1 / Double(count)
        let moments = design.moments(weights: weights, response: response)
        var gram = moments.gram
        for row in 0..<columns {
            for column in 0...row {
                gram[row * columns + column] *= share
                gram[column * columns + row] = gram[row * columns + column]
            }
        }
        self.gram = gram
        cross = moments.cross.map { $0 * share }
        square =
            Vector.sum(count: response.count) { response[$0] * response[$0] * (weights?[$0] ?? 1) } * share
        var ridge = gram
        for column in 0..<columns { ridge[column * columns + column] += LagChoice.seasonalPenalty }
        guard let factor = Cholesky(ridge, order: columns) else { return nil }
        var found = cross
        factor.solve(&found)
        guard found.allSatisfy(\.isFinite) else { return nil }
        solution = found
    }

    /// The mean square error with these coefficients.
    func loss(of coefficients: [Double]) -> Double {
        let order = cross.count
        return gram.withUnsafeBufferPointer { gram in
            coefficients.withUnsafeBufferPointer { beta in
                var total = square
                for row in 0..<order {
                    var sum = 0.0
                    for column in 0..<order { sum += gram[row * order + column] * beta[column] }
                    total += beta[row] * (sum - 2 * cross[row])
                }
                return total
            }
        }
    }
}
