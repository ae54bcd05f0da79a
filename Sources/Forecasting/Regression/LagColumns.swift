import Numerics

/// The design of a lag regression without a matrix: a column of ones, and for each lag the series so many
/// steps earlier, which is a slice of the series itself.
struct LagColumns: Sendable {
    /// The standardised series.
    let series: [Double]
    let lags: [LagRegression.Lag]
    /// The first place that has all of its lags: that of the first row.
    let reach: Int
    /// What the priors of the lags leave of each row.
    let response: [Double]

    /// Number of rows.
    var count: Int { response.count }
    /// Number of columns.
    var order: Int { lags.count + 1 }

    /// The design of a standardised series; nil without lags or rows.
    init?(_ series: [Double], lags: [LagRegression.Lag]) {
        guard let reach = lags.map(\.steps).max(), reach < series.count else { return nil }
        self.series = series
        self.lags = lags
        self.reach = reach
        response = LagColumns.minus(
            [0] + lags.map(\.prior), of: Array(series[reach...]), series: series, lags: lags, reach: reach)
    }

    /// The response less the columns with these coefficients.
    func residuals(_ coefficients: [Double]) -> [Double] {
        LagColumns.minus(coefficients, of: response, series: series, lags: lags, reach: reach)
    }

    private static func minus(
        _ coefficients: [Double], of response: [Double], series: [Double], lags: [LagRegression.Lag],
        reach: Int
    ) -> [Double] {
        var result = response
        let count = result.count
        series.withUnsafeBufferPointer { series in
            result.withUnsafeMutableBufferPointer { result in
                guard let source = series.baseAddress, let target = result.baseAddress else { return }
                for (lag, coefficient) in zip(lags, coefficients.dropFirst()) where coefficient != 0 {
                    Vector.add(-coefficient, source + (reach - lag.steps), to: target, count: count)
                }
                guard coefficients[0] != 0 else { return }
                for row in 0..<count { target[row] -= coefficients[0] }
            }
        }
        return result
    }

    /// The moments of the rows, each with its weight; without weights every row counts the same. With a
    /// season also the sums at each of its phases, where the first row has the phase `firstPhase`.
    func moments(
        weights: [Double]?, response: [Double], season: Int? = nil, firstPhase: Int = 0
    ) -> LagMatrix {
        precondition(response.count == count && weights?.count ?? count == count, "one for each row")
        var result = LagMatrix(order: order)
        let ones = [Double](repeating: 1, count: count)
        series.withUnsafeBufferPointer { series in
            response.withUnsafeBufferPointer { response in
                ones.withUnsafeBufferPointer { ones in
                    guard let series = series.baseAddress, let response = response.baseAddress,
                        let ones = ones.baseAddress
                    else { return }
                    let columns = [ones] + lags.map { series + (reach - $0.steps) } + [response]
                    // The response's products are the last row.
                    var products = [Double](repeating: 0, count: columns.count * columns.count)
                    if let weights {
                        Kernels.best.gram(
                            columns, columnCount: columns.count, weights: weights, count: count, to: &products
                        )
                    } else {
                        Kernels.best.gram(
                            columns, columnCount: columns.count, weights: nil, count: count, to: &products)
                    }
                    for row in 0..<order {
                        for column in 0...row {
                            result.gram[row * order + column] = products[row * columns.count + column]
                        }
                        result.cross[row] = products[order * columns.count + row]
                    }
                }
            }
        }
        guard let season else { return result }
        withUnsafeTemporaryAllocation(of: Double.self, capacity: count) { weighted in
            for column in 0..<order {
                fill(weighted, column: column, weights: weights)
                result.sums.append(
                    SeasonalSums.sums(UnsafeBufferPointer(weighted), season: season, first: firstPhase))
            }
        }
        return result
    }

    /// A column, each row with its weight.
    private func fill(_ target: UnsafeMutableBufferPointer<Double>, column: Int, weights: [Double]?) {
        let first = column == 0 ? 0 : reach - lags[column - 1].steps
        guard let weights else {
            if column == 0 {
                target.initialize(repeating: 1)
            } else {
                _ = target.initialize(fromContentsOf: series[first..<first + count])
            }
            return
        }
        weights.withUnsafeBufferPointer { weights in
            guard column > 0 else {
                _ = target.initialize(fromContentsOf: weights)
                return
            }
            series.withUnsafeBufferPointer { series in
                guard let one = series.baseAddress, let other = weights.baseAddress,
                    let target = target.baseAddress
                else { return }
                Kernels.best.multiply(one + first, other, count: count, to: target)
            }
        }
    }
}

/// Weighted moments of a lag regression's columns X and response y.
struct LagMatrix {
    /// Xᵀ W X, row by row; only the lower triangle is filled.
    var gram: [Double]
    /// Xᵀ W y.
    var cross: [Double]
    /// By column, the sums of W X at each phase of a season.
    var sums: [[Double]] = []

    fileprivate init(order: Int) {
        gram = [Double](repeating: 0, count: order * order)
        cross = [Double](repeating: 0, count: order)
    }
}

/// Sums by phase.
enum SeasonalSums {
    /// The sums at each phase of a season, where the first value has the phase `first`.
    static func sums(_ values: UnsafeBufferPointer<Double>, season: Int, first: Int) -> [Double] {
        var sums = [Double](repeating: 0, count: season)
        sums.withUnsafeMutableBufferPointer { sums in
            var place = 0
            var phase = first
            while place < values.count {
                let length = min(season - phase, values.count - place)
                if let source = values.baseAddress, let target = sums.baseAddress {
                    Kernels.best.addScaled(1, source + place, count: length, to: target + phase)
                }
                place += length
                phase = 0
            }
        }
        return sums
    }
}
