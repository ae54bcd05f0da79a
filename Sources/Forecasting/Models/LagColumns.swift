import Numerics

/// The design of a lag regression without a matrix: a column of ones, and for each lag the series so many steps
/// earlier, which is a slice of the series itself.
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

    /// The columns with a weight for each row; without weights every row counts the same.
    func weighted(by weights: [Double]?) -> WeightedColumns { WeightedColumns(self, weights) }
}

/// The columns of a lag regression, each row with its weight.
struct WeightedColumns {
    private let columns: LagColumns
    /// One column after another.
    private let values: [Double]

    fileprivate init(_ columns: LagColumns, _ weights: [Double]?) {
        precondition(weights.map { $0.count == columns.count } ?? true, "a weight for each row")
        self.columns = columns
        let count = columns.count
        values = [Double](unsafeUninitializedCapacity: columns.order * count) { values, filled in
            columns.series.withUnsafeBufferPointer { series in
                for (index, lag) in ([0] + columns.lags.map(\.steps)).enumerated() {
                    let target = UnsafeMutableBufferPointer(
                        rebasing: values[index * count..<(index + 1) * count])
                    let source = series[(columns.reach - lag)..<(columns.reach - lag + count)]
                    if index == 0 {
                        target.initialize(repeating: 1)
                    } else {
                        _ = target.initialize(fromContentsOf: source)
                    }
                    weights?.withUnsafeBufferPointer { weights in
                        for row in 0..<count { target[row] *= weights[row] }
                    }
                }
            }
            filled = columns.order * count
        }
    }

    /// Xᵀ W X, row by row; only the lower triangle is filled.
    var gram: [Double] {
        let (order, count) = (columns.order, columns.count)
        var gram = [Double](repeating: 0, count: order * order)
        columns.series.withUnsafeBufferPointer { series in
            for row in 0..<order {
                weighted(row) { weighted in
                    gram[row * order] = Vector.sum(UnsafeBufferPointer(start: weighted, count: count))
                    guard let start = series.baseAddress else { return }
                    for column in 1..<max(1, row + 1) {
                        gram[row * order + column] = Vector.dot(
                            weighted, start + (columns.reach - columns.lags[column - 1].steps), count: count)
                    }
                }
            }
        }
        return gram
    }

    /// Xᵀ W y.
    func cross(_ response: [Double]) -> [Double] {
        response.withUnsafeBufferPointer { response in
            (0..<columns.order).map { column in
                guard let start = response.baseAddress else { return 0 }
                return weighted(column) { Vector.dot($0, start, count: columns.count) }
            }
        }
    }

    /// By column, the sums at each phase of a season, where the first row has the phase `first`.
    func sums(season: Int, first: Int) -> [[Double]] {
        (0..<columns.order).map { column in
            weighted(column) {
                SeasonalSums.sums(
                    UnsafeBufferPointer(start: $0, count: columns.count), season: season, first: first)
            }
        }
    }

    private func weighted<Result>(_ column: Int, _ body: (UnsafePointer<Double>) -> Result) -> Result {
        let count = columns.count
        return values.withUnsafeBufferPointer { values in
            guard let start = values.baseAddress else { preconditionFailure("a design has values") }
            return body(start + column * count)
        }
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
                for index in 0..<length { sums[phase + index] += values[place + index] }
                place += length
                phase = 0
            }
        }
        return sums
    }
}
