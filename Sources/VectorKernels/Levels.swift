extension Arithmetic {
    /// The sums of absolute errors one step ahead of exponential smoothing, for eight constants side by side.
    ///
    /// Values that were not observed are passed over. With `averages`, the first values are averaged, so that the
    /// start does not depend on one of them; otherwise the level starts at the first value.
    static func levelErrors(
        _ values: UnsafePointer<Double>, _ observed: UnsafePointer<Bool>, count: Int,
        constants: UnsafePointer<SIMD8<Double>>, averages: Bool
    ) -> SIMD8<Double> {
        typealias Lanes = SIMD8<Double>
        let share = constants[0]
        var errors = Lanes.zero
        var level = Lanes(repeating: averages ? 0 : values[0])
        var seen = 0.0
        for place in (averages ? 0 : 1)..<max(count, 1) where observed[place] {
            let miss = values[place] - level
            seen += 1
            if averages {
                if seen > 1 { errors += size(miss) }
                level += miss * larger(share, Lanes(repeating: 1 / seen))
            } else {
                errors += size(miss)
                level += share * miss
            }
        }
        return errors
    }

    /// The same of smoothing with a damped trend: `constants` are those of the level and of the trend, of which
    /// `damping` is left at each step. What was not observed lets the level go on.
    static func trendErrors(
        _ values: UnsafePointer<Double>, _ observed: UnsafePointer<Bool>, count: Int, damping: Double,
        constants: UnsafePointer<SIMD8<Double>>
    ) -> SIMD8<Double> {
        typealias Lanes = SIMD8<Double>
        let (levelShare, trendShare) = (constants[0], constants[0] * constants[1])
        var (errors, trend) = (Lanes.zero, Lanes.zero)
        var level = Lanes(repeating: values[0])
        for place in 1..<max(count, 1) {
            trend *= damping
            level += trend
            guard observed[place] else { continue }
            let miss = values[place] - level
            errors += size(miss)
            level += levelShare * miss
            trend += trendShare * miss
        }
        return errors
    }
}

@inline(__always)
private func size(_ value: SIMD8<Double>) -> SIMD8<Double> { larger(value, -value) }

@inline(__always)
private func larger(_ one: SIMD8<Double>, _ two: SIMD8<Double>) -> SIMD8<Double> {
    one.replacing(with: two, where: two .> one)
}
