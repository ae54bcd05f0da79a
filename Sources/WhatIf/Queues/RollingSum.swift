/// The sum of the last few values.
struct RollingSum {
    private var values: [Double]
    private var place = 0
    private var sum = 0.0

    init(length: Int) {
        values = [Double](repeating: 0, count: length)
    }

    /// Adds a value and gives the sum.
    mutating func add(_ value: Double) -> Double {
        sum += value - values[place]
        values[place] = value
        place += 1
        if place == values.count {
            place = 0
            // Rounding does not pile up over hours.
            sum = values.reduce(0, +)
        }
        return sum
    }
}
