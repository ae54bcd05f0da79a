/// Values at a fixed step in time, with NaN where there is none.
public struct RegularSeries: Sendable, Equatable {
    /// The name.
    public var id: SeriesID
    /// The start of the first interval.
    public var start: Timestamp
    /// Seconds from one interval to the next.
    public var stepSeconds: Int64
    /// One value an interval; NaN is missing.
    public var values: [Double]

    /// A series from its first interval on.
    public init(id: SeriesID, start: Timestamp, stepSeconds: Int64, values: [Double]) {
        precondition(stepSeconds > 0, "a step is positive")
        self.id = id
        self.start = start
        self.stepSeconds = stepSeconds
        self.values = values
    }

    /// The start of the interval after the last.
    public var end: Timestamp { time(at: values.count) }

    /// The start of the interval with this index.
    public func time(at index: Int) -> Timestamp {
        start.advanced(bySeconds: Int64(index) * stepSeconds)
    }

    /// The part that lies before an instant.
    public func prefix(before instant: Timestamp) -> RegularSeries {
        let span = instant.seconds - start.seconds
        let count = span <= 0 ? 0 : min(values.count, Int(span / stepSeconds))
        return RegularSeries(id: id, start: start, stepSeconds: stepSeconds, values: Array(values[..<count]))
    }
}
