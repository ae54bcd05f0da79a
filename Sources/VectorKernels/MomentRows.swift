extension Arithmetic {
    /// A row of products that follows from an earlier one: results[i] = earlier[i] + (right × after[i] − left ×
    /// before[i]).
    static func nextRow(
        _ earlier: UnsafePointer<Double>, count: Int, right: Double, after: UnsafePointer<Double>,
        left: Double,
        before: UnsafePointer<Double>, to results: UnsafeMutablePointer<Double>
    ) {
        var place = 0
        while place &+ 8 <= count {
            let change = right * lanes(after + place) - left * lanes(before + place)
            store(lanes(earlier + place) + change, to: results + place)
            place &+= 8
        }
        while place < count {
            results[place] = earlier[place] + (right * after[place] - left * before[place])
            place &+= 1
        }
    }

    /// Adds to results[i] the sum over s of weights[s] × values[s × stride + i].
    static func addShifted(
        _ values: UnsafePointer<Double>, stride: Int, weights: UnsafePointer<Double>, shifts: Int, count: Int,
        to results: UnsafeMutablePointer<Double>
    ) {
        var place = 0
        while place &+ 8 <= count {
            var sum = lanes(results + place)
            for shift in 0..<shifts { sum += weights[shift] * lanes(values + (shift &* stride &+ place)) }
            store(sum, to: results + place)
            place &+= 8
        }
        while place < count {
            var sum = results[place]
            for shift in 0..<shifts { sum += weights[shift] * values[shift &* stride &+ place] }
            results[place] = sum
            place &+= 1
        }
    }

    /// Adds scale × values to results.
    static func addScaled(
        _ scale: Double, _ values: UnsafePointer<Double>, count: Int, to results: UnsafeMutablePointer<Double>
    ) {
        var place = 0
        while place &+ 8 <= count {
            store(lanes(results + place) + scale * lanes(values + place), to: results + place)
            place &+= 8
        }
        while place < count {
            results[place] += scale * values[place]
            place &+= 1
        }
    }

    /// (values + shift − others) × share, in single precision.
    static func centred(
        _ values: UnsafePointer<Double>, count: Int, shift: Double, others: UnsafePointer<Double>,
        share: Double,
        to results: UnsafeMutablePointer<Float>
    ) {
        var place = 0
        while place &+ 8 <= count {
            let centred = (lanes(values + place) + shift - lanes(others + place)) * share
            UnsafeMutableRawPointer(results + place).storeBytes(
                of: SIMD8<Float>(centred), as: SIMD8<Float>.self)
            place &+= 8
        }
        while place < count {
            results[place] = Float((values[place] + shift - others[place]) * share)
            place &+= 1
        }
    }
}
