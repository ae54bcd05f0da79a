/// One row of a load test: what came through at one setting, and how long it took.
public struct LoadTestRow: Sendable, Equatable {
    /// Requests in flight, or nodes; nil where the table does not say.
    public var load: Double?
    /// Requests done a second.
    public var throughputPerSecond: Double
    /// The median of the time until answered, in seconds.
    public var p50Seconds: Double?
    /// The 99 % quantile of the same.
    public var p99Seconds: Double?

    public init(
        load: Double?, throughputPerSecond: Double, p50Seconds: Double? = nil, p99Seconds: Double? = nil
    ) {
        self.load = load
        self.throughputPerSecond = throughputPerSecond
        self.p50Seconds = p50Seconds
        self.p99Seconds = p99Seconds
    }
}

/// A fitted parameter with its standard error and 95 % interval.
public struct CalibratedParameter: Sendable, Equatable {
    /// Its name, with its unit last.
    public var name: String
    /// The best figure.
    public var estimate: Double
    /// The interval; nil where the data do not give one.
    public var lo: Double?
    /// Its upper end.
    public var hi: Double?
    /// The standard error; nil where it was not estimated.
    public var standardError: Double?

    public init(
        _ name: String, _ estimate: Double, lo: Double? = nil, hi: Double? = nil, standardError: Double? = nil
    ) {
        self.name = name
        self.estimate = estimate
        self.lo = lo
        self.hi = hi
        self.standardError = standardError
    }
}

/// Why a load test cannot be fitted.
public struct CalibrationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is missing or wrong.
    public var description: String
}

/// How a load test was driven, as far as its table shows.
public enum LoadTestDrive: Sendable, Equatable {
    /// Requests were sent at a rate, whatever came back.
    case open
    /// A fixed number of requests was in flight: `load` is throughput times response time (Little 1961). Such a test
    /// leaves out what it should have sent while it waited, so that its latencies are too low.
    case closed

    /// Reads it from rows that have a load and a median: the product law holds within a factor of two in most of them.
    public init(_ rows: [LoadTestRow]) {
        var told = 0
        var agreeing = 0
        for row in rows {
            guard let load = row.load, let median = row.p50Seconds, load > 0, median > 0 else { continue }
            told += 1
            let inFlight = row.throughputPerSecond * median
            if inFlight > 0.5 * load, inFlight < 2 * load { agreeing += 1 }
        }
        self = told >= 2 && 3 * agreeing >= 2 * told ? .closed : .open
    }
}
