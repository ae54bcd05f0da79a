extension Arithmetic {
    /// The weighted interquartile mean of several forecasts, step by step: the mean of the values between the weighted
    /// quartiles, each with as much of its weight as lies between them.
    ///
    /// Forecasts lie one after another, as their shares do, which add up to 1 at each step.
    static func combine(
        _ forecasts: UnsafePointer<Double>, members: Int, steps: Int, shares: UnsafePointer<Double>,
        to results: UnsafeMutablePointer<Double>
    ) {
        typealias Lanes = SIMD8<Double>
        var step = 0
        while step < steps {
            let count = min(8, steps &- step)
            @inline(__always)
            func eight(_ values: UnsafePointer<Double>, _ member: Int) -> Lanes {
                let place = values + (member &* steps &+ step)
                if count == 8 { return lanes(place) }
                var some = Lanes.zero
                for lane in 0..<count { some[lane] = place[lane] }
                return some
            }
            var sum = Lanes.zero
            var total = Lanes.zero
            for member in 0..<members {
                let value = eight(forecasts, member)
                var below = Lanes.zero
                for other in 0..<members where other != member {
                    let next = eight(forecasts, other)
                    let isBefore = other < member ? next .<= value : next .< value
                    below += Lanes.zero.replacing(with: eight(shares, other), where: isBefore)
                }
                let above = below + eight(shares, member)
                let inside = pointwiseMax(
                    pointwiseMin(above, Lanes(repeating: 0.75)) - pointwiseMax(below, Lanes(repeating: 0.25)),
                    Lanes.zero)
                sum += inside * value
                total += inside
            }
            let middle = sum / total
            if count == 8 {
                store(middle, to: results + step)
            } else {
                for lane in 0..<count { results[step &+ lane] = middle[lane] }
            }
            step &+= 8
        }
    }
}
