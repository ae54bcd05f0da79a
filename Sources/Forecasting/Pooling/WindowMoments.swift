import Foundation
import Numerics

/// The moments of a direct regression over all stretches of one series: of the last `span` values against the
/// `horizon` values after them.
///
/// With u the series over its scale, a stretch that starts at t has the regressors
/// x_i = u(t + i) − mean of the last short season before the target, and for step h the response
/// u(t + span + h) less the value of the same phase in the last season before the target, drawn in to ±6.
/// Sums over all t of products that depend on t + i and t + j only follow from one row by
/// S(i + 1, j + 1) = S(i, j) − first + last, so that no matrix of stretches is needed: O(count × (span +
/// horizon)) a series. Stretches that end at the phase of the origin count once more, by a kernel.
struct WindowMoments: Sendable {
    /// Σ w x xᵀ, the lower triangle row by row: span (span + 1) / 2 values.
    let gram: [Float]
    /// Σ w x yᵀ, `span × horizon`.
    let cross: [Float]

    /// Responses are drawn in to this many scales.
    static let bound = 6.0

    /// Shapes of the regression.
    struct Shape: Hashable, Sendable {
        let span: Int
        let horizon: Int
        let season: Int
    }

    /// The moments of values over their scale; nil with fewer than one season of stretches.
    ///
    /// `phaseWeight` is the extra weight of stretches that end near the origin's phase, all together, against 1
    /// for all.
    init?(_ u: [Double], shape: Shape, phaseWeight: Double) {
        let (span, horizon, season) = (shape.span, shape.horizon, shape.season)
        let stretches = u.count - span - horizon + 1
        guard stretches >= season else { return nil }
        var gram = [Double](repeating: 0, count: span * span)
        var cross = [Double](repeating: 0, count: span * horizon)
        let blocks = (horizon + season - 1) / season
        var targets = [[Double]]()
        for block in 1...blocks {
            let lag = block * season
            var differences = [Double](repeating: 0, count: u.count)
            for time in lag..<u.count {
                differences[time] = min(
                    max(u[time] - u[time - lag], -WindowMoments.bound), WindowMoments.bound)
            }
            targets.append(differences)
        }
        WindowMoments.allGrams(u, span: span, stretches: stretches, into: &gram)
        WindowMoments.allCrosses(u, targets, shape: shape, stretches: stretches, into: &cross)
        WindowMoments.centre(&gram, &cross, shape: shape)
        let (near, nearCross) = WindowMoments.nearOrigin(
            u, targets, shape: shape, stretches: stretches, phaseWeight: phaseWeight)
        let whole = 1 / (Double(stretches) * (1 + phaseWeight))
        var packed: [Float] = []
        packed.reserveCapacity(span * (span + 1) / 2)
        for row in 0..<span {
            for column in 0...row {
                packed.append(Float(gram[row * span + column] * whole) + near[row * span + column])
            }
        }
        self.gram = packed
        self.cross = cross.indices.map { Float(cross[$0] * whole) + nearCross[$0] }
    }

    /// Σ u(t + i) u(t + j) for all i, j below the span.
    private static func allGrams(_ u: [Double], span: Int, stretches: Int, into gram: inout [Double]) {
        u.withUnsafeBufferPointer { u in
            guard let base = u.baseAddress else { return }
            gram.withUnsafeMutableBufferPointer { gram in
                for column in 0..<span {
                    gram[column] = Matrix.dot(base, base + column, count: stretches)
                }
                for row in 1..<span {
                    let left = u[row - 1]
                    let right = u[row - 1 + stretches]
                    for column in row..<span {
                        gram[row * span + column] =
                            gram[(row - 1) * span + column - 1] - left * u[column - 1]
                            + right * u[column - 1 + stretches]
                    }
                }
                for row in 1..<span {
                    for column in 0..<row { gram[row * span + column] = gram[column * span + row] }
                }
            }
        }
    }

    /// Σ u(t + i) d(t + span + h) with the differences d of the block that h is in.
    private static func allCrosses(
        _ u: [Double], _ targets: [[Double]], shape: Shape, stretches: Int, into cross: inout [Double]
    ) {
        let (span, horizon, season) = (shape.span, shape.horizon, shape.season)
        u.withUnsafeBufferPointer { u in
            guard let base = u.baseAddress else { return }
            cross.withUnsafeMutableBufferPointer { cross in
                for (block, target) in targets.enumerated() {
                    let first = block * season
                    let last = min(first + season, horizon)
                    target.withUnsafeBufferPointer { target in
                        guard let start = target.baseAddress else { return }
                        for step in first..<last {
                            cross[step] = Matrix.dot(base, start + span + step, count: stretches)
                        }
                        for row in 1..<span {
                            cross[row * horizon + first] = Matrix.dot(
                                base + row, start + span + first, count: stretches)
                            let left = u[row - 1]
                            let right = u[row - 1 + stretches]
                            for step in (first + 1)..<max(last, first + 1) {
                                let place = span + step - 1
                                cross[row * horizon + step] =
                                    cross[(row - 1) * horizon + step - 1] - left * target[place]
                                    + right * target[place + stretches]
                            }
                        }
                    }
                }
            }
        }
    }

    /// From sums of u to sums of x = u − the mean of the last season of the stretch.
    private static func centre(_ gram: inout [Double], _ cross: inout [Double], shape: Shape) {
        let (span, horizon, season) = (shape.span, shape.horizon, shape.season)
        let from = span - season
        let share = 1 / Double(season)
        var means = [Double](repeating: 0, count: span)
        for row in 0..<span {
            var sum = 0.0
            for column in from..<span { sum += gram[row * span + column] }
            means[row] = sum * share
        }
        var total = 0.0
        for row in from..<span { total += means[row] }
        total *= share
        for row in 0..<span {
            for column in 0..<span { gram[row * span + column] += total - means[row] - means[column] }
        }
        var crossMeans = [Double](repeating: 0, count: horizon)
        for row in from..<span {
            for step in 0..<horizon { crossMeans[step] += cross[row * horizon + step] }
        }
        for row in 0..<span {
            for step in 0..<horizon { cross[row * horizon + step] -= share * crossMeans[step] }
        }
    }

    /// The same for stretches that end within two twenty-fourths of a season of the origin's phase, weighted.
    private static func nearOrigin(
        _ u: [Double], _ targets: [[Double]], shape: Shape, stretches: Int, phaseWeight: Double
    ) -> ([Float], [Float]) {
        let (span, horizon, season) = (shape.span, shape.horizon, shape.season)
        guard phaseWeight > 0 else {
            return (
                [Float](repeating: 0, count: span * span), [Float](repeating: 0, count: span * horizon)
            )
        }
        let width = Double(season) / 24
        let reach = Int(2 * width)
        var kernel: [(start: Int, weight: Double)] = []
        var total = 0.0
        for start in 0..<stretches {
            let phase = (u.count - span - start) % season
            let distance = min(phase, season - phase)
            guard distance <= reach else { continue }
            let scaled = Double(distance) / width
            let weight = exp(-0.5 * scaled * scaled)
            kernel.append((start, weight))
            total += weight
        }
        let share = phaseWeight / ((1 + phaseWeight) * max(total, 1e-12))
        var design: [Float] = []
        design.reserveCapacity(kernel.count * span)
        var response: [Float] = []
        response.reserveCapacity(kernel.count * horizon)
        for (start, weight) in kernel {
            let size = (weight * share).squareRoot()
            var anchor = 0.0
            for index in (start + span - season)..<(start + span) { anchor += u[index] }
            anchor /= Double(season)
            for index in start..<(start + span) { design.append(Float((u[index] - anchor) * size)) }
            for step in 0..<horizon {
                response.append(Float(targets[step / season][start + span + step] * size))
            }
        }
        return (
            SinglePrecision.gram(design, rows: kernel.count, columns: span),
            SinglePrecision.transposedProduct(
                design, response, rows: kernel.count, columnsA: span, columnsB: horizon)
        )
    }
}
