/// Floats in one step of the sums: four registers of the widest kind.
private let stepCount = 64
/// Floats of all vectors that are worked on together, so that they stay in the cache.
private let blockCount = 256

extension Arithmetic {
    /// Sums of vectors of `count` floats that lie one after another: the sum r, `count` floats at `targets + r ×
    /// count`, is Σ weights[e] × vector indices[e] over the entries e from starts[r] up to starts[r + 1], added
    /// in this order from zero on. The result does not depend on the instruction set.
    static func weightedSums(
        _ vectors: UnsafePointer<Float>, count: Int, starts: UnsafePointer<Int>, indices: UnsafePointer<Int>,
        weights: UnsafePointer<Float>, rows: Int, targets: UnsafeMutablePointer<Float>
    ) {
        var first = 0
        while first < count {
            let end = min(first &+ blockCount, count)
            for row in 0..<rows {
                let target = targets + row &* count
                var place = first
                while place &+ stepCount <= end {
                    sumStep(
                        vectors + place, count, starts[row]..<starts[row &+ 1], indices, weights,
                        target + place)
                    place &+= stepCount
                }
                while place < end {
                    var sum: Float = 0
                    for entry in starts[row]..<starts[row &+ 1] {
                        sum += weights[entry] * vectors[indices[entry] &* count &+ place]
                    }
                    target[place] = sum
                    place &+= 1
                }
            }
            first = end
        }
    }
}

@inline(__always)
private func sumStep(
    _ vectors: UnsafePointer<Float>, _ count: Int, _ entries: Range<Int>, _ indices: UnsafePointer<Int>,
    _ weights: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>
) {
    typealias Lanes = SIMD16<Float>
    var (one, two, three, four) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
    for entry in entries {
        let source = UnsafeRawPointer(vectors + indices[entry] &* count)
        let weight = Lanes(repeating: weights[entry])
        one += weight * source.loadUnaligned(as: Lanes.self)
        two += weight * source.loadUnaligned(fromByteOffset: 64, as: Lanes.self)
        three += weight * source.loadUnaligned(fromByteOffset: 128, as: Lanes.self)
        four += weight * source.loadUnaligned(fromByteOffset: 192, as: Lanes.self)
    }
    let place = UnsafeMutableRawPointer(target)
    place.storeBytes(of: one, as: Lanes.self)
    place.storeBytes(of: two, toByteOffset: 64, as: Lanes.self)
    place.storeBytes(of: three, toByteOffset: 128, as: Lanes.self)
    place.storeBytes(of: four, toByteOffset: 192, as: Lanes.self)
}
