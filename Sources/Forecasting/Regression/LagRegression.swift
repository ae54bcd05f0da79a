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

    /// Fits `values`, of which only some are targets, or all without `isTarget`; nil where there is too
    /// little to fit.
    init?(_ values: [Double], isTarget: ((Int) -> Bool)?, lags: [Lag], penalty: Double, centreSpan: Int) {
        let (centre, scale) = LagRegression.standardisation(values, span: centreSpan)
        guard let columns = LagColumns(LagRegression.standardised(values, (centre, scale)), lags: lags)
        else { return nil }
        let weights = isTarget.map { isTarget in
            (0..<columns.count).map { isTarget(columns.reach + $0) ? 1.0 : 0.0 }
        }
        let targetCount = weights.map { Int(saturating: $0.reduce(0, +)) } ?? columns.count
        guard targetCount >= 3 * lags.count + 10,
            let solution = RobustRidge.solve(columns, weights: weights, penalty: penalty)
        else { return nil }
        self.centre = centre
        self.scale = scale
        self.lags = lags.map(\.steps)
        intercept = solution[0]
        coefficients = zip(solution.dropFirst(), lags).map { $0 + $1.prior }
    }

    /// How far a forecast may leave the range of the values, over that range. Chosen, not measured.
    private static let marginShare = 0.3

    /// Continues the values, each step within the range seen so far widened by 30 % on each side.
    ///
    /// `addition` is what a step gets beside its lags, in standardised units.
    func extend(_ values: [Double], by horizon: Int, addition: [Double]? = nil) -> [Double] {
        let (lowest, highest) = Selection.range(values)
        let low = (lowest - centre) / scale
        let high = (highest - centre) / scale
        let margin = LagRegression.marginShare * (high - low)
        let (least, most) = (low - margin, high + margin)
        // Only as much of the past as the lags reach; what lies before the values counts as zero.
        let reach = lags.max() ?? 0
        let count = min(reach, values.count)
        return withUnsafeTemporaryAllocation(of: Double.self, capacity: reach + horizon) { z in
            let missing = reach - count
            for index in 0..<missing { z[index] = 0 }
            for index in 0..<count {
                z[missing + index] = (values[values.count - count + index] - centre) / scale
            }
            lags.withUnsafeBufferPointer { lags in
                coefficients.withUnsafeBufferPointer { coefficients in
                    for step in 0..<horizon {
                        var next = intercept + (addition?[step] ?? 0)
                        for index in 0..<lags.count {
                            next += coefficients[index] * z[reach + step - lags[index]]
                        }
                        z[reach + step] = min(max(next, least), most)
                    }
                }
            }
            return (0..<horizon).map { z[reach + $0] * scale + centre }
        }
    }

    /// Values less a centre, over a scale.
    static func standardised(_ values: [Double], _ unit: (centre: Double, scale: Double)) -> [Double] {
        [Double](unsafeUninitializedCapacity: values.count) { results, filled in
            if let target = results.baseAddress {
                Kernels.best.standardise(
                    values, count: values.count, centre: unit.centre, scale: unit.scale, to: target)
            }
            filled = values.count
        }
    }

    /// The mean of the last `span` values and the standard deviation of all, which is positive.
    static func standardisation(_ values: [Double], span: Int) -> (centre: Double, scale: Double) {
        values.withUnsafeBufferPointer { values in
            let recent = values.suffix(max(1, span))
            let centre = Vector.sum(UnsafeBufferPointer(rebasing: recent)) / Double(recent.count)
            let middle = Vector.sum(values) / Double(values.count)
            let squares =
                values.baseAddress.map { Kernels.best.squaresAbout(middle, $0, count: values.count) } ?? 0
            let variance = squares / Double(values.count)
            return (centre, variance.squareRoot() + 1e-9 * max(1, abs(middle)))
        }
    }
}

/// Ridge regression solved twice, the second time with Huber's weights (Huber 1964) at 1.5 robust deviations.
enum RobustRidge {
    /// Coefficients of the intercept and the lags, without their priors; nil where the system has no
    /// solution.
    ///
    /// Rows of weight 0 are no targets; without weights all are. The penalty is per unit of total weight; the
    /// intercept's is ten times that.
    static func solve(_ columns: LagColumns, weights base: [Double]?, penalty: Double) -> [Double]? {
        let order = columns.order
        var weights = base
        var solution: [Double]?
        for pass in 0..<2 {
            let moments = columns.moments(weights: weights, response: columns.response)
            var normal = moments.gram
            let total = normal[0]
            for column in 0..<order {
                normal[column * order + column] += penalty * total * (column == 0 ? 10 : 1)
            }
            guard let factor = Cholesky(normal, order: order) else { return solution }
            var found = moments.cross
            factor.solve(&found)
            guard found.allSatisfy(\.isFinite) else { return solution }
            solution = found
            if pass == 0 { weights = huberWeights(columns.residuals(found), base: base) }
        }
        return solution
    }

    /// The weights times min(1, 1.5 s / |e|), with s the median absolute error over 0.6745 of rows with a
    /// weight.
    static func huberWeights(_ errors: [Double], base: [Double]?) -> [Double] {
        var sizes = [Double](unsafeUninitializedCapacity: errors.count) { sizes, filled in
            if let target = sizes.baseAddress { Kernels.best.sizes(errors, count: errors.count, to: target) }
            filled = errors.count
        }
        let known = base.map { base in zip(sizes, base).filter { $1 > 0 }.map(\.0) } ?? sizes
        let bound =
            RobustScale.huberDeviations * (RobustScale.madToSigma * Selection.median(known) + 1e-9)
        Kernels.best.huberWeights(&sizes, count: sizes.count, bound: bound)
        guard let base else { return sizes }
        for row in sizes.indices { sizes[row] *= base[row] }
        return sizes
    }
}
