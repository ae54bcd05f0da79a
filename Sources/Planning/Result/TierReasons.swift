import Exchange
import Units

/// Why a tier's nodes are these and no others; what is held in seconds of work a second.
public enum TierReasons: Sendable, Equatable {
    /// A pool that follows the day.
    case pool(Pool)
    /// A pool whose load no allowed shape holds: the nodes that come closest.
    case poolShort(LoadToHold, shape: String, nodes: Int)
    /// Nodes that stay the same over the span.
    case fixed(Fixed)
    /// Symbols on shards.
    case shards(Shards)

    /// Nodes of one shape, and what they hold.
    public struct Nodes: Sendable, Equatable {
        /// Nodes that hold the load, spares aside.
        public var needed: Int
        /// Nodes that run.
        public var running: Int
        public var shape: String
        /// What the needed ones hold.
        public var held: Double
        /// Servers of the needed ones.
        public var servers: Int

        public init(needed: Int, running: Int, shape: String, held: Double, servers: Int) {
            self.needed = needed
            self.running = running
            self.shape = shape
            self.held = held
            self.servers = servers
        }
    }

    public struct Pool: Sendable, Equatable {
        /// What has to be held.
        public var load: LoadToHold
        /// The nodes of the worst step.
        public var nodes: Nodes
        /// The objective that is kept.
        public var objective: Objective
        /// What is survived.
        public var survival: Survival
        /// Steps by which nodes start ahead.
        public var lead: Int
        /// How long a node warms up, in seconds.
        public var warmUpSeconds: Double
        /// Nodes bought with commitment.
        public var reserved: Int
        /// The most that run on demand beside them.
        public var onDemandMax: Int
        /// What it costs over the span.
        public var cost: Money
        /// The next best shape and its cost.
        public var next: Next?

        /// A pool from its figures.
        public init(
            load: LoadToHold, nodes: Nodes, objective: Objective, survival: Survival, lead: Int,
            warmUpSeconds: Double, reserved: Int, onDemandMax: Int, cost: Money, next: Next?
        ) {
            self.load = load
            self.nodes = nodes
            self.objective = objective
            self.survival = survival
            self.lead = lead
            self.warmUpSeconds = warmUpSeconds
            self.reserved = reserved
            self.onDemandMax = onDemandMax
            self.cost = cost
            self.next = next
        }
    }

    /// The next best shape.
    public struct Next: Sendable, Equatable {
        /// Its name.
        public var shape: String
        /// What it costs over the span.
        public var cost: Money

        public init(shape: String, cost: Money) {
            (self.shape, self.cost) = (shape, cost)
        }
    }

    /// Nodes that stay.
    public struct Fixed: Sendable, Equatable {
        /// What has to be held.
        public var load: LoadToHold
        public var nodes: Nodes
        /// Whether nodes share the load; else one serves and the others stand by.
        public var addsUp: Bool
        /// Whether some allowed shape holds the load.
        public var isHeld: Bool
        /// The objective that is kept.
        public var objective: Objective
        /// What is survived.
        public var survival: Survival
        /// What it costs over the span.
        public var cost: Money
    }

    public struct Shards: Sendable, Equatable {
        /// The shard that is the closest to what it holds.
        public struct Tightest: Sendable, Equatable {
            /// Its heaviest symbol.
            public var symbol: String
            /// Symbols beside it.
            public var others: Int
            /// What it has to hold.
            public var load: Double
            /// What it holds.
            public var held: Double
        }

        /// How many.
        public var count: Int
        /// Whether they hold the load.
        public var isHeld: Bool
        /// The tightest; nil where none has a symbol.
        public var tightest: Tightest?
        /// Nodes of each, the one that serves and its standbys.
        public var copies: Int
        /// The objective that is kept.
        public var objective: Objective
        /// What is survived.
        public var survival: Survival
        public var shape: String
        /// What it costs over the span.
        public var cost: Money
    }
}
