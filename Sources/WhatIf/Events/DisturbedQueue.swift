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

    init(tier: String, rank: Int = 0, zone: Int = 0, zones: [String]) {
        self.tier = tier
        self.rank = rank
        self.zone = zone
        self.zones = zones
    }

    /// Whether the node that serves is among those that are gone.
    var hasLostServer: Bool { nodesLost > rank || zonesLost.contains(zone) }

    /// The same under a disturbance at its height.
    func under(_ event: Disturbance) -> DisturbedQueue {
        var queue = self
        event.kind.act(on: &queue, at: Moment(strength: Strength(share: 1), seconds: 0))
        return queue
    }
}
