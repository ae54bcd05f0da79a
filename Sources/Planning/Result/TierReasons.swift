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
    /// A supplier's quota.
    case quota(Quota)
    /// People who answer.
    case staff(Staff)

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
        /// Connections that are held; nil where they are not counted.
        public var connections: Connections?
        /// Work that may wait; nil where none may.
        public var waiting: Waiting?

        /// A pool from its figures.
        public init(
            load: LoadToHold, nodes: Nodes, objective: Objective, survival: Survival, lead: Int,
            warmUpSeconds: Double, reserved: Int, onDemandMax: Int, cost: Money, next: Next?,
            connections: Connections? = nil, waiting: Waiting? = nil
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
            self.connections = connections
            self.waiting = waiting
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
        /// The members of a quorum; nil where it is none.
        public var quorum: Members?
        /// What is kept on the disk; nil where that is not counted.
        public var disk: Disk?
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
        /// Moves from today's placement; nil where nobody says what that is.
        public var moves: Moves?
    }
}

extension TierReasons {
    /// Connections that clients hold open.
    public struct Connections: Sendable, Equatable {
        /// In the worst step, at the load that has to be held.
        public var peak: Double
        /// What a node holds.
        public var heldPerNode: Double
        /// What runs out there.
        public var resource: BindingResource
        /// Whether that comes before the servers are busy.
        public var isBinding: Bool
    }

    /// The members of a quorum.
    public struct Members: Sendable, Equatable {
        public var count: Int
        public var majority: Int
        /// Where each lies, the leader first.
        public var places: [String]
        /// Members left in the worst of the losses.
        public var left: Int

        public init(count: Int, majority: Int, places: [String], left: Int) {
            (self.count, self.majority, self.places, self.left) = (count, majority, places, left)
        }
    }

    /// Work that may wait.
    public struct Waiting: Sendable, Equatable {
        /// The share of the load that may wait for lost nodes.
        public var share: Double
        /// How much later it may be done in normal times, in seconds.
        public var deferSeconds: Double
        /// The most of the load that is done in one step then, in seconds of work a second.
        public var peakDone: Double
    }

    /// Symbols that move from today's shards.
    public struct Moves: Sendable, Equatable {
        /// Their names.
        public var symbols: [String]
        /// Symbols whose shard of today is known.
        public var known: Int
        /// The most that may move; nil: any number.
        public var limit: Int?

        public init(symbols: [String], known: Int, limit: Int?) {
            (self.symbols, self.known, self.limit) = (symbols, known, limit)
        }
    }

    /// What a database keeps on its disk.
    public struct Disk: Sendable, Equatable {
        /// Bytes a day that are added, in GiB, in the median over paths.
        public var growthGiBPerDay: Double
        public var usedGiB: Double
        public var diskGiB: Double
        /// Days until the disk is full, in the median over paths; nil: never.
        public var daysUntilFull: Double?
        /// The same where growth is as on the fastest 2.5 % of paths.
        public var daysUntilFullSoonest: Double?
        /// Seconds of a backup and of a restore of what lies there at the end of the span; nil: nobody says how fast.
        public var backupSeconds: Double?
        public var restoreSeconds: Double?
        /// The longest that a restore may take.
        public var restoreSecondsMax: Double?
    }

    /// A supplier's quota, and what it refuses.
    public struct Quota: Sendable, Equatable {
        /// The entry of the price list that is ordered.
        public var price: Exchange.Quota.Price
        /// Whether it holds the load.
        public var isHeld: Bool
        /// What has to be held, requests a second.
        public var loadPerSecond: Double
        public var objective: Objective
        /// The share of requests that is expected to be refused over the span.
        public var shareRefused: Double
        /// What they cost.
        public var refusalCost: Money
        /// What the quota costs over the span.
        public var cost: Money
    }

    /// People who answer contacts, in the worst step.
    public struct Staff: Sendable, Equatable {
        public var contactsPerHour: Double
        public var handlingSeconds: Double
        /// People who are paid, and those of them who answer at a time.
        public var people: Int
        public var answering: Int
        /// Of all contacts.
        public var shareAnswered: Double
        public var shareAbandoning: Double
        public var objective: Objective
        /// nil: nobody hangs up.
        public var patienceSeconds: Double?
        /// With a permanent contract.
        public var permanent: Int
        /// The most who are called in beside them.
        public var onCallMax: Int
        /// What they cost over the span.
        public var cost: Money
    }
}
