import Exchange

/// What every queue can do in every second.
///
/// Nodes lie in zones in turn. Lost nodes of a pool or of links take their share of the capacity with them. A single
/// writer and a database's primary stand still until a standby serves, or for as long as there is none: a shard has a
/// standby in every other zone, a database as many replicas as it has further nodes. Losses by count hit the busiest
/// shards first, and a database's primary: the worst case.
struct CapacityOverTime {
    private(set) var abilities: [[Conditions.Ability]] = []
    private(set) var failovers: [(queue: Int, index: Int)] = []
    private let scenario: Scenario
    private let input: WhatIfInput
    private let options: WhatIfOptions
    private let queues: [QueueSpec]

    init(
        _ scenario: Scenario, _ input: WhatIfInput, _ options: WhatIfOptions, queues: [QueueSpec], count: Int
    ) {
        self.scenario = scenario
        self.input = input
        self.options = options
        self.queues = queues
        for (place, queue) in queues.enumerated() {
            var row = (0..<count).map { ability(queue, at: Conditions.second($0)) }
            failOver(place, queue, &row)
            var next = count
            for index in row.indices.reversed() {
                if row[index].capacity > 0 { next = index } else { row[index].pause = Float(next - index) }
            }
            abilities.append(row)
        }
        failovers.sort { ($0.index, $0.queue) < ($1.index, $1.queue) }
    }

    /// Everything but failovers.
    private func ability(_ queue: QueueSpec, at now: Double) -> Conditions.Ability {
        var stretch = 1.0
        var isHalted = false
        var nodesLost = 0
        var zonesLost: Set<Int> = []
        for event in scenario.events {
            let strength = event.strength(at: now)
            guard strength > 0 else { continue }
            switch event.effect {
            case .slowdown(let tier, let factor) where tier == queue.name:
                stretch *= 1 + (factor - 1) * strength
            case .bandwidth(let tier, let share) where tier == queue.name:
                stretch /= 1 + (share - 1) * strength
            case .halt(let tier) where tier == queue.name: isHalted = true
            case .nodeLoss(let tier, let count) where tier == queue.name: nodesLost += count
            case .zoneLoss(let zone): zonesLost.insert(index(of: zone))
            default: break
            }
        }
        let share = isHalted ? 0 : shareLeft(queue, nodesLost: nodesLost, zonesLost: zonesLost)
        return Conditions.Ability(
            capacity: queue.capacity * share / stretch, stretch: Float(stretch), pause: 0,
            servers: Int32(clamping: Int((Double(queue.servers) * share).rounded())))
    }

    private func index(of zone: String?) -> Int {
        zone.flatMap { input.zones.firstIndex(of: $0) } ?? 0
    }

    /// The share of the capacity that is left when standbys have taken over.
    private func shareLeft(_ queue: QueueSpec, nodesLost: Int, zonesLost: Set<Int>) -> Double {
        guard nodesLost > 0 || !zonesLost.isEmpty else { return 1 }
        let zones = max(1, input.zones.count)
        let tier = input.topology.tiers[queue.tier]
        if tier.kind.standbys == .besideEach { return zonesLost.count < zones ? 1 : 0 }
        let nodes = max(1, tier.nodes)
        let gone = zonesLost.reduce(0) { $0 + nodes / zones + ($1 < nodes % zones ? 1 : 0) }
        let left = max(0, nodes - gone - nodesLost)
        return Double(tier.kind.nodesServing(left, nodes)) / Double(tier.kind.nodesServing(nodes, nodes))
    }

    /// Lets a single writer or a primary stand still until its standby serves.
    private mutating func failOver(_ place: Int, _ queue: QueueSpec, _ row: inout [Conditions.Ability]) {
        let tier = input.topology.tiers[queue.tier]
        guard tier.kind.standbys != .none else { return }
        let standbys = tier.kind.standbyCount(nodes: tier.nodes, zones: input.zones.count)
        for event in scenario.events where isHit(queue, by: event) {
            let down = standbys < 1 ? event.holdSeconds : min(options.failoverSeconds, event.holdSeconds)
            let first = Conditions.warmUpSeconds + Int(event.startSeconds.rounded(.up))
            let last = first + Int(min(down, 86_400).rounded(.up))
            for index in first..<max(first, min(last, row.count)) { row[index].capacity = 0 }
            if first < row.count { failovers.append((place, first)) }
        }
    }

    /// Whether an event takes the node that serves.
    private func isHit(_ queue: QueueSpec, by event: Disturbance) -> Bool {
        switch event.effect {
        case .nodeLoss(let tier, let count) where tier == queue.name:
            guard queue.shard != nil else { return true }
            let shards = queues.filter { $0.tier == queue.tier }
            let loads = shards.map { shard in
                (input.placements[queue.name]?.symbols(ofShard: shard.shard ?? 0) ?? [])
                    .reduce(0) { $0 + input.tradesPerSecond[$1] }
            }
            let ranked = shards.indices.sorted { (loads[$1], $0) < (loads[$0], $1) }
            return ranked.prefix(count).contains { shards[$0].shard == queue.shard }
        case .zoneLoss(let zone):
            // Shards take zones in turn; a database's primary is in the first.
            return index(of: zone) == (queue.shard ?? 0) % max(1, input.zones.count)
        default: return false
        }
    }
}
