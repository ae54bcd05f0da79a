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

/// The share of late messages in the last five minutes.
struct RollingWindow {
    private var offered = RollingSum(length: RollingWindow.seconds)
    private var late = RollingSum(length: RollingWindow.seconds)
    private let allowed: Double
    private(set) var isBroken = false

    /// The window in which objectives are judged.
    static let seconds = 300

    init(allowed: Double) {
        self.allowed = allowed
    }

    mutating func add(offered count: Double, late lateCount: Double) {
        let total = offered.add(count)
        let over = late.add(lateCount)
        isBroken = total > 0 && over > allowed * total * (1 + 1e-9)
    }
}
