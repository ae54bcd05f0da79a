import Foundation
import Numerics

/// The stretches that end near the phase of the origin, and what they weigh beside all others.
///
/// The latest visits of the origin's phase count, each with the stretches shifted by up to two twenty-fourths
/// of a season, by a normal kernel. Sums over visits of u(t + i) u(t + j) follow from those of the first
/// season by S(i + season, j + season) = S(i, j) − first + last, and those of a shift are a part of the same
/// sums.
struct NearOrigin {
    static let mostVisits = 32

    private let season: Int
    /// The largest shift.
    private let reach: Int
    /// The starts of the unshifted stretches: the first and the number, a season apart.
    private let first: Int
    private let visits: Int
    /// By shift, from `−reach` on.
    private let weights: [Double]

    /// The visits in a series of so many values, with weights that add up to `weight`; nil where there are
    /// none whose shifted stretches all have their targets.
    init?(_ shape: WindowMoments.Shape, count: Int, weight: Double) {
        season = shape.season
        let width = Double(season) / 24
        let reach = Int(saturating: 2 * width)
        self.reach = reach
        let atOrigin = count - shape.span
        let ahead = shape.horizon + reach
        let last = atOrigin - (ahead + season - 1) / season * season
        guard last >= reach else { return nil }
        visits = min((last - reach) / season + 1, NearOrigin.mostVisits)
        first = last - (visits - 1) * season
        let kernel = (-reach...reach).map { exp(-0.5 * pow(Double($0) / width, 2)) }
        let total = kernel.reduce(0, +) * Double(visits)
        weights = kernel.map { $0 * weight / total }
    }

    /// The weight of the stretch that starts at a place.
    func weight(of start: Int) -> Double {
        let place = start - (first - reach)
        guard place >= 0, place % season < weights.count, place / season < visits else { return 0 }
        return weights[place % season]
    }

    /// Adds Σ w u(t + row) u(t + column) over these stretches, for all rows and for columns up to the row's.
    func addProducts(
        to sums: UnsafeMutableBufferPointer<Double>, _ u: UnsafeBufferPointer<Double>,
        shape: WindowMoments.Shape
    ) {
        let columns = shape.span + 2 * reach
        let rows = columns + shape.horizon
        withUnsafeTemporaryAllocation(of: Double.self, capacity: rows * columns) { products in
            visitProducts(products, u, rows: rows, columns: columns)
            guard let source = products.baseAddress, let target = sums.baseAddress else { return }
            for row in 0..<shape.span + shape.horizon {
                // Each shift goes a row down and a column on.
                Kernels.best.addShifted(
                    source + row * columns, stride: columns + 1, weights: weights, shifts: weights.count,
                    count: min(row + 1, shape.span), to: target + row * shape.span)
            }
        }
    }

    /// Σ u(t + row) u(t + column) over the unshifted stretches, begun `reach` earlier, for columns up to the
    /// row's.
    private func visitProducts(
        _ products: UnsafeMutableBufferPointer<Double>, _ u: UnsafeBufferPointer<Double>, rows: Int,
        columns: Int
    ) {
        let start = first - reach
        var stretches: [Double] = []
        stretches.reserveCapacity(visits * rows)
        var heads: [Double] = []
        for visit in 0..<visits {
            let place = start + visit * season
            stretches += u[place..<place + rows]
            heads += u[place..<place + season]
        }
        let begun = Matrix.transposedProduct(
            stretches, heads, rows: visits, columnsA: rows, columnsB: season)
        let after = start + visits * season
        for row in 0..<rows {
            let here = row * columns
            for column in 0..<min(season, row + 1, columns) {
                products[here + column] = begun[row * season + column]
            }
            guard row >= season else { continue }
            let (left, right) = (u[start + row - season], u[after + row - season])
            let above = here - season * columns
            guard let target = products.baseAddress, let source = u.baseAddress else { return }
            Kernels.best.nextRow(
                target + above, count: max(0, min(row + 1, columns) - season), right: right,
                after: source + after, left: left, before: source + start, to: target + here + season)
        }
    }
}
