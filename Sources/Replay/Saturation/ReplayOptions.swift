import Exchange

/// How a replay is run.
public struct ReplayOptions: Sendable, Equatable {
    /// Everything random follows from it.
    public var seed: UInt64
    /// Threads that share the work; the result does not depend on it.
    public var threads: Int
    /// The multiples of the forecast at which latency is reported; those past a queue's stability are left out and
    /// some fractions of it are added.
    public var multipliers: [Double]
    /// Drawn hours for which latency is worked out, and histories of a journey; intervals come from their scatter. At
    /// least 2.
    public var replications: Int
    /// Messages of a journey that are simulated one by one, at most, in one history and one set of multiples.
    public var messageBudget: Int
    /// The largest multiple that is searched; a queue that holds there has "none in range".
    public var largestMultiplier: Double
    /// The shape of service times.
    public var serviceShape: ServiceShape
    /// The queues that are simulated; what is found out about one does not depend on the others. nil: all.
    public var share: ReplayShare?

    /// Options, with the defaults of a weekly run.
    public init(
        seed: UInt64 = 1, threads: Int = 1, multipliers: [Double] = [0.5, 0.75, 1, 1.5, 2, 3, 4, 6, 8],
        replications: Int = 8, messageBudget: Int = 60_000, largestMultiplier: Double = 1000,
        serviceShape: ServiceShape = .lognormal
    ) {
        self.seed = seed
        self.threads = max(1, threads)
        self.multipliers = multipliers
        self.replications = max(2, replications)
        self.messageBudget = max(1000, messageBudget)
        self.largestMultiplier = largestMultiplier
        self.serviceShape = serviceShape
    }
}

/// A share of a replay's queues, for several machines that take one each: every count-th, from the index-th on.
public struct ReplayShare: Sendable, Equatable {
    /// From 0 to `count - 1`.
    public var index: Int
    /// How many shares there are.
    public var count: Int

    public init(index: Int, count: Int) {
        precondition(count >= 1 && (0..<count).contains(index), "a share that is none")
        self.index = index
        self.count = count
    }

    /// Whether the queue at a place belongs to it.
    public func holds(_ place: Int) -> Bool { place % count == index }
}
