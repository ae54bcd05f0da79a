extension Arithmetic {
    /// The sum of values in eight parts, since otherwise each addition waits for the one before it.
    static func sumOf(_ values: UnsafePointer<Double>, count: Int) -> Double {
        var parts = SIMD8<Double>.zero
        var place = 0
        while place &+ 8 <= count {
            parts += lanes(values + place)
            place &+= 8
        }
        var sum = parts.sum()
        while place < count {
            sum += values[place]
            place &+= 1
        }
        return sum
    }

    /// The sum of squared distances from a point, likewise in eight parts.
    static func squaresAbout(_ point: Double, _ values: UnsafePointer<Double>, count: Int) -> Double {
        var parts = SIMD8<Double>.zero
        var place = 0
        while place &+ 8 <= count {
            let distance = lanes(values + place) - point
            parts += distance * distance
            place &+= 8
        }
        var sum = parts.sum()
        while place < count {
            let distance = values[place] - point
            sum += distance * distance
            place &+= 1
        }
        return sum
    }

    /// Values less a centre, over a scale.
    static func standardise(
        _ values: UnsafePointer<Double>, count: Int, centre: Double, scale: Double,
        to results: UnsafeMutablePointer<Double>
    ) {
        var place = 0
        while place &+ 8 <= count {
            store((lanes(values + place) - centre) / scale, to: results + place)
            place &+= 8
        }
        while place < count {
            results[place] = (values[place] - centre) / scale
            place &+= 1
        }
    }

    /// The products of two vectors' elements.
    static func multiply(
        _ one: UnsafePointer<Double>, _ other: UnsafePointer<Double>, count: Int,
        to results: UnsafeMutablePointer<Double>
    ) {
        var place = 0
        while place &+ 8 <= count {
            store(lanes(one + place) * lanes(other + place), to: results + place)
            place &+= 8
        }
        while place < count {
            results[place] = one[place] * other[place]
            place &+= 1
        }
    }

    /// Copies `sources` to the results where values equal `others`, and the values elsewhere; says how many are
    /// equal.
    static func chooseWhereEqual(
        _ values: UnsafePointer<Double>, _ others: UnsafePointer<Double>, count: Int,
        sources: UnsafePointer<Double>, to results: UnsafeMutablePointer<Double>
    ) -> Int {
        var counts = SIMD8<Int64>.zero
        var place = 0
        while place &+ 8 <= count {
            let value = lanes(values + place)
            let isEqual = value .== lanes(others + place)
            counts &+= ones(where: isEqual)
            store(value.replacing(with: lanes(sources + place), where: isEqual), to: results + place)
            place &+= 8
        }
        var equal = Int(counts.wrappedSum())
        while place < count {
            let isEqual = values[place] == others[place]
            results[place] = isEqual ? sources[place] : values[place]
            equal &+= isEqual ? 1 : 0
            place &+= 1
        }
        return equal
    }
}
