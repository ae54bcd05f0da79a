import Exchange
import Units

/// What a replay found out about an exchange under its forecast demand.
public struct ReplayResult: Sendable, Equatable {
    /// Where each queue saturates, in the order of the topology's tiers, shards in order, the journey last.
    public var saturation: [SaturationPoint]
    /// What clients see at each multiple of the forecast in the worst window, in the same order of queues.
    public var latencyCurve: [LatencyCurvePoint]
    /// Work over capacity of each queue, by path and step.
    public var utilisation: UtilisationTable
    /// The window through which each queue was simulated message by message.
    public var worstWindows: [WorstWindow]
    /// Which rows belong to which queue, in order.
    public var parts: [ReplayPart] = []

    /// A result from its parts.
    public init(
        saturation: [SaturationPoint], latencyCurve: [LatencyCurvePoint], utilisation: UtilisationTable,
        worstWindows: [WorstWindow]
    ) {
        self.saturation = saturation
        self.latencyCurve = latencyCurve
        self.utilisation = utilisation
        self.worstWindows = worstWindows
    }
}

/// The rows of one queue in a result.
public struct ReplayPart: Sendable, Equatable {
    /// The queue's place among all: rows of the utilisation table first, the journey last.
    public var place: Int
    /// Its rows of `saturation`.
    public var saturation: Range<Int>
    /// Its rows of `latencyCurve`.
    public var latencyCurve: Range<Int>
}

/// A share of a replay's queues, for several machines that take one each: every count-th, from the index-th on.
public struct ReplayShare: Sendable, Equatable {
    /// From 0 to `count - 1`.
    public var index: Int
    /// How many shares there are.
    public var count: Int

    /// A share.
    public init(index: Int, count: Int) {
        precondition(count >= 1 && (0..<count).contains(index), "a share that is none")
        self.index = index
        self.count = count
    }

    /// Whether the queue at a place belongs to it.
    public func holds(_ place: Int) -> Bool { place % count == index }
}

/// The five minutes that a queue was judged by.
///
/// The step is the busiest of the path whose busiest step is the median over paths; the window is where that step's
/// rolling five minutes carry the most, in mean over replications of its bursts.
public struct WorstWindow: Sendable, Equatable {
    /// The tier.
    public var tier: String
    /// The shard of a sharded tier, as `matching-2`; nil where the tier has none.
    public var shard: String?
    /// The path that stands for all.
    public var path: Int
    /// Its busiest step.
    public var step: Int
    /// The start of that step.
    public var start: Timestamp
    /// Messages a second of the queue, in mean over the step.
    public var ratePerSecond: Double
    /// Work over capacity in mean over the step, on the busiest node.
    public var utilisation: Double
    /// The busiest five minutes' rate over the step's, with its range over replications.
    public var windowFactor: Estimate

    /// A window.
    public init(
        tier: String, shard: String?, path: Int, step: Int, start: Timestamp, ratePerSecond: Double,
        utilisation: Double, windowFactor: Estimate
    ) {
        self.tier = tier
        self.shard = shard
        self.path = path
        self.step = step
        self.start = start
        self.ratePerSecond = ratePerSecond
        self.utilisation = utilisation
        self.windowFactor = windowFactor
    }
}

/// How a replay is run.
public struct ReplayOptions: Sendable, Equatable {
    /// Everything random follows from it.
    public var seed: UInt64
    /// Threads that share the work; the result does not depend on it.
    public var threads: Int
    /// The multiples of the forecast at which latency is reported; those past a queue's stability are left out and
    /// some fractions of it are added.
    public var multipliers: [Double]
    /// Independent histories of the worst hour; intervals come from their scatter. At least 2.
    public var replications: Int
    /// Messages that are simulated one by one, at most, in one replication of one queue and one set of multiples.
    public var messageBudget: Int
    /// The largest multiple that is searched; a queue that holds there has "none in range".
    public var largestMultiplier: Double
    /// The promise for a message on its whole way from the first tier to a shard; nil: the sum of the tiers' times, at
    /// the strictest of their quantiles.
    public var journeyObjective: Objective?
    /// The shape of service times.
    public var serviceShape: ServiceShape
    /// The queues that are simulated; what is found out about one does not depend on the others. nil: all.
    public var share: ReplayShare?

    /// Options, with the defaults of a weekly run.
    public init(
        seed: UInt64 = 1, threads: Int = 1, multipliers: [Double] = [0.5, 0.75, 1, 1.5, 2, 3, 4, 6, 8],
        replications: Int = 8, messageBudget: Int = 60_000, largestMultiplier: Double = 1000,
        journeyObjective: Objective? = nil, serviceShape: ServiceShape = .lognormal
    ) {
        self.seed = seed
        self.threads = max(1, threads)
        self.multipliers = multipliers
        self.replications = max(2, replications)
        self.messageBudget = max(1000, messageBudget)
        self.largestMultiplier = largestMultiplier
        self.journeyObjective = journeyObjective
        self.serviceShape = serviceShape
    }
}

/// Why a replay cannot start.
public enum ReplayError: Error, Sendable, Equatable {
    /// The topology is impossible.
    case topology([TopologyIssue])
    /// A tier's shape is not in the catalogue; the names that are.
    case unknownShape(tier: String, shape: String, known: [String])
    /// A sharded tier has no placement, or one for another number of symbols.
    case placement(tier: String, symbolsExpected: Int, symbolsFound: Int?)
    /// There is no path, no step or no symbol.
    case noDemand
}

extension ReplayError: CustomStringConvertible {
    /// What is wrong and how to mend it.
    public var description: String {
        switch self {
        case .topology(let issues):
            "the topology cannot be replayed: " + issues.map(\.message).joined(separator: "; ")
        case .unknownShape(let tier, let shape, let known):
            "the tier '\(tier)' runs on the shape '\(shape)', which the catalogue does not hold; it holds "
                + known.joined(separator: ", ")
        case .placement(let tier, let expected, let found):
            "the sharded tier '\(tier)' needs a placement of \(expected) symbols"
                + (found.map { ", not of \($0)" } ?? "")
        case .noDemand: "the demand holds no symbol, path or step"
        }
    }
}
