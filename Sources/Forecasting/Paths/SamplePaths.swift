import Units

/// Possible futures of several series, each path holding all of them at once.
public struct SamplePaths: Sendable {
    /// The series, in order.
    public let ids: [SeriesID]
    /// The start of the first step.
    public let start: Timestamp
    public let stepSeconds: Int64
    /// Steps of a path.
    public let stepCount: Int
    /// Number of paths.
    public let pathCount: Int
    /// Values `[path][series][step]`, flat; in single precision, since there are so many.
    public let values: [Float]

    /// Paths from their parts; there must be a value for each path, series and step.
    public init(
        ids: [SeriesID], start: Timestamp, stepSeconds: Int64, stepCount: Int, pathCount: Int,
        values: [Float]
    ) {
        precondition(values.count == ids.count * stepCount * pathCount, "one value a path, series and step")
        self.ids = ids
        self.start = start
        self.stepSeconds = stepSeconds
        self.stepCount = stepCount
        self.pathCount = pathCount
        self.values = values
    }

    /// The value of one series in one step of one path.
    public func value(path: Int, series: Int, step: Int) -> Double {
        Double(values[(path * ids.count + series) * stepCount + step])
    }

    /// The sum over all series in one step of one path.
    public func total(path: Int, step: Int) -> Double {
        ids.indices.reduce(0) { $0 + value(path: path, series: $1, step: step) }
    }
}
