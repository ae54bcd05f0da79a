extension Arithmetic {
    /// Values less the profile of their phase; the first value has the phase `firstPhase`.
    static func lessProfile(
        _ values: UnsafePointer<Double>, count: Int, _ profile: UnsafePointer<Double>, season: Int,
        firstPhase: Int,
        to results: UnsafeMutablePointer<Double>
    ) {
        runs(count, season: season, firstPhase: firstPhase) { place, phase, length in
            var index = 0
            while index &+ 8 <= length {
                store(
                    lanes(values + (place &+ index)) - lanes(profile + (phase &+ index)),
                    to: results + (place &+ index))
                index &+= 8
            }
            while index < length {
                results[place &+ index] = values[place &+ index] - profile[phase &+ index]
                index &+= 1
            }
        }
    }

    /// The sizes of values less the profile of their phase; the first value has the phase `firstPhase`.
    static func distances(
        _ values: UnsafePointer<Double>, count: Int, _ profile: UnsafePointer<Double>, season: Int,
        firstPhase: Int,
        to results: UnsafeMutablePointer<Double>
    ) {
        lessProfile(values, count: count, profile, season: season, firstPhase: firstPhase, to: results)
        sizes(results, count: count, to: results)
    }

    static func sizes(_ values: UnsafePointer<Double>, count: Int, to results: UnsafeMutablePointer<Double>) {
        var place = 0
        while place &+ 8 <= count {
            let bits = unsafeBitCast(lanes(values + place), to: SIMD8<UInt64>.self)
            store(
                unsafeBitCast(bits & SIMD8(repeating: 0x7FFF_FFFF_FFFF_FFFF), to: SIMD8<Double>.self),
                to: results + place)
            place &+= 8
        }
        while place < count {
            results[place] = values[place].magnitude
            place &+= 1
        }
    }

    /// Replaces sizes by Huber's weights, in place: bound / size above the bound, 1 otherwise.
    static func huberWeights(_ sizes: UnsafeMutablePointer<Double>, count: Int, bound: Double) {
        let one = SIMD8<Double>(repeating: 1)
        var place = 0
        while place &+ 8 <= count {
            let size = lanes(sizes + place)
            let weights = one.replacing(with: bound / size, where: size .> bound)
            store(weights, to: sizes + place)
            place &+= 8
        }
        while place < count {
            let size = sizes[place]
            sizes[place] = size > bound ? bound / size : 1
            place &+= 1
        }
    }
}
