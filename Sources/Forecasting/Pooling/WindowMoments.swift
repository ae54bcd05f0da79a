import Numerics

/// The moments of a direct regression over all stretches of one series: of the last `span` values against the
/// `horizon` values after them.
///
/// With u the series over its scale, a stretch that starts at t has the regressors
/// x_i = u(t + i) − mean of the last short season before the target, and for step h the response
/// u(t + span + h) less the value of the same phase in the last season before the target, drawn in to ±6.
/// Sums over all t of u(t + i) u(t + j) follow from one row by S(i + 1, j + 1) = S(i, j) − first + last, and that
/// row holds correlations; a response is a difference of two values, but for the few that are drawn in. So no
/// matrix of stretches is needed. Stretches that end at the phase of the origin count once more, by a kernel.
struct WindowMoments: Sendable {
    /// Σ w x xᵀ, the lower triangle row by row: span (span + 1) / 2 values; then Σ w y xᵀ, `horizon × span`.
    let values: [Float]

    /// Responses are drawn in to this many scales.
    static let bound = 6.0

    /// Shapes of the regression.
    struct Shape: Hashable, Sendable {
        let span: Int
        let horizon: Int
        let season: Int

        /// Values of the lower triangle.
        var packed: Int { span * (span + 1) / 2 }
        /// Values of all moments.
        var count: Int { packed + horizon * span }
    }

    /// The moments of values over their scale; nil with fewer than one season of stretches.
    ///
    /// `phaseWeight` is the extra weight of stretches that end near the origin's phase, all together, against 1
    /// for all.
    init?(_ u: [Double], shape: Shape, phaseWeight: Double) {
        let stretches = u.count - shape.span - shape.horizon + 1
        guard stretches >= shape.season else { return nil }
        let near =
            phaseWeight > 0
            ? NearOrigin(shape, count: u.count, weight: phaseWeight * Double(stretches)) : nil
        let share = 1 / (Double(stretches) * (near == nil ? 1 : 1 + phaseWeight))
        values = [Float](unsafeUninitializedCapacity: shape.count) { values, filled in
            u.withUnsafeBufferPointer { u in
                WindowMoments.fill(
                    values, u, shape: shape, stretches: stretches, near: near, share: share)
            }
            filled = shape.count
        }
    }

    /// The moments of all stretches and of those near the origin once more, times `share`.
    private static func fill(
        _ values: UnsafeMutableBufferPointer<Float>, _ u: UnsafeBufferPointer<Double>, shape: Shape,
        stretches: Int, near: NearOrigin?, share: Double
    ) {
        let (span, horizon) = (shape.span, shape.horizon)
        let from = span - shape.season
        withUnsafeTemporaryAllocation(of: Double.self, capacity: (span + horizon) * span) { sums in
            products(sums, u, shape: shape, stretches: stretches)
            near?.addProducts(to: sums, u, shape: shape)
            for row in from..<span {
                for column in row + 1..<span { sums[row * span + column] = sums[column * span + row] }
            }
            // Of u with the mean of the last season of the stretch: what centring takes away.
            var means = [Double](repeating: 0, count: span)
            for row in from..<span {
                for column in 0..<span { means[column] += sums[row * span + column] }
            }
            for column in 0..<span { means[column] /= Double(shape.season) }
            let total = means[from...].reduce(0, +) / Double(shape.season)
            means.withUnsafeBufferPointer { means in
                for row in 0..<span {
                    let shift = total - means[row]
                    let (source, target) = (row * span, row * (row + 1) / 2)
                    for column in 0...row {
                        let sum = sums[source + column] + shift - means[column]
                        values[target + column] = Float(sum * share)
                    }
                }
            }
            for step in 0..<horizon {
                let (row, base) = ((span + step) * span, (from + step % shape.season) * span)
                for column in 0..<span { sums[row + column] -= sums[base + column] }
            }
            drawIn(sums, u, shape: shape, stretches: stretches, near: near)
            for step in 0..<horizon {
                let (source, target) = ((span + step) * span, shape.packed + step * span)
                var mean = 0.0
                for column in from..<span { mean += sums[source + column] }
                mean /= Double(shape.season)
                for column in 0..<span {
                    values[target + column] = Float((sums[source + column] - mean) * share)
                }
            }
        }
    }

    /// Σ u(t + row) u(t + column) for all rows of a stretch and its target and all columns of the stretch, row by
    /// row; nothing above the diagonal.
    private static func products(
        _ sums: UnsafeMutableBufferPointer<Double>, _ u: UnsafeBufferPointer<Double>, shape: Shape,
        stretches: Int
    ) {
        let span = shape.span
        guard let start = u.baseAddress else { return }
        for row in 0..<span + shape.horizon {
            sums[row * span] = Vector.dot(start, start + row, count: stretches)
            guard row > 0 else { continue }
            let (left, right) = (u[row - 1], u[row - 1 + stretches])
            let (above, here) = ((row - 1) * span, row * span + 1)
            for column in 0..<min(row, span - 1) {
                sums[here + column] =
                    sums[above + column] + (right * u[column + stretches] - left * u[column])
            }
        }
    }

    /// Takes away what responses have beyond their bound.
    private static func drawIn(
        _ sums: UnsafeMutableBufferPointer<Double>, _ u: UnsafeBufferPointer<Double>, shape: Shape,
        stretches: Int, near: NearOrigin?
    ) {
        let (span, horizon, season) = (shape.span, shape.horizon, shape.season)
        guard let source = u.baseAddress, let target = sums.baseAddress else { return }
        for first in stride(from: 0, to: horizon, by: season) {
            let lag = first + season
            for time in span + first..<u.count {
                let response = u[time] - u[time - lag]
                guard abs(response) > bound else { continue }
                let excess = response - (response < 0 ? -bound : bound)
                for step in first..<min(first + season, horizon) {
                    let start = time - span - step
                    guard start >= 0, start < stretches else { continue }
                    let size = excess * (1 + (near?.weight(of: start) ?? 0))
                    Vector.add(-size, source + start, to: target + (span + step) * span, count: span)
                }
            }
        }
    }
}
