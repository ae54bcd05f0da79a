import Exchange
import Units

/// One queue of the exchange: a pool, a link, a primary or a shard.
struct QueueSpec: Sendable {
    var tier: Int
    var name: String
    var shard: Int?
    var shardName: String?
    var objective: Objective
    /// Seconds of work that a message of each class brings; 0 for those that cost nothing.
    var work: SIMD4<Double>
    /// Work that is done in a second, undisturbed.
    var capacity: Double
    /// What latency within a second depends on.
    var latency: LatencyTable.Key
    /// What runs out.
    var resource: String
}

/// The scenario as it acts on every second: demand by class, its shares among shards, capacities.
struct Conditions: Sendable {
    /// Seconds before the scenario in which queues settle; index 0 of all arrays is so long before.
    static let warmUpSeconds = 300

    let queues: [QueueSpec]
    /// Number of seconds, warm-up included.
    let count: Int
    /// Messages that enter the exchange, by class, each second.
    private(set) var entering: [SIMD4<Double>] = []
    /// For each queue of a sharded tier its share of each class, each second; empty for others.
    private(set) var shares: [[SIMD4<Double>]] = []
    /// Work that each queue can do, each second: `[queue][second]`.
    private(set) var capacities: [[Double]] = []
    /// Seconds until a queue that does nothing works again; 0 for one that works.
    private(set) var pauses: [[Double]] = []
    /// Failovers: the queue and the second.
    private(set) var failovers: [(queue: Int, second: Int)] = []
    /// Where each class enters: for each tier, 1 for the classes that do.
    let sources: [SIMD4<Double>]
    /// Edges as tiers and messages sent on by class, in the order of flow.
    let edges: [(from: Int, to: Int, carries: SIMD4<Double>)]
    /// Tiers in the order of flow.
    let order: [Int]

    private let input: WhatIfInput
    private let scenario: Scenario
    private let options: WhatIfOptions

    init(_ scenario: Scenario, _ input: WhatIfInput, _ options: WhatIfOptions) throws(WhatIfError) {
        self.input = input
        self.scenario = scenario
        self.options = options
        let topology = input.topology
        order = topology.flowOrder() ?? []
        sources = topology.tiers.map { tier in
            var enters = SIMD4<Double>.zero
            for (demandClass, name) in topology.sources where name == tier.name {
                enters[demandClass.position] = 1
            }
            return enters
        }
        edges = topology.edges.compactMap { edge in
            guard let from = topology.index(of: edge.from), let to = topology.index(of: edge.to) else {
                return nil
            }
            var carries = SIMD4<Double>.zero
            for (demandClass, factor) in edge.carries { carries[demandClass.position] = factor }
            return (from, to, carries)
        }
        count =
            Conditions.warmUpSeconds + Int(min(scenario.endSeconds, 3 * 86_400) + options.settleSeconds) + 1
        queues = try Conditions.queues(input)
        try check()
        fillDemand()
        fillCapacities()
    }

    /// The time of an index, in seconds from the start of the scenario.
    func second(_ index: Int) -> Double { Double(index - Conditions.warmUpSeconds) }

    private func check() throws(WhatIfError) {
        let tiers = input.topology.tiers.map(\.name)
        for event in scenario.events {
            switch event.effect {
            case .nodeLoss(let tier, _), .slowdown(let tier, _), .bandwidth(let tier, _), .halt(let tier):
                guard tiers.contains(tier) else { throw .unknownTier(tier, known: tiers) }
            case .zoneLoss(let zone?):
                guard input.zones.contains(zone) else { throw .unknownZone(zone, known: input.zones) }
            case .surge(_, let symbols):
                guard matches(symbols).contains(true) else { throw .unknownSymbol(symbols) }
            case .listing(_, let symbol?, _):
                guard matches(symbol).contains(true) else { throw .unknownSymbol(symbol) }
            case .zoneLoss(nil), .listing(_, nil, _), .flood: break
            }
        }
    }

    private func matches(_ pattern: String) -> [Bool] {
        let glob = Glob(pattern)
        return input.symbols.map { glob.matches($0.id.name) || glob.matches($0.id.description) }
    }

    // MARK: Demand

    private mutating func fillDemand() {
        let mixes = input.symbols.map(\.mix.perTrade.perSecond)
        let busiest = input.tradesPerSecond.indices.max {
            (input.tradesPerSecond[$0], $1) < (input.tradesPerSecond[$1], $0)
        }
        let members = queues.map { queue -> [Int] in
            guard let shard = queue.shard else { return [] }
            return input.placements[queue.name]?.symbols(ofShard: shard) ?? []
        }
        shares = queues.map { _ in [] }
        let follows = scenario.events.map { event -> [Bool] in
            switch event.effect {
            case .surge(_, let symbols): matches(symbols)
            case .listing(_, let symbol, _):
                symbol.map(matches) ?? input.symbols.indices.map { $0 == busiest }
            default: []
            }
        }
        for index in 0..<count {
            let now = second(index)
            var total = SIMD4<Double>.zero
            var bySymbol: [SIMD4<Double>] = []
            for symbol in input.symbols.indices {
                var rates = mixes[symbol] * input.tradesPerSecond[symbol]
                for (event, follow) in zip(scenario.events, follows) {
                    switch event.effect {
                    case .surge(let factor, _) where follow[symbol]: rates *= event.factor(factor, at: now)
                    case .listing(let factor, _, let others):
                        rates *= event.factor(follow[symbol] ? factor : others, at: now)
                    case .flood(let factor):
                        rates[DemandClass.query.position] *= event.factor(factor, at: now)
                    default: break
                    }
                }
                bySymbol.append(rates)
                total += rates
            }
            entering.append(total)
            let divisor = total.replacing(with: 1, where: total .<= 0)
            for queue in queues.indices where queues[queue].shard != nil {
                let own = members[queue].reduce(SIMD4<Double>.zero) { $0 + bySymbol[$1] }
                shares[queue].append(own / divisor)
            }
        }
    }

    // MARK: Capacities

    private mutating func fillCapacities() {
        var found: [(queue: Int, second: Int)] = []
        for (place, queue) in queues.enumerated() {
            var row = [Double](repeating: queue.capacity, count: count)
            for event in scenario.events { apply(event, to: queue, &row, place, &found) }
            if input.topology.tiers[queue.tier].kind == .pool
                || input.topology.tiers[queue.tier].kind == .link
            {
                loseNodes(queue, &row)
            }
            var pause = [Double](repeating: 0, count: count)
            var next = Double(count)
            for index in row.indices.reversed() {
                if row[index] > 0 { next = Double(index) } else { pause[index] = next - Double(index) }
            }
            capacities.append(row)
            pauses.append(pause)
        }
        failovers = found.sorted { ($0.second, $0.queue) < ($1.second, $1.queue) }
    }

    /// Slowdowns, halts, and the pauses of single writers and primaries that fail over.
    private func apply(
        _ event: Disturbance, to queue: QueueSpec, _ row: inout [Double], _ place: Int,
        _ failovers: inout [(queue: Int, second: Int)]
    ) {
        func forEach(_ body: (inout Double, Double) -> Void) {
            for index in row.indices where event.strength(at: second(index)) > 0 {
                body(&row[index], second(index))
            }
        }
        switch event.effect {
        case .slowdown(let tier, let factor) where tier == queue.name:
            forEach { $0 /= event.factor(factor, at: $1) }
        case .bandwidth(let tier, let share) where tier == queue.name:
            forEach { $0 *= event.factor(share, at: $1) }
        case .halt(let tier) where tier == queue.name: forEach { value, _ in value = 0 }
        case .nodeLoss(let tier, let lost) where tier == queue.name:
            failOver(
                event, queue, isHit: isHit(queue, nodesLost: lost), isAlone: standbys(queue) < 1, &row, place,
                &failovers)
        case .zoneLoss(let zone):
            let hit = (zone ?? input.zones.first) == homeZone(queue)
            failOver(
                event, queue, isHit: hit, isAlone: input.zones.count < 2 || standbys(queue) < 1, &row, place,
                &failovers)
        default: break
        }
    }

    private func failOver(
        _ event: Disturbance, _ queue: QueueSpec, isHit: Bool, isAlone: Bool, _ row: inout [Double],
        _ place: Int, _ failovers: inout [(queue: Int, second: Int)]
    ) {
        let kind = input.topology.tiers[queue.tier].kind
        guard isHit, kind == .shard || kind == .store else { return }
        let down = isAlone ? event.holdSeconds : min(options.failoverSeconds, event.holdSeconds)
        for index in row.indices {
            let since = second(index) - event.startSeconds
            if since >= 0, since < down { row[index] = 0 }
        }
        failovers.append((place, Conditions.warmUpSeconds + Int(event.startSeconds)))
    }

    /// Node losses hit the busiest shards first, and a database's primary: the worst case.
    private func isHit(_ queue: QueueSpec, nodesLost: Int) -> Bool {
        guard queue.shard != nil else { return true }
        let shards = queues.filter { $0.tier == queue.tier }
        let loads = shards.map { shard in
            (input.placements[queue.name]?.symbols(ofShard: shard.shard ?? 0) ?? [])
                .reduce(0) { $0 + input.tradesPerSecond[$1] }
        }
        let ranked = shards.indices.sorted { (loads[$1], $0) < (loads[$0], $1) }
        return ranked.prefix(nodesLost).contains { shards[$0].shard == queue.shard }
    }

    /// Nodes beyond those that serve. A shard has one in another zone, a database all but its primary.
    private func standbys(_ queue: QueueSpec) -> Int {
        let tier = input.topology.tiers[queue.tier]
        return tier.kind == .store ? tier.nodes - 1 : input.zones.count - 1
    }

    /// The zone of the serving node: shards take zones in turn, a database's primary is in the first.
    private func homeZone(_ queue: QueueSpec) -> String? {
        input.zones.isEmpty ? nil : input.zones[(queue.shard ?? 0) % input.zones.count]
    }

    /// Nodes of pools and links that are gone, by count and by zone.
    private func loseNodes(_ queue: QueueSpec, _ row: inout [Double]) {
        let nodes = input.topology.tiers[queue.tier].nodes
        let zones = max(1, input.zones.count)
        for index in row.indices {
            let now = second(index)
            var lostZones: Set<Int> = []
            var lost = 0
            for event in scenario.events where event.strength(at: now) > 0 {
                switch event.effect {
                case .nodeLoss(let tier, let count) where tier == queue.name: lost += count
                case .zoneLoss(let zone):
                    lostZones.insert(zone.flatMap { input.zones.firstIndex(of: $0) } ?? 0)
                default: break
                }
            }
            guard lost > 0 || !lostZones.isEmpty else { continue }
            let left = (0..<nodes).count { !lostZones.contains($0 % zones) } - lost
            row[index] *= Double(max(0, left)) / Double(max(1, nodes))
        }
    }
}
