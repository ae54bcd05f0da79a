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

    /// What drawn hours of that queue come to, at multiples of its busiest step.
    func outcomes(of queue: ReplayQueue, by capacity: SimulatedCapacity) -> [QueueSimulation.Outcome] {
        guard queue.idleSeconds > 0 || !queue.multipliers.isEmpty else { return [] }
        let entry = screen.table.rows[queue.row]
        let tier = screen.topology.tiers[entry.tierIndex]
        let mix = screen.meanMix(row: queue.row)
        guard let mean = tier.mixedService(of: mix)?.meanSeconds else { return [] }
        // The busiest step's work, in messages of the mean mix: what it takes to compare steps of other mixes.
        let rate =
            queue.utilisation * Double(entry.servers) * tier.rules.speed
            / (mean * (1 + tier.balancerImbalance))
        let queues = tier.kind.sharing == .split ? max(1, tier.nodes) : 1
        let found = capacity.outcomes(
            of: tier, queues: queues, servers: max(1, entry.servers / queues), mix: mix,
            bursts: screen.bursts(row: queue.row),
            rates: queue.multipliers.map { $0 * rate }, hours: options.replications)
        return (found ?? [QueueSimulation.Outcome(windowFactor: 1, latencyMultiplier: 0, curve: [])]).map {
            var outcome = $0
            outcome.latencyMultiplier /= rate
            return outcome
        }
    }

    /// The quantile of the service time that is told as an idle queue's latency.
    private static let idleLevel = 0.99
    /// The utilisation at which saturation is looked for first. Chosen, not measured.
    private static let firstUtilisation = 0.3

    /// Where saturation is looked for first: bursty queues break long before their servers are busy.
    private static func firstMultiple(utilisation: Double) -> Double {
        utilisation > 0 && utilisation.isFinite ? firstUtilisation / utilisation : 1
    }

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
    /// One stream is judged: the messages of that shard. All else that its tiers handle is a second stream that shares
    /// the servers; slow bursts are common to both, fast ones are not. A tier's imbalance is put on the second stream.
    /// Where a tier's queue has rules, the whole of it is simulated event by event.
    /// The objective is the sum of the tiers' times unless the options give one: percentiles do not add, so that it is
    /// a promise of its own.
    func journey(burstsAt multiple: Double? = nil) -> ReplayQueue? {
        guard let row = heaviestShard(), let route = route(to: screen.table.rows[row].tierIndex) else {
            return nil
        }
        var shard = queue(row: row)
        guard !shard.multipliers.isEmpty, shard.ratePerSecond > 0 else { return nil }
        shard.burstMultiple = multiple ?? QueueAssembler.firstMultiple(utilisation: shard.utilisation)
        let objective =
            options.journeyObjective
            ?? Objective(
                quantile: route.reduce(0) { max($0, screen.topology.tiers[$1].objective.quantile) },
                latencySeconds: route.reduce(0) { $0 + screen.topology.tiers[$1].objective.latencySeconds })
        var judged = screen.rates(row: row, path: shard.peak.path, step: shard.peak.step)
        let first = screen.topology.tiers[route[0]].name
        for demandClass in DemandClass.allCases where screen.topology.sources[demandClass] != first {
            judged[demandClass] = 0
        }
        guard judged.total > 0 else { return nil }
        return assemble(shard: shard, route: route, judged: judged, objective: objective)
    }

    private func assemble(
        shard: ReplayQueue, route: [Int], judged: ClassRates, objective: Objective
    ) -> ReplayQueue {
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
        let loads = chain.stages.indices.map { chain.load(ofStage: $0) }
        let busiest = loads.indices.max { (loads[$0], $1) < (loads[$1], $0) } ?? 0
        var queue = shard
        queue.scope = .journey
        queue.ratePerSecond = judged.total
        queue.utilisation = loads[busiest] * judged.total
        queue.idleSeconds = chain.stages.reduce(0) { $0 + $1.service.quantile(QueueAssembler.idleLevel) }
        queue.bindingResource = .inTier(
            screen.topology.tiers[route[busiest]].name, stages[busiest].resource)
        queue.multipliers = curveMultipliers(
            asked: options.multipliers, stable: 1 / queue.utilisation, largest: options.largestMultiplier)
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
        var resource: BindingResource
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
                other: classes[1]),
            resource: screen.table.rows[row].bindingResource)
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
