extension Arithmetic {
    /// Exponential smoothing with two seasons and autocorrelated errors, for eight sets of constants side by
    /// side.
    ///
    /// From the place `first` on, where both seasons are at their first phase. `constants` are those of the
    /// level, the short and the long season and the errors; `states` are the level, the last error, the usual
    /// size of an error and the sum of absolute errors, which are carried on; `daily` and `weekly` are the
    /// seasons. Errors of the first `warmUp` values only set the usual size; later ones are counted, and move the
    /// states by no more than five times that, which is at least `least`. An unobserved value leaves the states
    /// as they are. Returns how many errors were counted.
    static func smooth(
        _ values: UnsafePointer<Float>, _ observed: UnsafePointer<Bool>, from first: Int, count: Int,
        warmUp: Int,
        least: Float, short: Int, long: Int, constants: UnsafePointer<SIMD8<Float>>,
        states: UnsafeMutablePointer<SIMD8<Float>>, daily: UnsafeMutablePointer<SIMD8<Float>>,
        weekly: UnsafeMutablePointer<SIMD8<Float>>
    ) -> Int {
        typealias Lanes = SIMD8<Float>
        let (levelShare, shortShare, longShare, memory) = (
            constants[0], constants[1], constants[2], constants[3]
        )
        var (level, last, size, total) = (states[0], states[1], states[2], states[3])
        let smallest = Lanes(repeating: least)
        let perSeason = Float(short)
        var counted = 0
        var (day, week) = (0, 0)
        for time in first..<count {
            if observed[time] {
                let base = level + daily[day] + weekly[week]
                let error = values[time] - base - memory * last
                let absolute = larger(error, -error)
                var moved = error
                if time < warmUp {
                    size += absolute / perSeason
                } else {
                    total += absolute
                    counted &+= 1
                    let bound = 5 * larger(size, smallest)
                    moved = larger(-larger(-error, -bound), -bound)
                    size += 0.02 * (larger(moved, -moved) - size)
                }
                last = memory * last + moved
                level += levelShare * moved
                daily[day] += shortShare * moved
                weekly[week] += longShare * moved
            } else {
                last *= memory
            }
            day = day &+ 1 == short ? 0 : day &+ 1
            week = week &+ 1 == long ? 0 : week &+ 1
        }
        (states[0], states[1], states[2], states[3]) = (level, last, size, total)
        return counted
    }
}

/// The larger one in each lane.
@inline(__always)
private func larger(_ one: SIMD8<Float>, _ two: SIMD8<Float>) -> SIMD8<Float> {
    one.replacing(with: two, where: two .> one)
}

extension Arithmetic {
    /// Values less their mean, in single precision; returns the sum of the sizes of their steps.
    static func smoothingInput(
        _ values: UnsafePointer<Double>, count: Int, mean: Double, to results: UnsafeMutablePointer<Float>
    ) -> Float {
        var place = 0
        while place &+ 8 <= count {
            let centred = SIMD8<Float>(lanes(values + place) - mean)
            UnsafeMutableRawPointer(results + place).storeBytes(of: centred, as: SIMD8<Float>.self)
            place &+= 8
        }
        while place < count {
            results[place] = Float(values[place] - mean)
            place &+= 1
        }
        var parts = SIMD8<Float>.zero
        place = 1
        while place &+ 8 <= count {
            let here = UnsafeRawPointer(results + place).loadUnaligned(as: SIMD8<Float>.self)
            let before = UnsafeRawPointer(results + (place &- 1)).loadUnaligned(as: SIMD8<Float>.self)
            let step = here - before
            parts += larger(step, -step)
            place &+= 8
        }
        var sum = parts.sum()
        while place < count {
            sum += (results[place] - results[place &- 1]).magnitude
            place &+= 1
        }
        return sum
    }
}
