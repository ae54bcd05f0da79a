import Exchange

/// What may surround a queue: the rules of a tier, and beside them a bound on the whole, classes of any share, storms, a
/// wave, and queues in a row.
///
/// An empty one is a plain queue. Every part can be combined with every other.
public struct QueueSystem: Sendable, Equatable {
    /// Two classes; the first is served first, without interrupting a service.
    public struct Priority: Sendable, Equatable {
        /// The share of customers that go first, cancels say.
        public var share: Double
        /// Their mean service time over that of the others.
        public var serviceRatio: Double

        public init(share: Double, serviceRatio: Double = 1) {
            self.share = share
            self.serviceRatio = serviceRatio
        }
    }

    /// Clients that all come back at once, at exponential gaps.
    public struct Storm: Sendable, Equatable {
        /// Customers in one.
        public var size: Int
        /// The mean time from one to the next.
        public var everySeconds: Double
        /// Each comes after an exponential time of this mean; 0: at the same moment.
        public var spreadSeconds: Double

        public init(size: Int, everySeconds: Double, spreadSeconds: Double = 0) {
            self.size = size
            self.everySeconds = everySeconds
            self.spreadSeconds = spreadSeconds
        }
    }

    /// A rate that swings as a sine around its mean.
    public struct RateWave: Sendable, Equatable {
        /// The largest deviation over the mean, 0 to 1.
        public var amplitude: Double
        /// From one crest to the next.
        public var periodSeconds: Double

        public init(amplitude: Double, periodSeconds: Double) {
            self.amplitude = amplitude
            self.periodSeconds = periodSeconds
        }
    }

    /// Balancer, batches, pauses, retries, timeout and a bound for each server; a customer's class is `priority`'s.
    public var rules = QueueRules()
    /// Customers in a queue and its servers, at most; one who finds it full is refused. nil: as the rules have it.
    public var capacity: Int?
    /// nil: one class.
    public var priority: Priority?
    /// nil: no storms. Their customers are part of the load.
    public var storm: Storm?
    /// nil: a steady rate. For Poisson arrivals.
    public var wave: RateWave?
    /// Mean service times of further stages that every customer passes one after the other.
    public var furtherStageSeconds: [Double] = []
    /// Queues side by side in each further stage; a customer is in all of them and goes on when the last is done.
    public var fanOut = 1

    public init() {}

    /// Whether there is nothing around the queue.
    public var isPlain: Bool { self == QueueSystem() }

    /// Whether somebody may be refused.
    var isBounded: Bool { capacity != nil || rules.limitPerServer != nil }
}
