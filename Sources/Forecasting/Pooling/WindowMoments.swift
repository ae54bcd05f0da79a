import Foundation
import Numerics

/// The moments of a direct regression over all stretches of one series: of the last `span` values against the
/// `horizon` values after them.
///
/// With u the series over its scale, a stretch that starts at t has the regressors
/// x_i = u(t + i) − mean of the last short season before the target, and for step h the response
/// u(t + span + h) less the value of the same phase in the last season before the target, drawn in to ±6.
/// Sums over all t of products that depend on t + i and t + j only follow from one row by
/// S(i + 1, j + 1) = S(i, j) − first + last, and that row is a correlation, found by one small product: no
/// matrix of stretches is needed. Stretches that end at the phase of the origin count once more, by a kernel.
struct WindowMoments: Sendable {
    /// Σ w x xᵀ, the lower triangle row by row: span (span + 1) / 2 values; then Σ w y xᵀ, `horizon × span`.
    let values: [Float]

    /// Responses are drawn in to this many scales.
    static let bound = 6.0
    /// The most stretches, the latest, that count once more for their phase.
    static let mostNearOrigin = 160

    /// Shapes of the regression.
    struct Shape: Hashable, Sendable {
        let span: Int
        let horizon: Int
        let season: Int

        /// Values of the lower triangle.
        var packed: Int { span * (span + 1) / 2 }
    }

    /// The moments of values over their scale; nil with fewer than one season of stretches.
    ///
    /// `phaseWeight` is the extra weight of stretches that end near the origin's phase, all together, against 1
    /// for all.
    init?(_ u: [Double], shape: Shape, phaseWeight: Double) {
        let (span, horizon, season) = (shape.span, shape.horizon, shape.season)
        let stretches = u.count - span - horizon + 1
        guard stretches >= season else { return nil }
        let blocks = (horizon + season - 1) / season
        let targets = (1...blocks).map { block -> [Double] in
            let lag = block * season
            var differences = [Double](repeating: 0, count: u.count)
            for time in lag..<u.count {
                let difference = u[time] - u[time - lag]
                let bounded = difference < -WindowMoments.bound ? -WindowMoments.bound : difference
                differences[time] = bounded > WindowMoments.bound ? WindowMoments.bound : bounded
            }
            return differences
        }
        let seeds = StretchSeeds(u, targets, shape: shape, stretches: stretches)
        var gram = WindowMoments.allGrams(u, seeds, span: span, stretches: stretches)
        var cross = WindowMoments.allCrosses(u, targets, seeds, shape: shape, stretches: stretches)
        WindowMoments.centre(&gram, &cross, shape: shape)
        let whole = 1 / (Double(stretches) * (1 + phaseWeight))
        var values = [Float](repeating: 0, count: shape.packed + horizon * span)
        for row in 0..<span {
            let start = row * (row + 1) / 2
            for column in 0...row { values[start + column] = Float(gram[row * span + column] * whole) }
        }
        for index in cross.indices { values[shape.packed + index] = Float(cross[index] * whole) }
        if phaseWeight > 0 {
            WindowMoments.addNearOrigin(
                u, targets, shape: shape, stretches: stretches, phaseWeight: phaseWeight, to: &values)
        }
        self.values = values
    }

    /// Σ u(t + i) u(t + j) for all j ≤ i below the span.
    private static func allGrams(_ u: [Double], _ seeds: StretchSeeds, span: Int, stretches: Int) -> [Double]
    {
        var gram = [Double](repeating: 0, count: span * span)
        u.withUnsafeBufferPointer { u in
            gram.withUnsafeMutableBufferPointer { gram in
                for row in 0..<span {
                    gram[row * span] = seeds.ofSeries(row)
                    guard row > 0 else { continue }
                    let (left, right) = (u[row - 1], u[row - 1 + stretches])
                    let (above, here) = ((row - 1) * span, row * span + 1)
                    for column in 0..<row {
                        gram[here + column] =
                            gram[above + column] + (right * u[column + stretches] - left * u[column])
                    }
                }
            }
        }
        return gram
    }

    /// Σ u(t + i) d(t + span + h) with the differences d of the block that h is in, `[step][regressor]`.
    private static func allCrosses(
        _ u: [Double], _ targets: [[Double]], _ seeds: StretchSeeds, shape: Shape, stretches: Int
    ) -> [Double] {
        let (span, horizon, season) = (shape.span, shape.horizon, shape.season)
        var cross = [Double](repeating: 0, count: span * horizon)
        u.withUnsafeBufferPointer { u in
            cross.withUnsafeMutableBufferPointer { cross in
                for step in 0..<horizon {
                    let block = step / season
                    guard step > block * season else {
                        for row in 0..<span { cross[step * span + row] = seeds.ofTarget(block, row) }
                        continue
                    }
                    let place = span + step - 1
                    let (left, right) = (targets[block][place], targets[block][place + stretches])
                    let (before, here) = ((step - 1) * span, step * span + 1)
                    for row in 0..<span - 1 {
                        cross[here + row] =
                            cross[before + row] + (right * u[row + stretches] - left * u[row])
                    }
                    // The first regressor has none before it: a diagonal that starts before the series.
                    let ahead = step - block * season
                    var sum = seeds.ofTarget(block, -ahead)
                    for time in stretches..<stretches + ahead {
                        sum += u[time - ahead] * targets[block][time + span + block * season]
                    }
                    cross[step * span] = sum
                }
            }
        }
        return cross
    }

    /// From sums of u to sums of x = u − the mean of the last season of the stretch; of the first, only the
    /// lower triangle.
    private static func centre(_ gram: inout [Double], _ cross: inout [Double], shape: Shape) {
        let (span, horizon, season) = (shape.span, shape.horizon, shape.season)
        let from = span - season
        let share = 1 / Double(season)
        var means = [Double](repeating: 0, count: span)
        for row in from..<span {
            for column in 0..<row {
                means[column] += gram[row * span + column]
                if column >= from { means[row] += gram[row * span + column] }
            }
            means[row] += gram[row * span + row]
        }
        for row in 0..<span { means[row] *= share }
        var total = 0.0
        for row in from..<span { total += means[row] }
        total *= share
        gram.withUnsafeMutableBufferPointer { gram in
            means.withUnsafeBufferPointer { means in
                for row in 0..<span {
                    let shift = total - means[row]
                    for column in 0...row { gram[row * span + column] += shift - means[column] }
                }
            }
        }
        cross.withUnsafeMutableBufferPointer { cross in
            for step in 0..<horizon {
                var sum = 0.0
                for row in from..<span { sum += cross[step * span + row] }
                sum *= share
                for row in 0..<span { cross[step * span + row] -= sum }
            }
        }
    }

    /// Adds the same of stretches that end within two twenty-fourths of a season of the origin's phase,
    /// weighted.
    private static func addNearOrigin(
        _ u: [Double], _ targets: [[Double]], shape: Shape, stretches: Int, phaseWeight: Double,
        to values: inout [Float]
    ) {
        let (span, horizon, season) = (shape.span, shape.horizon, shape.season)
        let width = Double(season) / 24
        let reach = Int(2 * width)
        var kernel: [(start: Int, weight: Double)] = []
        for start in 0..<stretches {
            let phase = (u.count - span - start) % season
            let distance = min(phase, season - phase)
            guard distance <= reach else { continue }
            let scaled = Double(distance) / width
            kernel.append((start, exp(-0.5 * scaled * scaled)))
        }
        kernel = kernel.suffix(mostNearOrigin)
        let total = kernel.reduce(0) { $0 + $1.weight }
        let share = phaseWeight / ((1 + phaseWeight) * max(total, 1e-12))
        var design = [Float](repeating: 0, count: kernel.count * span)
        var response = [Float](repeating: 0, count: kernel.count * horizon)
        for (row, (start, weight)) in kernel.enumerated() {
            let size = (weight * share).squareRoot()
            var anchor = 0.0
            for index in (start + span - season)..<(start + span) { anchor += u[index] }
            anchor /= Double(season)
            for index in 0..<span { design[row * span + index] = Float((u[start + index] - anchor) * size) }
            for (block, target) in targets.enumerated() {
                for step in block * season..<min((block + 1) * season, horizon) {
                    response[row * horizon + step] = Float(target[start + span + step] * size)
                }
            }
        }
        let gram = SinglePrecision.gram(design, rows: kernel.count, columns: span)
        for row in 0..<span {
            let start = row * (row + 1) / 2
            for column in 0...row { values[start + column] += gram[row * span + column] }
        }
        let cross = SinglePrecision.transposedProduct(
            response, design, rows: kernel.count, columnsA: horizon, columnsB: span)
        for index in cross.indices { values[shape.packed + index] += cross[index] }
    }
}

/// The correlations from which all other sums follow: of the series with itself and with the first step of
/// each season of the horizon, over all stretches.
///
/// Time is cut into rows of `width` steps. The product of the rows of a target with the rows of the series,
/// each continued by as many lags as are wanted, holds every product in question; sums along its diagonals are
/// the correlations.
private struct StretchSeeds {
    private let lagCount: Int
    private let ahead: Int
    /// By target, then by lag; lags begin at `−ahead`.
    private let sums: [Double]

    private static let width = 48

    init(_ u: [Double], _ targets: [[Double]], shape: WindowMoments.Shape, stretches: Int) {
        let width = StretchSeeds.width
        let ahead = shape.season - 1
        let lagCount = ahead + shape.span
        let rows = (stretches + width - 1) / width
        let reach = width + lagCount - 1
        var series = [Double](repeating: 0, count: rows * reach)
        for row in 0..<rows {
            let first = row * width - ahead
            for column in max(0, -first)..<min(reach, u.count - first) {
                series[row * reach + column] = u[first + column]
            }
        }
        // The series itself, then the targets; nothing from the end of the stretches on.
        let count = targets.count + 1
        var heads = [Double](repeating: 0, count: rows * width * count)
        for number in 0..<count {
            let source = number == 0 ? u : targets[number - 1]
            let shift = number == 0 ? 0 : shape.span + (number - 1) * shape.season
            for row in 0..<rows {
                let target = (row * count + number) * width
                for column in 0..<min(width, stretches - row * width) {
                    heads[target + column] = source[row * width + column + shift]
                }
            }
        }
        let products = Matrix.transposedProduct(
            heads, series, rows: rows, columnsA: count * width, columnsB: reach)
        var sums = [Double](repeating: 0, count: count * lagCount)
        for number in 0..<count {
            for offset in 0..<width {
                let first = (number * width + offset) * reach + offset
                for lag in 0..<lagCount { sums[number * lagCount + lag] += products[first + lag] }
            }
        }
        self.sums = sums
        self.ahead = ahead
        self.lagCount = lagCount
    }

    /// Σ u(t) u(t + lag).
    func ofSeries(_ lag: Int) -> Double { sums[ahead + lag] }

    /// Σ d(t + span + first step of the block) u(t + lag), with nothing before the series.
    func ofTarget(_ block: Int, _ lag: Int) -> Double { sums[(block + 1) * lagCount + ahead + lag] }
}
