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

/// How a load test sent its requests.
public enum LoadTestDrive: String, Sendable, Equatable, CaseIterable {
    /// Requests were sent at a rate, whatever came back.
    case open
    /// A fixed number of requests was in flight. Such a test leaves out what it should have sent while it waited, so that
    /// its latencies are too low.
    case closed

    /// What a drive that nobody told was assumed from.
    public enum Basis: Sendable, Equatable {
        /// No row has a load.
        case noLoad
        /// Requests in flight are whole numbers in every row, as users or connections are, and are throughput times
        /// response time.
        case wholeNumbers
        /// Requests in flight are throughput times response time, but not whole numbers, as a measured mean is.
        case fractions
        /// The load is not throughput times response time, so that it is no number of requests in flight.
        case otherLoad
    }

    /// What the rows of a test suggest where it does not say how it sent, and from what.
    ///
    /// Requests in flight are throughput times response time however they were sent (Little 1961), so that the product
    /// says only whether the load is a number of requests in flight. A closed test fixes it, as a whole number; an open
    /// one finds a mean, which is hardly ever whole in all rows. The product is taken to hold where it is within a factor
    /// of two in most rows with a load and a median.
    public static func assumed(of rows: [LoadTestRow]) -> (drive: LoadTestDrive, basis: Basis) {
        var told = 0
        var agreeing = 0
        var whole = 0
        for row in rows {
            guard let load = row.load, let median = row.p50Seconds, load > 0, median > 0 else { continue }
            told += 1
            let inFlight = row.throughputPerSecond * median
            // The median of an exponential time is 0.69 of its mean; that of a more variable one is less.
            if inFlight > 0.5 * load, inFlight < 2 * load { agreeing += 1 }
            if load == load.rounded() { whole += 1 }
        }
        guard told > 0 else { return (.open, .noLoad) }
        guard told >= 2, 3 * agreeing >= 2 * told else { return (.open, .otherLoad) }
        return whole == told ? (.closed, .wholeNumbers) : (.open, .fractions)
    }
}
