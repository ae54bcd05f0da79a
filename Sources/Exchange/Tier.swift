import Units

/// One kind of machine in the exchange, with what a message costs it and what it promises.
public struct Tier: Sendable, Equatable {
    /// A short name, as `gateway`; unique in a topology.
    public var name: String
    /// How the tier scales.
    public var kind: TierKind
    /// Time that a message of a class takes a server to process; a class that is absent is not processed here.
    public var processing: [DemandClass: ServiceTime]
    /// What it sends for each message; nil: too little to count.
    public var sending: Sending?
    /// What it keeps in memory; nil: as much as any shape has.
    public var memory: MemoryNeed?
    /// The share of a node's bandwidth, in bit/s, that each of its servers has: of the shape that the tier is judged on.
    var bandwidthPerServer = Tier.unknownBandwidth
    /// The connections that clients hold open; nil: too few to count.
    public var sessions: Sessions?
    /// Where its members may lie; nil: each in a zone.
    public var quorum: Quorum?
    /// What its supplier lets in; nil: it is no supplier's.
    public var quota: Quota?
    /// What it keeps on its disk; nil: too little to count.
    public var storage: Storage?
    /// Of a sharded tier, today's shard of each symbol, by the symbol's name; empty: nobody says.
    public var todaysShards: [String: Int] = [:]
    /// The most symbols that may move from today's shard to another; nil: all.
    public var movesMax: Int?
    /// Which of its work may wait; nil: none.
    public var criticality: Criticality?
    /// The people who are its nodes; nil: its nodes are machines.
    public var staffing: Staffing?
    /// The promise to keep.
    public var objective: Objective
    /// Nodes that run today, all zones together; for a sharded tier, the shards (each has its standbys beside it).
    public var nodes: Int
    /// The shape of today's nodes, by name in the catalogue.
    public var shape: String
    /// The shapes that the plan may choose from; empty: today's alone.
    public var allowedShapes: [String]
    /// How many messages one core serves at a time; the servers of a node are its cores times this. A shard has one
    /// server whatever its cores.
    public var serversPerCore: Double
    /// The busiest node's share over the mean, less 1: what the balancer gets wrong.
    public var imbalance: Double
    /// How throughput grows with nodes or concurrency; nil: in proportion.
    public var scalability: Scalability?
    /// What surrounds its queues.
    public var rules: QueueRules

    /// A tier from its parts.
    public init(
        name: String, kind: TierKind, service: [DemandClass: ServiceTime], objective: Objective, nodes: Int,
        shape: String, allowedShapes: [String] = [], serversPerCore: Double = 1, imbalance: Double = 0,
        scalability: Scalability? = nil, rules: QueueRules = QueueRules(), sending: Sending? = nil,
        memory: MemoryNeed? = nil
    ) {
        self.name = name
        self.kind = kind
        processing = service
        self.sending = sending
        self.memory = memory
        self.objective = objective
        self.nodes = nodes
        self.shape = shape
        self.allowedShapes = allowedShapes
        self.serversPerCore = serversPerCore
        self.imbalance = imbalance
        self.scalability = scalability
        self.rules = rules
    }

    /// Time that a message of a class takes on one server; a class that is absent costs nothing here.
    ///
    /// A server is busy with a message until it is processed and sent, whichever takes longer: sending takes the bits of
    /// the message to all subscribers over the server's share of the bandwidth.
    public var service: [DemandClass: ServiceTime] {
        get {
            guard let sending else { return processing }
            var times = processing
            for (demandClass, bytes) in sending.bytes {
                let seconds = sending.bits(ofBytes: bytes) / bandwidthPerServer
                guard seconds > processing[demandClass]?.meanSeconds ?? 0 else { continue }
                times[demandClass] = ServiceTime(meanSeconds: seconds, coefficientOfVariation: 0)
            }
            return times
        }
        set { processing = newValue }
    }

    /// Seconds of work that one second of these messages brings, on one server.
    public func work(of rates: ClassRates) -> Double {
        DemandClass.allCases.reduce(0) { $0 + rates[$1] * (service[$1]?.meanSeconds ?? 0) }
    }

    /// Messages that one node of a shape serves at the same time, at least 1.
    public func servers(perNodeOf shape: Shape) -> Int { kind.serversPerNode(self, shape) }

    /// The servers of a node where every core serves: its cores times `serversPerCore`, at least 1.
    func serversOfCores(of shape: Shape) -> Int {
        max(1, Int(saturating: (Double(shape.cores) * serversPerCore).rounded(.down)))
    }

    /// Servers of the one queue of today's nodes: of all of them where they share the load, otherwise of one.
    public func servers(today shape: Shape) -> Int {
        (kind.addsUp ? max(0, nodes) : 1) * servers(perNodeOf: shape)
    }

    /// The busiest node's load over the mean, less 1; 0 for a kind without a balancer.
    public var balancerImbalance: Double { kind.hasBalancer ? max(0, imbalance) : 0 }

    /// The service time of a random message of this mix: the mean, and the standard deviation over it, of the mixture.
    ///
    /// Returns nil where no message of the mix costs the tier anything.
    public func mixedService(of rates: ClassRates) -> ServiceTime? {
        var count = 0.0
        var sum = 0.0
        var squares = 0.0
        // In the order of the classes: a dictionary's own differs from run to run, and so would the last digits.
        for demandClass in DemandClass.allCases where rates[demandClass] > 0 {
            guard let time = service[demandClass] else { continue }
            let rate = rates[demandClass]
            let variation = time.coefficientOfVariation
            count += rate
            sum += rate * time.meanSeconds
            squares += rate * time.meanSeconds * time.meanSeconds * (1 + variation * variation)
        }
        guard count > 0, sum > 0 else { return nil }
        let mean = sum / count
        let variance = max(0, squares / count - mean * mean)
        return ServiceTime(meanSeconds: mean, coefficientOfVariation: variance.squareRoot() / mean)
    }
}

/// The time that one message takes on one server.
public struct ServiceTime: Sendable, Equatable {
    public var meanSeconds: Double
    /// The standard deviation over the mean.
    public var coefficientOfVariation: Double

    /// The means that can be simulated, in seconds: a nanosecond to a day.
    public static let means = 1e-9...86_400.0
    /// The standard deviations over the mean that can be simulated, beside 0: below a thousandth they are as good as none,
    /// and above a hundred a run of any length sees none of what makes them.
    public static let variations = 1e-3...100.0

    /// What makes it impossible to simulate, in words; nil where nothing does.
    public var problem: String? {
        if meanSeconds != 0, !ServiceTime.means.contains(meanSeconds) {
            return "a mean of \(meanSeconds) s; expected a nanosecond to a day"
        }
        if coefficientOfVariation != 0, !ServiceTime.variations.contains(coefficientOfVariation) {
            return "a standard deviation of \(coefficientOfVariation) means; expected 0, or 0.001 to 100"
        }
        return nil
    }

    /// A service time by its first two moments.
    public init(meanSeconds: Double, coefficientOfVariation: Double) {
        self.meanSeconds = meanSeconds
        self.coefficientOfVariation = coefficientOfVariation
    }
}

/// A promise: in every rolling five minutes, this share of messages is served within this time.
public struct Objective: Sendable, Equatable {
    /// The share to be served in time, as 0.99.
    public var quantile: Double
    /// The time, waiting and service together, in seconds.
    public var latencySeconds: Double

    public init(quantile: Double, latencySeconds: Double) {
        self.quantile = quantile
        self.latencySeconds = latencySeconds
    }
}
