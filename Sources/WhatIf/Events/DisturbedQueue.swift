/// What a queue can do in a second, to be disturbed.
struct DisturbedQueue {
    /// The tier that it belongs to.
    let tier: String
    /// Its place among the shards of its tier by their trades, the busiest 0; 0 where it is no shard.
    let rank: Int
    /// The zone of the node that serves, as its place in `zones`.
    let zone: Int
    /// The zones over which nodes are spread.
    let zones: [String]
    /// The placement group of the node that serves; nil where there is none.
    let group: String?
    /// The regions that zones lie in; none: all in one.
    let regions: [WhatIfInput.Region]

    /// How much longer every message takes.
    var stretch = 1.0
    /// The share of its capacity that is there, besides lost nodes and zones.
    var capacityShare = 1.0
    /// What every message waits before it is served, in seconds.
    var delaySeconds = 0.0
    /// Whether it does nothing.
    var isHalted = false
    /// Nodes of the tier that are gone, the busiest shards and a database's primary first: the worst case.
    var nodesLost = 0
    /// Zones that are gone with their nodes, as places in `zones`.
    var zonesLost: Set<Int> = []
    /// Placement groups that are gone with their nodes.
    var groupsLost: Set<String> = []

    init(
        tier: String, rank: Int = 0, zone: Int = 0, zones: [String], group: String? = nil,
        regions: [WhatIfInput.Region] = []
    ) {
        self.regions = regions
        self.tier = tier
        self.rank = rank
        self.zone = zone
        self.zones = zones
        self.group = group
    }

    /// The zones of a region, as places in `zones`, by default of the one with the most of them, the first of equals; nil where
    /// there are no regions.
    func zones(ofRegion name: String?) -> [Int]? {
        let most = regions.indices.max { (regions[$0].zones.count, $1) < (regions[$1].zones.count, $0) }
        let region = name.flatMap { name in regions.first { $0.name == name } } ?? most.map { regions[$0] }
        return region.map { region in zones.indices.filter { region.zones.contains(zones[$0]) } }
    }

    /// Whether the node that serves is among those that are gone.
    var hasLostServer: Bool {
        nodesLost > rank || zonesLost.contains(zone) || group.map(groupsLost.contains) ?? false
    }

    /// Whether any node of any tier is gone.
    var hasLosses: Bool { nodesLost > 0 || !zonesLost.isEmpty || !groupsLost.isEmpty }

    /// The same under a disturbance at its height.
    func under(_ event: Disturbance) -> DisturbedQueue {
        var queue = self
        event.kind.act(on: &queue, at: Moment(strength: Strength(share: 1), seconds: 0))
        return queue
    }
}
