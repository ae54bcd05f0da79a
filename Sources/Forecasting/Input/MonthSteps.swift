import Units

/// Steps of months, counted from the first of a table: a regular grid for what has none in seconds.
struct MonthSteps {
    private let first: CivilDate
    /// Seconds of the day.
    private let clockSeconds: Int64
    private let months: Int
    private let isAtEnd: Bool

    init(first: Int64, months: Int, isAtEnd: Bool) {
        let instant = Timestamp(seconds: first)
        self.first = instant.date
        clockSeconds = first - instant.date.daysSinceEpoch * 86_400
        self.months = months
        self.isAtEnd = isAtEnd
    }

    /// The mean length of a step, in seconds: 30.4375 days for a month.
    var stepSeconds: Int64 { Int64(months) * 2_629_800 }

    /// How many steps a year has; nil where that is none, or one.
    var stepsPerYear: Int? { 12 % months == 0 && months < 12 ? 12 / months : nil }

    /// Whether another series counts the same steps.
    func takesIn(_ time: Int64, months count: Int, isAtEnd end: Bool) -> Bool {
        let date = Timestamp(seconds: time).date
        return count == months && end == isAtEnd && (end || date.day == first.day)
            && monthsSince(date) % months == 0
    }

    /// The number of the step of a time.
    func index(of time: Int64) -> Int64 { Int64(monthsSince(Timestamp(seconds: time).date) / months) }

    /// The time of a step.
    func time(at index: Int64) -> Timestamp {
        let count = Int(max(-100_000, min(100_000, index))) * months
        let date = CivilDate(monthsAfter: count, first, isAtEnd: isAtEnd)
        return Timestamp(seconds: date.daysSinceEpoch * 86_400 + clockSeconds)
    }

    private func monthsSince(_ date: CivilDate) -> Int {
        (date.year - first.year) * 12 + date.month - first.month
    }
}
