import Numerics

/// The moments of a direct regression over all stretches of one series: of the last `span` values against the
/// `horizon` values after them.
///
/// With u the series over its scale, a stretch that starts at t has the regressors x_i = u(t + i) − mean of
/// the last short season before the target, and for step h the response u(t + span + h) less the value of the
/// same phase in the last season before the target, drawn in to ±6. Sums over all t of u(t + i) u(t + j)
/// follow from one row by S(i + 1, j + 1) = S(i, j) − first + last, and that row holds correlations; a
/// response is a difference of two values, but for the few that are drawn in. So no matrix of stretches is
/// needed. Stretches that end at the phase of the origin count once more, by a kernel.
///
/// They are Σ w x xᵀ, the lower triangle row by row: span (span + 1) / 2 values; then Σ w y xᵀ, `horizon ×
/// span`.
enum WindowMoments {
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

        /// Whether so many values hold a season of stretches.
        func hasStretches(_ count: Int) -> Bool { count - span - horizon + 1 >= season }
    }

    /// Fills in the moments of values over their scale, which must hold a season of stretches.
    ///
    /// `phaseWeight` is the extra weight of stretches that end near the origin's phase, all together, against
    /// 1 for all.
    static func fill(
        _ values: UnsafeMutableBufferPointer<Float>, _ u: [Double], shape: Shape, phaseWeight: Double
    ) {
        precondition(values.count == shape.count && shape.hasStretches(u.count), "a place for each moment")
        let stretches = u.count - shape.span - shape.horizon + 1
        let near =
            phaseWeight > 0
            ? NearOrigin(shape, count: u.count, weight: phaseWeight * Double(stretches)) : nil
        let share = 1 / (Double(stretches) * (near == nil ? 1 : 1 + phaseWeight))
        u.withUnsafeBufferPointer { u in
            fill(values, u, shape: shape, stretches: stretches, near: near, share: share)
        }
    }

    /// The moments of all stretches and of those near the origin once more, times `share`.
    private static func fill(
        _ values: UnsafeMutableBufferPointer<Float>, _ u: UnsafeBufferPointer<Double>, shape: Shape,
        stretches: Int, near: NearOrigin?, share: Double
    ) {
        let (span, horizon) = (shape.span, shape.horizon)
        let from = span - shape.season
        let kernels = Kernels.best
        let zeros = [Double](repeating: 0, count: span)
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
                    guard let source = sums.baseAddress, let target = values.baseAddress,
                        let means = means.baseAddress
                    else { return }
                    kernels.centred(
                        source + row * span, count: row + 1, shift: shift, others: means, share: share,
                        to: target + row * (row + 1) / 2)
                }
            }
            for step in 0..<horizon {
                let (row, base) = ((span + step) * span, (from + step % shape.season) * span)
                guard let start = sums.baseAddress else { return }
                kernels.addScaled(-1, start + base, count: span, to: start + row)
            }
            drawIn(sums, u, shape: shape, stretches: stretches, near: near)
            for step in 0..<horizon {
                let (source, target) = ((span + step) * span, shape.packed + step * span)
                var mean = 0.0
                for column in from..<span { mean += sums[source + column] }
                mean /= Double(shape.season)
                guard let start = sums.baseAddress, let results = values.baseAddress else { return }
                kernels.centred(
                    start + source, count: span, shift: -mean, others: zeros, share: share,
                    to: results + target)
            }
        }
    }

    /// Σ u(t + row) u(t + column) for all rows of a stretch and its target and all columns of the stretch,
    /// row by row; nothing above the diagonal.
    private static func products(
        _ sums: UnsafeMutableBufferPointer<Double>, _ u: UnsafeBufferPointer<Double>, shape: Shape,
        stretches: Int
    ) {
        let span = shape.span
        guard let start = u.baseAddress, let target = sums.baseAddress else { return }
        let products = lagProducts(u, count: stretches, lags: span + shape.horizon)
        for row in 0..<span + shape.horizon {
            target[row * span] = products[row]
            guard row > 0 else { continue }
            let (left, right) = (u[row - 1], u[row - 1 + stretches])
            Kernels.best.nextRow(
                target + (row - 1) * span, count: min(row, span - 1), right: right, after: start + stretches,
                left: left, before: start, to: target + row * span + 1)
        }
    }

    /// Σ u(t) u(t + lag) over the first `count` places, for each lag below `lags`.
    ///
    /// With the places cut into rows of one width, the products of the columns of the rows with those of rows
    /// as long as the lags reach are one product of matrices, whose diagonals hold the sums.
    private static func lagProducts(_ u: UnsafeBufferPointer<Double>, count: Int, lags: Int) -> [Double] {
        let width = 48
        let rows = count / width
        var heads: [Double] = []
        var stretches: [Double] = []
        heads.reserveCapacity(rows * width)
        stretches.reserveCapacity(rows * (width + lags))
        for row in 0..<rows {
            heads += u[row * width..<(row + 1) * width]
            stretches += u[row * width..<(row + 1) * width + lags]
        }
        let products = Matrix.transposedProduct(
            heads, stretches, rows: rows, columnsA: width, columnsB: width + lags)
        var result = [Double](repeating: 0, count: lags)
        products.withUnsafeBufferPointer { products in
            result.withUnsafeMutableBufferPointer { result in
                guard let source = u.baseAddress, let target = result.baseAddress else { return }
                if let diagonal = products.baseAddress {
                    for place in 0..<width {
                        Kernels.best.addScaled(
                            1, diagonal + place * (width + lags + 1), count: lags, to: target)
                    }
                }
                for time in rows * width..<count {
                    Kernels.best.addScaled(u[time], source + time, count: lags, to: target)
                }
            }
        }
        return result
    }

    /// Takes away what responses have beyond their bound.
    private static func drawIn(
        _ sums: UnsafeMutableBufferPointer<Double>, _ u: UnsafeBufferPointer<Double>, shape: Shape,
        stretches: Int, near: NearOrigin?
    ) {
        let (span, horizon, season) = (shape.span, shape.horizon, shape.season)
        guard let source = u.baseAddress, let target = sums.baseAddress else { return }
        var places = [Int](repeating: 0, count: u.count)
        for first in stride(from: 0, to: horizon, by: season) {
            let lag = first + season
            let found = Kernels.best.jumps(
                source, from: span + first, to: u.count, lag: lag, bound: bound, places: &places)
            for time in places[..<found] {
                let response = u[time] - u[time - lag]
                let excess = response - (response < 0 ? -bound : bound)
                for step in first..<min(first + season, horizon) {
                    let start = time - span - step
                    guard start >= 0, start < stretches else { continue }
                    let size = excess * (1 + (near?.weight(of: start) ?? 0))
                    Kernels.best.addScaled(
                        -size, source + start, count: span, to: target + (span + step) * span)
                }
            }
        }
    }
}
