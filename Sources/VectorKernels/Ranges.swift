extension Arithmetic {
    /// The smallest and the largest of at least one value.
    static func rangeOf(_ values: UnsafePointer<Double>, count: Int) -> (lowest: Double, highest: Double) {
        var low = SIMD8(repeating: values[0])
        var high = low
        var place = 0
        while place &+ 8 <= count {
            let next = lanes(values + place)
            low.replace(with: next, where: next .< low)
            high.replace(with: next, where: next .> high)
            place &+= 8
        }
        while place < count {
            let next = values[place]
            if next < low[0] { low[0] = next }
            if next > high[0] { high[0] = next }
            place &+= 1
        }
        return (low.min(), high.max())
    }

    /// How many values lie below a bound.
    static func countBelow(_ values: UnsafePointer<Double>, count: Int, bound: Double) -> Int {
        var counts = SIMD8<Int64>.zero
        var place = 0
        while place &+ 8 <= count {
            counts &+= ones(where: lanes(values + place) .< bound)
            place &+= 8
        }
        var sum = Int(counts.wrappedSum())
        while place < count {
            if values[place] < bound { sum &+= 1 }
            place &+= 1
        }
        return sum
    }

    /// Copies the values from `lowest` up to, not including, `bound`, in order; says how many there are.
    ///
    /// It is quick where there are few. There must be room for one more.
    static func valuesWithin(
        _ values: UnsafePointer<Double>, count: Int, from lowest: Double, below bound: Double,
        to results: UnsafeMutablePointer<Double>
    ) -> Int {
        var found = 0
        var place = 0
        while place < count {
            let end = min(place &+ 32, count)
            if end &- place == 32 {
                var hits = SIMD8<Int64>.zero
                for part in 0..<4 {
                    let next = lanes(values + (place &+ 8 &* part))
                    hits &+= ones(where: (next .>= lowest) .& (next .< bound))
                }
                if hits.wrappedSum() == 0 {
                    place = end
                    continue
                }
            }
            while place < end {
                let value = values[place]
                results[found] = value
                found &+= (value >= lowest ? 1 : 0) & (value < bound ? 1 : 0)
                place &+= 1
            }
        }
        return found
    }

    /// Copies the places in `range` whose values differ from those `lag` places before by more than `bound`, in
    /// order; says how many there are.
    ///
    /// It is quick where there are few.
    static func jumps(
        _ values: UnsafePointer<Double>, from first: Int, to last: Int, lag: Int, bound: Double,
        places: UnsafeMutablePointer<Int>
    ) -> Int {
        var found = 0
        var place = first
        while place < last {
            let end = min(place &+ 32, last)
            if end &- place == 32 {
                var hits = SIMD8<Int64>.zero
                for part in 0..<4 {
                    let next = values + (place &+ 8 &* part)
                    let difference = lanes(next) - lanes(next - lag)
                    hits &+= ones(where: (difference .> bound) .| (difference .< -bound))
                }
                if hits.wrappedSum() == 0 {
                    place = end
                    continue
                }
            }
            while place < end {
                if (values[place] - values[place &- lag]).magnitude > bound {
                    places[found] = place
                    found &+= 1
                }
                place &+= 1
            }
        }
        return found
    }

    /// Whether one or two values stand out of those next to them: are larger by more than a factor, or they are.
    /// What is NaN stands out. Of the values from the second up to the third last.
    static func hasLoneValues(_ values: UnsafePointer<Double>, count: Int, factor: Double) -> Bool {
        var hits = SIMD8<Int64>.zero
        var index = 1
        while index &+ 10 <= count {
            let (before, here) = (lanes(values + (index &- 1)), lanes(values + index))
            let (next, second) = (lanes(values + (index &+ 1)), lanes(values + (index &+ 2)))
            let up = .!(here .<= factor * before)
            let down = .!(before .<= factor * here)
            let upEnds = .!(here .<= factor * next) .| .!(next .<= factor * second)
            let downEnds = .!(next .<= factor * here) .| .!(second .<= factor * next)
            hits &+= ones(where: (up .& upEnds) .| (down .& downEnds))
            index &+= 8
        }
        if hits.wrappedSum() > 0 { return true }
        while index &+ 2 < count {
            let (before, here) = (values[index &- 1], values[index])
            let (next, second) = (values[index &+ 1], values[index &+ 2])
            let up = !(here <= factor * before) && (!(here <= factor * next) || !(next <= factor * second))
            let down = !(before <= factor * here) && (!(next <= factor * here) || !(second <= factor * next))
            if up || down { return true }
            index &+= 1
        }
        return false
    }
}
