/// How a tier and its clients react to overload over seconds and minutes. `whatif` alone simulates them; a plan is sized
/// for a tier that does not need them.
public struct QueueReactions: Sendable, Equatable, Hashable {
    /// Clients that stop calling a tier that fails them.
    public struct Breaker: Sendable, Equatable, Hashable {
        /// It opens where more than this share of the attempts in `windowSeconds` failed.
        public var shareFailed: Double
        public var windowSeconds: Double
        /// So long it lets nothing pass, then a trial; where that fails too, it stays open as long again.
        public var openSeconds: Double

        public init(shareFailed: Double, windowSeconds: Double, openSeconds: Double) {
            self.shareFailed = shareFailed
            self.windowSeconds = windowSeconds
            self.openSeconds = openSeconds
        }

        /// The share of calls that a trial lets pass. Chosen, not measured.
        public static let trialShare = 0.1
    }

    /// A balancer that takes out nodes which answer too late, and takes them in again.
    public struct HealthCheck: Sendable, Equatable, Hashable {
        /// A check fails where a message waits longer.
        public var latencySeconds: Double
        /// Checks come so often, and each that fails takes out `shareOut` of the tier's nodes.
        public var everySeconds: Double
        public var shareOut: Double
        /// A node is taken in again after this time.
        public var backSeconds: Double
        /// Fewer than this share are never left: then the balancer sends to all alike.
        public var leastShare: Double

        public init(
            latencySeconds: Double, everySeconds: Double, shareOut: Double, backSeconds: Double,
            leastShare: Double
        ) {
            self.latencySeconds = latencySeconds
            self.everySeconds = everySeconds
            self.shareOut = shareOut
            self.backSeconds = backSeconds
            self.leastShare = leastShare
        }
    }

    /// Nodes that follow the processor time in use.
    ///
    /// What a node waits for, as in a slowdown, is no processor time: a tier whose dependency is slow looks idle.
    public struct Autoscaler: Sendable, Equatable, Hashable {
        /// The share of the processors' time to be in use.
        public var target: Double
        /// Nodes are taken away where less than this share is in use.
        public var shrinksBelow: Double
        /// Processor time is looked at over this time, and one decision follows.
        public var everySeconds: Double
        /// From a decision until a new node serves: the order, its start, its warm-up.
        public var lagSeconds: Double
        /// The nodes that one decision adds or takes away, at most.
        public var step: Int
        /// Never fewer nodes, and never more: a quota.
        public var nodesMin: Int
        public var nodesMax: Int

        public init(
            target: Double, shrinksBelow: Double, everySeconds: Double, lagSeconds: Double, step: Int,
            nodesMin: Int, nodesMax: Int
        ) {
            self.target = target
            self.shrinksBelow = shrinksBelow
            self.everySeconds = everySeconds
            self.lagSeconds = lagSeconds
            self.step = step
            self.nodesMin = nodesMin
            self.nodesMax = nodesMax
        }
    }

    /// A cache that is empty after the tier stood still.
    public struct Cache: Sendable, Equatable, Hashable {
        /// How much longer a message takes while it is empty.
        public var coldFactor: Double
        /// It fills exponentially with this time.
        public var warmsInSeconds: Double

        public init(coldFactor: Double, warmsInSeconds: Double) {
            self.coldFactor = coldFactor
            self.warmsInSeconds = warmsInSeconds
        }
    }

    /// Clients' connections, which are lost while the tier stands still, and set up anew after.
    public struct Connections: Sendable, Equatable, Hashable {
        public var count: Int
        /// Work of setting one up, in seconds of one server.
        public var setupSeconds: Double
        /// They come back evenly in this time.
        public var spreadSeconds: Double

        public init(count: Int, setupSeconds: Double, spreadSeconds: Double) {
            self.count = count
            self.setupSeconds = setupSeconds
            self.spreadSeconds = spreadSeconds
        }
    }

    /// nil: clients go on calling.
    public var breaker: Breaker?
    /// nil: nodes stay in, however late they are.
    public var healthCheck: HealthCheck?
    /// nil: the number of nodes stays.
    public var autoscaler: Autoscaler?
    /// nil: nothing has to warm up.
    public var cache: Cache?
    /// nil: connecting costs nothing.
    public var connections: Connections?
    /// Whether the tier skips messages whose clients have given up.
    public var dropsAbandoned = false
    /// Whether a full queue refuses cancels only where nothing else is left to be refused.
    public var exemptsCancels = false
    /// Retries that clients send at most, as a share of first attempts; nil: all.
    public var retryBudget: Double?

    public init() {}
}
