extension Arithmetic {
    /// Weighted products of columns with each other: results[i × columns + j] = Σ w c_i c_j for all j ≤ i, over
    /// `count` rows.
    ///
    /// Columns are places in memory; without weights every row counts the same. Rows are added in eight parts.
    static func gram(
        _ columns: UnsafePointer<UnsafePointer<Double>>, columnCount: Int, weights: UnsafePointer<Double>?,
        count: Int,
        to results: UnsafeMutablePointer<Double>
    ) {
        var row = 0
        while row < columnCount {
            var column = 0
            while column <= row {
                if row &+ 3 < columnCount, column &+ 3 < columnCount {
                    tile(columns, row, column, weights, count, results, columnCount)
                } else {
                    for one in row..<min(row &+ 4, columnCount) {
                        for other in column..<min(column &+ 4, one &+ 1) {
                            results[one &* columnCount &+ other] = product(
                                columns[one], columns[other], weights, count)
                        }
                    }
                }
                column &+= 4
            }
            row &+= 4
        }
    }
}

/// The products of four columns with four.
@inline(__always)
private func tile(
    _ columns: UnsafePointer<UnsafePointer<Double>>, _ row: Int, _ column: Int,
    _ weights: UnsafePointer<Double>?, _ count: Int, _ results: UnsafeMutablePointer<Double>, _ stride: Int
) {
    typealias Four = (SIMD8<Double>, SIMD8<Double>, SIMD8<Double>, SIMD8<Double>)
    let zero = SIMD8<Double>.zero
    var (a, b, c, d): (Four, Four, Four, Four) = (
        (zero, zero, zero, zero), (zero, zero, zero, zero), (zero, zero, zero, zero), (zero, zero, zero, zero)
    )
    let (r0, r1, r2, r3) = (columns[row], columns[row &+ 1], columns[row &+ 2], columns[row &+ 3])
    let (c0, c1, c2, c3) = (
        columns[column], columns[column &+ 1], columns[column &+ 2], columns[column &+ 3]
    )
    @inline(__always)
    func add(_ sums: inout Four, _ one: SIMD8<Double>, _ others: Four) {
        sums.0 += one * others.0
        sums.1 += one * others.1
        sums.2 += one * others.2
        sums.3 += one * others.3
    }
    var place = 0
    while place &+ 8 <= count {
        let others = (lanes(c0 + place), lanes(c1 + place), lanes(c2 + place), lanes(c3 + place))
        let weight = weights.map { lanes($0 + place) } ?? SIMD8(repeating: 1)
        add(&a, weight * lanes(r0 + place), others)
        add(&b, weight * lanes(r1 + place), others)
        add(&c, weight * lanes(r2 + place), others)
        add(&d, weight * lanes(r3 + place), others)
        place &+= 8
    }
    let sums = [
        a.0, a.1, a.2, a.3, b.0, b.1, b.2, b.3, c.0, c.1, c.2, c.3, d.0, d.1, d.2, d.3,
    ]
    for one in 0..<4 {
        for other in 0..<4 where column &+ other <= row &+ one {
            let tail = rest(columns[row &+ one], columns[column &+ other], weights, place, count)
            results[(row &+ one) &* stride &+ column &+ other] = sums[one &* 4 &+ other].sum() + tail
        }
    }
}

@inline(__always)
private func product(
    _ one: UnsafePointer<Double>, _ other: UnsafePointer<Double>, _ weights: UnsafePointer<Double>?,
    _ count: Int
) -> Double {
    var parts = SIMD8<Double>.zero
    var place = 0
    while place &+ 8 <= count {
        let weight = weights.map { lanes($0 + place) } ?? SIMD8(repeating: 1)
        parts += weight * lanes(one + place) * lanes(other + place)
        place &+= 8
    }
    return parts.sum() + rest(one, other, weights, place, count)
}

@inline(__always)
private func rest(
    _ one: UnsafePointer<Double>, _ other: UnsafePointer<Double>, _ weights: UnsafePointer<Double>?,
    _ first: Int, _ count: Int
) -> Double {
    var sum = 0.0
    for place in first..<count { sum += (weights?[place] ?? 1) * one[place] * other[place] }
    return sum
}
