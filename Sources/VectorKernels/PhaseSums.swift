extension Arithmetic {
    /// Sums by phase of two seasons, of which the long one is a whole multiple of the short one.
    ///
    /// The last value has the last phase of both. Weights are factors times the powers of a decay: of
    /// `shortDecay` by the short seasons that have passed since, and of `longDecay` by the long ones. By phase,
    /// sums of weights and of weighted values are added to what is there. The result does not depend on the
    /// instruction set.
    static func phaseSums(
        _ values: UnsafePointer<Double>, _ factors: UnsafePointer<Double>, count: Int, short: Int, long: Int,
        shortDecay: Double, longDecay: Double, shortWeights: UnsafeMutablePointer<Double>,
        shortSums: UnsafeMutablePointer<Double>, longWeights: UnsafeMutablePointer<Double>,
        longSums: UnsafeMutablePointer<Double>
    ) {
        var end = count
        var phase = long
        var (shortWeight, longWeight) = (1.0, 1.0)
        while end > 0 {
            let start = max(0, end &- short)
            let length = end &- start
            // The short season's first values are missing in the one that the history begins with.
            let offset = short &- length
            let place = phase &- length
            addRun(
                values + start, factors + start, length, shortWeight, shortWeights + offset,
                shortSums + offset)
            addRun(values + start, factors + start, length, longWeight, longWeights + place, longSums + place)
            shortWeight *= shortDecay
            phase &-= short
            if phase == 0 {
                phase = long
                longWeight *= longDecay
            }
            end = start
        }
    }
}

@inline(__always)
private func addRun(
    _ values: UnsafePointer<Double>, _ factors: UnsafePointer<Double>, _ count: Int, _ weight: Double,
    _ weights: UnsafeMutablePointer<Double>, _ sums: UnsafeMutablePointer<Double>
) {
    var place = 0
    while place &+ 8 <= count {
        let factor = weight * lanes(factors + place)
        store(lanes(weights + place) + factor, to: weights + place)
        store(lanes(sums + place) + factor * lanes(values + place), to: sums + place)
        place &+= 8
    }
    while place < count {
        let factor = weight * factors[place]
        weights[place] += factor
        sums[place] += factor * values[place]
        place &+= 1
    }
}
