/// Values for the gaps of a series.
enum GapFilling {
    /// Fills each gap from the same phase of the nearest seasons on both sides (longest season first),
    /// otherwise between its neighbours on a straight line; the ends take the nearest value. At least one
    /// value must be present.
    static func fill(_ values: [Double], seasons: [Int]) -> [Double] {
        var result = values
        let line = straight(values)
        for index in values.indices where values[index].isNaN {
            result[index] = line[index]
            for season in seasons.reversed() {
                if let filled = fromSeason(values, index, season) {
                    result[index] = filled
                    break
                }
            }
        }
        return result
    }

    /// The mean of the nearest values of the same phase, up to four seasons away on each side.
    private static func fromSeason(_ values: [Double], _ index: Int, _ season: Int) -> Double? {
        func nearest(_ direction: Int) -> Double? {
            for distance in 1...4 {
                let place = index + direction * distance * season
                guard values.indices.contains(place) else { return nil }
                if !values[place].isNaN { return values[place] }
            }
            return nil
        }
        switch (nearest(-1), nearest(1)) {
        case (let before?, let after?): return (before + after) / 2
        case (let before?, nil): return before
        case (nil, let after?): return after
        case (nil, nil): return nil
        }
    }

    private static func straight(_ values: [Double]) -> [Double] {
        var result = values
        var last: Int?
        for index in values.indices where !values[index].isNaN {
            let start = last.map { $0 + 1 } ?? 0
            for gap in start..<index {
                guard let last else {
                    result[gap] = values[index]
                    continue
                }
                let share = Double(gap - last) / Double(index - last)
                result[gap] = values[last] + share * (values[index] - values[last])
            }
            last = index
        }
        if let last {
            for gap in (last + 1)..<max(last + 1, values.count) { result[gap] = values[last] }
        }
        return result
    }
}
