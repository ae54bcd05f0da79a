import Exchange

/// Makes a simulation of every queue's busiest step.
struct QueueAssembler {
    let screen: Screen
    let options: ReplayOptions

    /// The queue of one row of the utilisation table.
    func queue(row: Int) -> ReplayQueue {
        let entry = screen.table.rows[row]
        let tier = screen.topology.tiers[entry.tierIndex]
        let peak = screen.typicalPeak(row: row)
        let rates = screen.rates(row: row, path: peak.path, step: peak.step)
        let utilisation = screen.table.utilisation(row: row, path: peak.path, step: peak.step)
        var queue = ReplayQueue(
            scope: .tier(entry.tier), shard: entry.shard, row: row, peak: peak, ratePerSecond: rates.total,
            utilisation: utilisation, idleSeconds: 0, bindingResource: entry.bindingResource)
        guard let profile = QueueProfile(tier, mix: screen.meanMix(row: row)), utilisation > 0,
            utilisation.isFinite
        else { return queue }
        queue.idleSeconds = ServiceDistribution(profile.service, shape: options.serviceShape)
            .quantile(QueueAssembler.idleLevel)
        queue.multipliers = curveMultipliers(
            asked: options.multipliers, stable: 1 / utilisation, largest: options.largestMultiplier)
        return queue
    }

    /// What drawn hours of that queue come to, at multiples of its busiest step. Latency is that of queues for servers; people
    /// and quotas have levels alone.
    func outcomes(of queue: ReplayQueue, by capacity: SimulatedCapacity) -> [QueueSimulation.Outcome] {
        guard queue.idleSeconds > 0 || !queue.multipliers.isEmpty, let work = work(of: queue) else {
            return []
        }
        guard work.tier.kind.law == .queue else {
            let levels = levels(of: work, by: capacity)
            return (levels.isEmpty ? [0] : levels).map {
                QueueSimulation.Outcome(
                    windowFactor: 1, latencyMultiplier: $0 / work.ratePerSecond, curve: [])
            }
        }
        let found = capacity.outcomes(
            of: work.tier, queues: work.queues, servers: work.servers, mix: work.mix, bursts: work.bursts,
            rates: queue.multipliers.map { $0 * work.ratePerSecond }, hours: options.replications)
        let limit = work.tier.tightestLimit(nodes: work.nodes, on: work.shape, mix: work.mix)
        return (found ?? [QueueSimulation.Outcome(windowFactor: 1, latencyMultiplier: 0, curve: [])]).map {
            var outcome = $0
            if let limit {
                outcome.latencyMultiplier = min(outcome.latencyMultiplier, limit.messagesPerSecond)
            }
            outcome.latencyMultiplier /= work.ratePerSecond
            return outcome
        }
    }

    /// The multiples of its busiest step at which drawn hours break the objective of a queue, ascending, from the same model
    /// as the plan's capacity; a single 0 where even an idle queue breaks it, nil for a queue without work.
    func breakMultiples(of queue: ReplayQueue, by capacity: SimulatedCapacity) -> [Double]? {
        guard let work = work(of: queue), work.ratePerSecond > 0 else { return nil }
        let levels = levels(of: work, by: capacity)
        return levels.isEmpty ? [0] : levels.map { $0 / work.ratePerSecond }
    }

    /// Messages a second at which hours break all nodes of a queue.
    private func levels(of work: QueueWork, by capacity: SimulatedCapacity) -> [Double] {
        capacity.breakLevels(
            of: work.tier, nodes: work.nodes, shape: work.shape, mix: work.mix, bursts: work.bursts
        ).perSecond
    }

    /// What is asked of the capacity model.
    private struct QueueWork {
        var tier: Tier
        var shape: Shape
        /// Nodes that share the load.
        var nodes: Int
        /// Queues over which the load is split, and the servers of each.
        var queues: Int
        var servers: Int
        var mix: ClassRates
        var bursts: BurstProfile
        /// The busiest step's work, in messages of the mean mix: what it takes to compare steps of other mixes.
        var ratePerSecond: Double
    }

    private func work(of queue: ReplayQueue) -> QueueWork? {
        let entry = screen.table.rows[queue.row]
        let tier = screen.topology.tiers[entry.tierIndex]
        let mix = screen.meanMix(row: queue.row)
        guard let mean = tier.mixedService(of: mix)?.meanSeconds,
            let shape = screen.catalogue.shape(named: tier.shape)
        else { return nil }
        let queues = tier.kind.sharing == .split ? max(1, tier.nodes) : 1
        return QueueWork(
            tier: tier, shape: shape, nodes: tier.kind.addsUp ? max(1, tier.nodes) : 1, queues: queues,
            servers: max(1, entry.servers / queues), mix: mix, bursts: screen.bursts(row: queue.row),
            ratePerSecond: queue.utilisation * screen.capacities[queue.row] / mean)
    }

    /// The quantile of the service time that is told as an idle queue's latency.
    private static let idleLevel = 0.99
    private func source(
        main: BurstProfile, other: BurstProfile?, ratio: Double, pauses: [QueueRules.Pause?]
    ) -> WindowPath.Source {
        WindowPath.Source(
            main: BurstModel(fitting: main).rounded, other: other.map { BurstModel(fitting: $0).rounded },
            otherRatio: ratio,
            // A level that holds for longer than six hours is not one level; within it the hours are alike.
            stepSeconds: min(Double(screen.demand.stepSeconds), 21_600), pauses: pauses)
    }
}

extension QueueAssembler {
    /// The journey of an order from where it enters to the most loaded shard; nil where orders reach no shard.
    ///
    /// It keeps its promise while every queue on the way keeps its own: where it saturates is where the first of them does,
    /// each at multiples of its own busiest step, by the model that tells where they saturate themselves. All of them meet
    /// the same bursts, so that the worst hours of one are those of the others.
    ///
    /// What clients see on the whole way is simulated. One stream is judged: the messages of that shard. All else that its
    /// tiers handle is a second stream that shares the servers; slow bursts are common to both, fast ones are not. A tier's
    /// imbalance is put on the second stream. Where a tier's queue has rules, the whole of it is simulated event by event.
    /// The share that is late is over the sum of the tiers' times, at the strictest of their quantiles.
    func journey(by capacity: SimulatedCapacity) -> ReplayQueue? {
        guard let row = heaviestShard(), let route = route(to: screen.table.rows[row].tierIndex) else {
            return nil
        }
        var shard = queue(row: row)
        guard !shard.multipliers.isEmpty, shard.ratePerSecond > 0 else { return nil }
        let queues = route.compactMap { tier in
            tier == screen.table.rows[row].tierIndex
                ? row : screen.table.rows.firstIndex { $0.tierIndex == tier }
        }.map(queue(row:))
        let (first, multiples) = firstToBreak(queues, by: capacity)
        let middle = multiples.isEmpty ? 0 : multiples[multiples.count / 2]
        shard.burstMultiple = middle > 0 ? middle : 1
        var judged = screen.rates(row: row, path: shard.peak.path, step: shard.peak.step)
        let entrance = screen.topology.tiers[route[0]].name
        for demandClass in DemandClass.allCases where screen.topology.sources[demandClass] != entrance {
            judged[demandClass] = 0
        }
        guard judged.total > 0 else { return nil }
        var journey = assemble(
            shard: shard, route: route, judged: judged,
            utilisation: queues.reduce(0) { max($0, $1.utilisation) })
        journey.row = first.row
        journey.peak = first.peak
        journey.bindingResource = .inTier(screen.table.rows[first.row].tier, first.bindingResource)
        journey.breakMultiples = multiples
        return journey
    }

    /// The queue that breaks at the lowest multiple in most hours, and for each hour the multiple at which the first does.
    private func firstToBreak(
        _ queues: [ReplayQueue], by capacity: SimulatedCapacity
    ) -> (queue: ReplayQueue, multiples: [Double]) {
        var first = (queue: queues[0], middle: Double.infinity)
        var lowest: [Double] = []
        for queue in queues {
            guard let found = breakMultiples(of: queue, by: capacity) else { continue }
            let middle = found[found.count / 2]
            if middle < first.middle { first = (queue, middle) }
            // Where one always breaks, so does the journey.
            guard middle > 0, lowest.first != 0 else {
                lowest = [0]
                continue
            }
            lowest = lowest.isEmpty ? found : zip(lowest, found).map { min($0, $1) }
        }
        return (first.queue, lowest)
    }

    private func assemble(
        shard: ReplayQueue, route: [Int], judged: ClassRates, utilisation: Double
    ) -> ReplayQueue {
        let objective = Objective(
            quantile: route.reduce(0) { max($0, screen.topology.tiers[$1].objective.quantile) },
            latencySeconds: route.reduce(0) { $0 + screen.topology.tiers[$1].objective.latencySeconds })
        let stages = route.map { stage(tier: $0, judged: judged, peak: shard.peak) }
        let otherRate = stages.reduce(0) { max($0, $1.otherRate) }
        let isSurrounded = stages.contains { !$0.rules.isPlainButForPauses }
        var chain = QueueChain(
            stages: [], otherRatio: otherRate / judged.total, latencySeconds: objective.latencySeconds,
            shareAllowed: 1 - objective.quantile)
        for stage in stages {
            let share = otherRate > 0 ? stage.otherRate / otherRate : 0
            chain.stages.append(
                QueueChain.Stage(
                    servers: stage.servers, service: stage.service,
                    other: stage.other.flatMap { share > 0 ? ($0, share) : nil }, speed: stage.rules.speed,
                    pause: isSurrounded ? nil : stage.rules.pause,
                    surroundings: isSurrounded && !stage.rules.isPlain ? stage.surroundings : nil))
        }
        // Each queue in its own busiest step, which need not be the shard's.
        var queue = shard
        queue.scope = .journey
        queue.ratePerSecond = judged.total
        queue.utilisation = utilisation
        queue.idleSeconds = chain.stages.reduce(0) { $0 + $1.service.quantile(QueueAssembler.idleLevel) }
        queue.multipliers = curveMultipliers(
            asked: options.multipliers,
            stable: min(1 / utilisation, chain.stableRatePerSecond / judged.total),
            largest: options.largestMultiplier)
        let bursts = streams(shard: shard, entering: route[0])
        queue.simulation = QueueSimulation(
            chain: chain,
            source: source(
                main: bursts.judged, other: otherRate > 0 ? bursts.other : nil, ratio: chain.otherRatio,
                pauses: chain.stages.map(\.pause)),
            ratePerSecond: judged.total, multipliers: queue.multipliers,
            messageBudget: options.messageBudget)
        return queue
    }

    private struct Stage {
        var servers: Int
        var service: ServiceDistribution
        var other: ServiceDistribution?
        var otherRate: Double
        var rules: QueueRules
        var surroundings: QueueChain.Surroundings
    }

    private func stage(tier index: Int, judged: ClassRates, peak: (path: Int, step: Int)) -> Stage {
        let tier = screen.topology.tiers[index]
        let idle = ServiceTime(meanSeconds: 0, coefficientOfVariation: 0)
        let own = ServiceDistribution(tier.mixedService(of: judged) ?? idle, shape: options.serviceShape)
        let rows = screen.table.rows.indices.filter { screen.table.rows[$0].tierIndex == index }
        // Of a sharded tier the journey passes the heaviest shard alone, which holds the judged stream and no other.
        let row = tier.kind.isSharded ? heaviestShard() ?? rows[0] : rows[0]
        let all = screen.rates(row: row, path: peak.path, step: peak.step)
        var rest = ClassRates(perSecond: all.perSecond * (1 + tier.balancerImbalance) - judged.perSecond)
        for demandClass in DemandClass.allCases where !(rest[demandClass] > 1e-9 * all.total) {
            rest[demandClass] = 0
        }
        let classes = [judged, rest].map { mix in
            QueueProfile(tier, mix: mix)?.chainClasses(shape: options.serviceShape)
        }
        return Stage(
            servers: min(screen.table.rows[row].servers, 4096), service: own,
            other: tier.mixedService(of: rest).map { ServiceDistribution($0, shape: options.serviceShape) },
            otherRate: rest.total, rules: tier.rules,
            surroundings: QueueChain.Surroundings(
                rules: tier.rules, judged: classes[0] ?? QueueChain.Classes(first: nil, others: own),
                other: classes[1]))
    }

    /// How the judged messages bunch, and how all else does that enters where they do.
    private func streams(
        shard: ReplayQueue, entering tier: Int
    ) -> (judged: BurstProfile, other: BurstProfile) {
        let (path, step) = shard.peak
        let members = screen.perTrade[shard.row]
        let row = screen.table.rows.firstIndex { $0.tierIndex == tier } ?? shard.row
        let rest = screen.perTrade[row].filter { other in !members.contains { $0.symbol == other.symbol } }
        func bursts(_ trades: [Screen.PerTrade], row: Int) -> BurstProfile {
            screen.tierDemands[screen.table.rows[row].tierIndex].bursts(
                of: trades.map {
                    let rate = screen.demand.trades(path: path, symbol: $0.symbol, step: step)
                    return ($0.symbol, shard.burstMultiple * rate * $0.messages.total)
                })
        }
        let judged = bursts(members, row: shard.row)
        let other = bursts(rest, row: row)
        return (judged, other.points.isEmpty ? judged : other)
    }

    /// The shard whose typical peak is the highest, the first of equals.
    private func heaviestShard() -> Int? {
        var best: (row: Int, utilisation: Double)?
        for row in screen.table.rows.indices where screen.table.rows[row].shardIndex != nil {
            let peak = screen.typicalPeak(row: row)
            let utilisation = screen.table.utilisation(row: row, path: peak.path, step: peak.step)
            if best.map({ utilisation > $0.utilisation }) ?? true { best = (row, utilisation) }
        }
        return best?.row
    }

    /// The tiers that orders pass on their way to a tier, by the edges that carry them.
    private func route(to target: Int) -> [Int]? {
        let topology = screen.topology
        guard let source = topology.sources[.order], let start = topology.index(of: source) else {
            return nil
        }
        var route = [target]
        while let first = route.first, first != start {
            let feeding = topology.edges.filter {
                $0.to == topology.tiers[first].name && ($0.carries[.order] ?? 0) > 0
            }
            guard let edge = feeding.first, let before = topology.index(of: edge.from) else { return nil }
            route.insert(before, at: 0)
        }
        return route
    }
}
