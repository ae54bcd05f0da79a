import Exchange
import Numerics

/// Work over capacity of every queue, by path and step.
public struct UtilisationTable: Sendable, Equatable {
    /// One queue: a tier, or a shard of one.
    public struct Row: Sendable, Equatable {
        /// The tier's name.
        public var tier: String
        /// The tier's place in the topology.
        public var tierIndex: Int
        /// The shard, as `matching-2`; nil where the tier has none.
        public var shard: String?
        /// The shard's number, from 0; nil likewise.
        public var shardIndex: Int?
        /// Messages that are served at the same time.
        public var servers: Int
        /// What runs out first, as `cores`, `single writer BTCUSDT`, `bandwidth` or `primary's cores`.
        public var bindingResource: BindingResource

        public init(
            tier: String, tierIndex: Int, shard: String?, shardIndex: Int?, servers: Int,
            bindingResource: BindingResource
        ) {
            self.tier = tier
            self.tierIndex = tierIndex
            self.shard = shard
            self.shardIndex = shardIndex
            self.servers = servers
            self.bindingResource = bindingResource
        }
    }

    /// The queues, in the order of the tiers, then of the shards.
    public var rows: [Row]
    /// Number of paths.
    public var pathCount: Int
    /// Number of steps.
    public var stepCount: Int
    /// Work over capacity on the busiest node, with today's nodes: `[row][path][step]`, flat.
    public var utilisation: [Double]
    /// Messages a second that reach the queue: `[row][path][step]`, flat.
    public var messagesPerSecond: [Double]

    /// A table from its parts.
    public init(
        rows: [Row], pathCount: Int, stepCount: Int, utilisation: [Double], messagesPerSecond: [Double]
    ) {
        let size = rows.count * pathCount * stepCount
        precondition(utilisation.count == size && messagesPerSecond.count == size, "one value a cell")
        self.rows = rows
        self.pathCount = pathCount
        self.stepCount = stepCount
        self.utilisation = utilisation
        self.messagesPerSecond = messagesPerSecond
    }

    /// Work over capacity of one queue in one step of one path.
    public func utilisation(row: Int, path: Int, step: Int) -> Double {
        utilisation[(row * pathCount + path) * stepCount + step]
    }

    /// Messages a second of one queue in one step of one path.
    public func messagesPerSecond(row: Int, path: Int, step: Int) -> Double {
        messagesPerSecond[(row * pathCount + path) * stepCount + step]
    }

    /// A quantile over the paths of one queue's utilisation in one step.
    public func utilisation(row: Int, step: Int, quantile: Double) -> Double {
        Summary.quantile((0..<pathCount).map { utilisation(row: row, path: $0, step: step) }, quantile)
    }

    /// A quantile over the paths of one queue's messages a second in one step.
    public func messagesPerSecond(row: Int, step: Int, quantile: Double) -> Double {
        Summary.quantile(
            (0..<pathCount).map { messagesPerSecond(row: row, path: $0, step: step) }, quantile)
    }

    /// The busiest step of a path, by utilisation; the first of equals.
    public func busiestStep(row: Int, path: Int) -> Int {
        let start = (row * pathCount + path) * stepCount
        var best = 0
        for step in 1..<max(1, stepCount) where utilisation[start + step] > utilisation[start + best] {
            best = step
        }
        return best
    }
}
