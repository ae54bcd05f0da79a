import Units

/// What to make up.
public struct GenerationSettings: Sendable, Equatable {
    /// How many symbols, 1 to 5000.
    public var symbols: Int
    /// The first instant; a start of a day.
    public var start = Timestamp(seconds: 1_764_547_200)
    /// How many days, 1 to 3660.
    public var days: Int
    /// Trades a second of all symbols together, in mean over the whole time.
    public var tradesPerSecond: Double
    /// Requests with each trade, in mean.
    public var requestsPerTrade: Double
    /// Everything random follows from it.
    public var seed: UInt64
    /// Surges; nil: about one a fortnight, at least one where there are two days.
    public var surges: [SurgeSpec]?
    /// Days at the end that are written trade by trade and request by request, the days before by the minute; nil: all.
    public var rawDays: Int?
    /// Further hours that are written raw, counted from the start.
    public var rawHours: Range<Int> = 0..<0
    /// The seconds that a row of `history.csv` counts, a divisor of an hour.
    public var historyStepSeconds = 60
    /// By how much the level grows in a week, on the log scale; 0 is level.
    public var growthPerWeek = 0.0
    /// The share of requests that the access log is said to hold; written to `truth.json`.
    public var requestSampleShare = 1.0
    /// Threads to use; the files do not depend on them.
    public var threads = 1

    public init(
        symbols: Int, days: Int, tradesPerSecond: Double, requestsPerTrade: Double, seed: UInt64
    ) {
        self.symbols = symbols
        self.days = days
        self.tradesPerSecond = tradesPerSecond
        self.requestsPerTrade = requestsPerTrade
        self.seed = seed
    }

    /// More trades and requests than this are refused.
    public static let rowsMax = 2e9

    /// The end of the last day.
    public var end: Timestamp { start.advanced(bySeconds: Int64(days) * 86_400) }

    /// How many of the last days are written raw.
    var rawDayCount: Int { min(days, rawDays ?? days) }

    /// The hours that are written raw, counted from the start.
    var rawHourList: [Int] {
        let last = (days - rawDayCount) * 24..<days * 24
        return rawHours.filter { (0..<last.lowerBound).contains($0) } + last
    }

    /// The raw hours of a day, from midnight, in unbroken stretches.
    func rawStretches(ofDay day: Int) -> [Range<Int>] {
        var stretches: [Range<Int>] = []
        for hour in rawHourList where hour / 24 == day {
            if let last = stretches.last, last.upperBound == hour % 24 {
                stretches[stretches.count - 1] = last.lowerBound..<last.upperBound + 1
            } else {
                stretches.append(hour % 24..<hour % 24 + 1)
            }
        }
        return stretches
    }

    /// The days that have raw hours.
    var rawDayList: [Int] { Set(rawHourList.map { $0 / 24 }).sorted() }

    func validate() throws(GenerationError) {
        func check(_ holds: Bool, _ name: String, _ expected: String) throws(GenerationError) {
            guard holds else { throw GenerationError(setting: name, expected: expected) }
        }
        try check((1...5000).contains(symbols), "symbols", "1 to 5000")
        try check((1...3660).contains(days), "days", "1 to 3660")
        try check((0...1e6).contains(tradesPerSecond), "trades-per-second", "0 to 1,000,000")
        try check((0...1000).contains(requestsPerTrade), "requests-per-trade", "0 to 1000")
        try check(start.seconds % 86_400 == 0, "start", "the start of a day in UTC")
        try check(
            Timestamp.plausible.contains(start) && Timestamp.plausible.contains(end), "start",
            "a time from 1970 to 2199")
        try check(
            (1...3600).contains(historyStepSeconds) && 3600 % historyStepSeconds == 0, "history-step",
            "a divisor of 3600 seconds")
        try check(growthPerWeek.magnitude <= 1, "growth-per-week", "-1 to 1")
        let rows = tradesPerSecond * (1 + requestsPerTrade) * 3600 * Double(rawHourList.count)
        try check(
            rows <= GenerationSettings.rowsMax, "trades-per-second",
            "at most 2e9 trades and requests in total; these would be \(rows)")
        for surge in surges ?? [] {
            try check(surge.factor > 0 && surge.factor <= 1000, "surge", "a factor above 0, up to 1000")
            try check(
                surge.rampSeconds > 0 && surge.holdSeconds >= 0 && surge.decaySeconds > 0, "surge",
                "durations above 0")
        }
    }
}

/// A setting that is out of its range.
public struct GenerationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Its name.
    public var setting: String
    /// What it may be.
    public var expected: String

    /// A sentence for the user.
    public var description: String { "\(setting): expected \(expected)" }
}

/// A surge with its shape: up along a straight line, level, and down along one.
public struct SurgeSpec: Sendable, Equatable {
    /// What it is, as `listing`.
    public var label: String
    /// Seconds from the start of the logs.
    public var onsetSeconds: Double
    /// Seconds until it is full.
    public var rampSeconds: Double
    /// Seconds at its full height.
    public var holdSeconds: Double
    /// Seconds until it is over.
    public var decaySeconds: Double
    /// Its full height over the level without it, for a symbol that follows it one to one.
    public var factor: Double

    public init(
        label: String, onsetSeconds: Double, rampSeconds: Double, holdSeconds: Double, decaySeconds: Double,
        factor: Double
    ) {
        self.label = label
        self.onsetSeconds = onsetSeconds
        self.rampSeconds = rampSeconds
        self.holdSeconds = holdSeconds
        self.decaySeconds = decaySeconds
        self.factor = factor
    }

    /// How much of it is there at an instant, 0 to 1.
    func share(at second: Double) -> Double {
        let since = second - onsetSeconds
        if since <= 0 { return 0 }
        if since < rampSeconds { return since / rampSeconds }
        let after = since - rampSeconds - holdSeconds
        if after <= 0 { return 1 }
        return max(0, 1 - after / decaySeconds)
    }
}
