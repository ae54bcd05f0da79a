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

    /// The regression of the lag autoregression, with what it cannot explain drawn in to four robust
    /// deviations; nil where the series is too short.
    init?(_ window: HistoryWindow) {
        guard let short = window.shortSeason else { return nil }
        let long = window.longSeason
        let values = Array(window.logs.suffix(HistorySpan.adaptive(long ?? short)))
        let first = window.count - values.count
        let lags = LagChoice.seasonal(short: short, long: long, count: values.count)
        guard let reach = lags.map(\.steps).max(), values.count >= reach + 3 * lags.count + 10 else {
            return nil
        }
        group = Group(
            seasons: window.seasons, lags: lags.map(\.steps), stepSeconds: window.stepSeconds,
            origin: window.hasCalendar ? window.origin : nil)
        let (centre, scale) = LagRegression.standardisation(values, span: long ?? short)
        let z = values.map { ($0 - centre) / scale }
        let columns = lags.count + 1
        var design: [Double] = []
        design.reserveCapacity(values.count * columns)
        var response: [Double] = []
        response.reserveCapacity(values.count)
        for time in reach..<values.count where window.isObserved(first + time) {
            var value = z[time]
            design.append(1)
            for lag in lags {
                let past = z[time - lag.steps]
                design.append(past)
                value -= lag.prior * past
            }
            response.append(value)
        }
        let count = response.count
        guard count >= 3 * columns else { return nil }
        let bound = 4 * 1.4826 * Selection.medianAbsolute(response) + 1e-9
        for index in response.indices { response[index] = min(max(response[index], -bound), bound) }
        let share = 1 / Double(count)
        gram = Matrix.transposedProduct(design, design, rows: count, columnsA: columns, columnsB: columns)
            .map { $0 * share }
        cross = Matrix.transposedProduct(design, response, rows: count, columnsA: columns, columnsB: 1)
            .map { $0 * share }
        square = response.reduce(0) { $0 + $1 * $1 } * share
        var ridge = gram
        for column in 0..<columns { ridge[column * columns + column] += 0.0005 }
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
