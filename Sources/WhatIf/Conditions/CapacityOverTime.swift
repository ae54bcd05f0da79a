import Exchange

/// What every queue can do in every second.
///
/// Nodes lie in zones in turn, members of a quorum as their layout has them. Lost nodes of a pool or of links take their share of the capacity with them. A single
/// writer and a database's primary stand still until a standby serves, or for as long as there is none: a shard has a
/// standby in every other zone, a database as many replicas as it has further nodes. Losses by count hit the busiest
/// shards first, a database's primary and a quorum's leader: the worst case. A quorum stands still for as long as no majority
/// lives. Clients of lost nodes that hold connections come back to those that are left, whose logins go before all else.
struct CapacityOverTime {
    private(set) var abilities: [[Conditions.Ability]] = []
    private(set) var failovers: [(queue: Int, index: Int)] = []
    private let input: WhatIfInput
    private let options: WhatIfOptions
    private let events: [TimedEvent]
    /// Whether a second is to every queue as the one before.
    private let isAsBefore: [Bool]

    /// A disturbance with its moment in every second.
    private struct TimedEvent {
        var event: Disturbance
        var moments: [Moment]

        /// Whether a second is as the one before to every queue.
        func isAsBefore(_ index: Int) -> Bool {
            let (last, moment) = (moments[index - 1], moments[index])
            guard last.isPresent || moment.isPresent else { return true }
            return type(of: event.kind).isSteady && last.strength == moment.strength
        }
    }

    init(
        _ scenario: Scenario, _ input: WhatIfInput, _ options: WhatIfOptions, queues: [QueueSpec], count: Int
    ) {
        self.input = input
        self.options = options
        // Those that change the demand do nothing to queues.
        let events = scenario.events.filter { !$0.changesDemand }.map { event in
            TimedEvent(
                event: event,
                moments: (0..<count).map { event.course.moment(at: Conditions.second($0)) })
        }
        self.events = events
        isAsBefore = (0..<count).map { index in
            index > 0 && events.allSatisfy { $0.isAsBefore(index) }
        }
        let ranks = CapacityOverTime.ranks(queues, input)
        for (place, queue) in queues.enumerated() {
            let calm = CapacityOverTime.calm(queue, rank: ranks[place], input)
            var row: [Conditions.Ability] = []
            row.reserveCapacity(count)
            for index in 0..<count {
                row.append(isAsBefore[index] ? row[index - 1] : ability(queue, calm, index: index))
            }
            failOver(place, queue, calm, &row)
            logIn(queue, calm, &row)
            var next = count
            for index in row.indices.reversed() {
                if row[index].capacity > 0 { next = index } else { row[index].pause = Float(next - index) }
            }
            abilities.append(row)
        }
        failovers.sort { ($0.index, $0.queue) < ($1.index, $1.queue) }
    }

    /// A queue to which nothing has happened: shards take zones in turn, a primary or a leader is in the first.
    private static func calm(_ queue: QueueSpec, rank: Int, _ input: WhatIfInput) -> DisturbedQueue {
        let tier = input.topology.tiers[queue.tier]
        let leader =
            tier.kind.needsMajority
            ? tier.layout(of: tier.nodes, zones: input.zones).members.first : nil
        return DisturbedQueue(
            tier: queue.name, rank: rank,
            zone: leader?.zone ?? (queue.shard ?? 0) % max(1, input.zones.count), zones: input.zones,
            group: leader?.group.flatMap { tier.quorum?.groups[$0].name }, regions: input.regions)
    }

    /// The place of each queue among the shards of its tier by their trades, the busiest 0; 0 for those that are no shard.
    private static func ranks(_ queues: [QueueSpec], _ input: WhatIfInput) -> [Int] {
        var ranks = queues.map { _ in 0 }
        let shards = queues.indices.filter { queues[$0].shard != nil }
        for places in Dictionary(grouping: shards, by: { queues[$0].tier }).values {
            let loads = places.map { place in
                let placement = input.placements[queues[place].name]
                return (placement?.symbols(ofShard: queues[place].shard ?? 0) ?? [])
                    .reduce(0) { $0 + input.tradesPerSecond[$1] }
            }
            let ranked = places.indices.sorted { (loads[$1], $0) < (loads[$0], $1) }
            for (rank, shard) in ranked.enumerated() { ranks[places[shard]] = rank }
        }
        return ranks
    }

    /// Everything but failovers.
    private func ability(_ queue: QueueSpec, _ calm: DisturbedQueue, index: Int) -> Conditions.Ability {
        var disturbed = calm
        for timed in events where timed.moments[index].isPresent {
            timed.event.kind.act(on: &disturbed, at: timed.moments[index])
        }
        let left = shareLeft(queue, disturbed)
        let share = disturbed.isHalted ? 0 : left * disturbed.capacityShare
        return Conditions.Ability(
            capacity: queue.capacity * share / disturbed.stretch, stretch: Float(disturbed.stretch),
            pause: Float(disturbed.delaySeconds),
            servers: Int32(clamping: Int(saturating: (Double(queue.servers) * share).rounded())),
            isShort: left < 1)
    }

    /// The share of the capacity that is left when standbys have taken over.
    private func shareLeft(_ queue: QueueSpec, _ disturbed: DisturbedQueue) -> Double {
        guard disturbed.hasLosses else { return 1 }
        let zones = max(1, input.zones.count)
        let tier = input.topology.tiers[queue.tier]
        if tier.kind.needsMajority { return shareOfMajority(tier, disturbed) }
        if tier.kind.standbys == .besideEach { return disturbed.zonesLost.count < zones ? 1 : 0 }
        let nodes = max(1, tier.nodes)
        let zonesLost = tier.kind.isOutside ? [] : disturbed.zonesLost
        let gone = zonesLost.reduce(0) { $0 + nodes / zones + ($1 < nodes % zones ? 1 : 0) }
        let left = max(0, nodes - gone - disturbed.nodesLost)
        return Double(tier.kind.nodesServing(left, nodes)) / Double(tier.kind.nodesServing(nodes, nodes))
    }

    /// All of the capacity of a quorum while a majority lives, none otherwise.
    private func shareOfMajority(_ tier: Tier, _ disturbed: DisturbedQueue) -> Double {
        let layout = tier.layout(of: tier.nodes, zones: input.zones)
        let groups = tier.quorum?.groups ?? []
        let living = layout.living(
            without: disturbed.zonesLost,
            groups: Set(groups.indices.filter { disturbed.groupsLost.contains(groups[$0].name) }))
        return Double(tier.kind.nodesServing(max(0, living - disturbed.nodesLost), max(1, tier.nodes)))
    }

    /// Lets the clients of lost nodes log in on those that are left: evenly over the time that they take to come back, and
    /// then for as long as logins wait.
    private func logIn(_ queue: QueueSpec, _ calm: DisturbedQueue, _ row: inout [Conditions.Ability]) {
        guard let sessions = input.topology.tiers[queue.tier].sessions, sessions.loginSeconds > 0,
            queue.connections > 0
        else { return }
        var arriving = [Double](repeating: 0, count: row.count)
        for event in events.map(\.event) {
            let lost = 1 - shareLeft(queue, calm.under(event))
            guard lost > 0 else { continue }
            let first = Conditions.warmUpSeconds + Int(saturating: event.course.startSeconds.rounded(.up))
            let length = max(1, Int(saturating: min(sessions.reconnectSeconds, 86_400).rounded(.up)))
            let work = queue.connections * lost * sessions.loginSeconds / Double(length)
            for index in first..<max(first, min(first + length, row.count)) { arriving[index] += work }
        }
        var waiting = 0.0
        for index in row.indices {
            waiting += arriving[index]
            let done = min(waiting, row[index].capacity)
            row[index].capacity -= done
            waiting -= done
        }
    }

    /// Lets a single writer or a primary stand still until its standby serves.
    private mutating func failOver(
        _ place: Int, _ queue: QueueSpec, _ calm: DisturbedQueue, _ row: inout [Conditions.Ability]
    ) {
        let tier = input.topology.tiers[queue.tier]
        guard tier.kind.standbys != .none else { return }
        let standbys = tier.kind.standbyCount(nodes: tier.nodes, zones: input.zones.count)
        for event in events.map(\.event) where calm.under(event).hasLostServer {
            let length = event.course.lengthSeconds
            let down = standbys < 1 ? length : min(options.failoverSeconds, length)
            let first = Conditions.warmUpSeconds + Int(saturating: event.course.startSeconds.rounded(.up))
            let last = first + Int(saturating: min(down, 86_400).rounded(.up))
            for index in first..<max(first, min(last, row.count)) { row[index].capacity = 0 }
            if first < row.count { failovers.append((place, first)) }
        }
    }
}
