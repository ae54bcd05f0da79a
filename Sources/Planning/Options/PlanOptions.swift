import Exchange
import Units

/// What a plan has to hold, and how it may be bought.
public struct PlanOptions: Sendable, Equatable {
    /// The zones over which nodes are spread, by name; at least one.
    public var zones: [String]
    /// Nodes that may be lost at any time while the objectives hold (the k of N+k).
    public var spareNodes: Int
    /// Whether the objectives hold while the largest zone is lost. This and `spareNodes` are held each by
    /// itself.
    public var survivesZoneLoss: Bool
    /// The zones of each region, by the region's name; a zone that is in none is a region by itself.
    public var regions: [Region] = []
    /// Whether the objectives hold while the fullest region is lost, by itself.
    public var survivesRegionLoss = false
    /// The probability, over the planned span, with which some tier may break its objective (0 to 1).
    public var probabilityBrokenAllowed: Double
    /// A factor on the load that has to be held, at least 1.
    public var headroomFactor: Double
    /// How long a node that was started on demand stays on at least, in seconds.
    public var minimumUpSeconds: Double
    /// Time added to a shape's warm-up before a node is counted on, in seconds.
    public var extraLeadSeconds: Double
    /// From the order of a node that today's exchange has not to the node, in seconds.
    public var provisioningLeadSeconds: Double
    /// The most nodes that one tier may have; what needs more is infeasible.
    public var largestNodeCount: Int
    /// Length of a maintenance window in seconds.
    public var maintenanceSeconds: Double
    /// How many windows are listed.
    public var maintenanceWindowCount: Int
    /// The highest load known from the past, for rules that ask for a multiple of it.
    public var historicalPeak: HistoricalPeak?
    /// How many past weeks a run plans again, to hold its promises against what came; nil: a few, as far as the history
    /// goes.
    public var pastWeeks: Int?
    /// The search for an even placement, one for each number of shards tried, stops after this many steps.
    public var placementSearchLimit: Int
    /// Threads that share the work; the plan does not depend on it.
    public var threads: Int
    /// Seconds until a standby serves in place of a lost single writer or primary.
    public var failoverSeconds = 2.0
    /// Seconds after which a client gives up.
    public var clientTimeoutSeconds = 30.0
    /// What risks are priced with.
    public var risk = RiskOptions()
    /// Whether a run tries the plan on futures that it was not made for; nil: where it takes no longer than past weeks may.
    public var triesFutures: Bool?
    /// By how many nodes the zones of a tier may differ; the fullest may have so many more when it is lost.
    public var zoneDifference = 1
    /// When and how fast nodes may change.
    public var changes = ChangeRules()
    /// Nodes that the seller may take back.
    public var spot = SpotRules()
    /// Whether the nodes of a pool may be of several shapes that are good for the same load.
    public var mixesShapes = false
    /// How the load of each tier is carried on over the commitment of reserved nodes, by name; a tier that is absent has
    /// its reserved nodes decided over the planned span alone.
    public var carried: [String: CarriedTrend] = [:]
    /// Whether the smallest relaxations are searched with which a tier that cannot be held would be.
    public var seeksRelaxation = true
    /// The surges to hold on top of the forecast, as what-ifs write events: `surge:x=5,ramp=4m`. A planner takes what they
    /// come to on a demand from `surges`.
    public var hold: [String] = []
    /// What has to be held on top of the forecast; each by itself, with all nodes up.
    public var surges: [HeldSurge] = []
    /// Seconds from a load that calls for more nodes to their order, where an autoscaler drives a tier. Chosen, not
    /// measured: two intervals of 30 s at which autoscalers look.
    public var autoscalerLagSeconds = 60.0
    /// What may go wrong in place of the chance of a break; nil: that chance is what is promised.
    public var budget: ErrorBudget?

    /// Options; what is not given is as for an exchange of three zones that holds N+1 and the loss of a zone.
    public init(
        zones: [String] = ["a", "b", "c"], spareNodes: Int = 1, survivesZoneLoss: Bool = true,
        probabilityBrokenAllowed: Double = 0.01, headroomFactor: Double = 1,
        minimumUpSeconds: Double = 7200,
        extraLeadSeconds: Double = 0, provisioningLeadSeconds: Double = 0, largestNodeCount: Int = 10_000,
        maintenanceSeconds: Double = 7200,
        maintenanceWindowCount: Int = 10, historicalPeak: HistoricalPeak? = nil, pastWeeks: Int? = nil,
        placementSearchLimit: Int = 20_000, threads: Int = 1
    ) {
        self.zones = zones
        self.spareNodes = spareNodes
        self.survivesZoneLoss = survivesZoneLoss
        self.probabilityBrokenAllowed = probabilityBrokenAllowed
        self.headroomFactor = headroomFactor
        self.minimumUpSeconds = minimumUpSeconds
        self.extraLeadSeconds = extraLeadSeconds
        self.provisioningLeadSeconds = provisioningLeadSeconds
        self.largestNodeCount = largestNodeCount
        self.maintenanceSeconds = maintenanceSeconds
        self.maintenanceWindowCount = maintenanceWindowCount
        self.historicalPeak = historicalPeak
        self.pastWeeks = pastWeeks
        self.placementSearchLimit = placementSearchLimit
        self.threads = threads
    }

    /// The losses that are to be survived.
    public var survival: Survival {
        Survival(
            zoneCount: zones.count, spareNodes: spareNodes, survivesZoneLoss: survivesZoneLoss,
            regionOfZone: survivesRegionLoss ? regionOfZone : [], zoneDifference: zoneDifference)
    }

    /// The region of each zone, as a number.
    private var regionOfZone: [Int] {
        zones.enumerated().map { place, zone in
            regions.firstIndex { $0.zones.contains(zone) } ?? regions.count + place
        }
    }

    /// Zones that are near to each other, and may be lost together.
    public struct Region: Sendable, Equatable {
        public var name: String
        public var zones: [String]

        public init(name: String, zones: [String]) {
            (self.name, self.zones) = (name, zones)
        }
    }

    /// Nodes of each shard: the one that serves, and its standbys.
    public var copies: Int { survival.copies }

    /// The highest load known from the past.
    public struct HistoricalPeak: Sendable, Equatable {
        /// Messages a second entering the exchange, all classes together.
        public var messagesPerSecond: Double
        /// Seconds over which that rate is a mean.
        public var overSeconds: Double
        /// Years of history behind it.
        public var yearsCovered: Double
        /// Where it is from, as `plan file` or `the logs given`.
        public var origin: String

        public init(messagesPerSecond: Double, overSeconds: Double, yearsCovered: Double, origin: String) {
            self.messagesPerSecond = messagesPerSecond
            self.overSeconds = overSeconds
            self.yearsCovered = yearsCovered
            self.origin = origin
        }
    }
}
