import Exchange
import Planning
import Units

/// Searches the cheapest change of nodes, shapes or shards with which a scenario holds.
///
/// The first tier that breaks is mended by the cheapest of its own options that mends it, then the next one, until all
/// hold. Every option is tried by simulation, first in fewer histories and a shorter time; what is reported has held in
/// all of them. What comes to a tier is simulated once (`TierFeed`), and its options are tried on its queue alone, but for
/// those that cost more than one that holds. Tiers are mended one by one, since each one's need does not depend on
/// another's nodes but for what a mended tier lets through.
struct CheapestChange {
    private let scenario: Scenario
    private let original: WhatIfInput
    private let full: WhatIfOptions
    private let bursts: BurstPaths
    private var input: WhatIfInput
    private var options: WhatIfOptions

    /// A change, or why there is none.
    struct Found {
        var text: String
        var cost: Money?
    }

    private static let monthHours = 730
    private static let nodesMax = 4096
    /// The share of histories in which a tier may break: what `VerdictBuilder.shareToHold` leaves.
    private static let shareBrokenMax = 0.05
    /// So many times a tier is mended before the search gives up.
    private static let roundsMax = 24

    init(scenario: Scenario, input: WhatIfInput, options: WhatIfOptions, bursts: BurstPaths) {
        self.scenario = scenario
        self.input = input
        self.bursts = bursts
        original = input
        full = options
        self.options = options
        self.options.replications = min(options.replications, max(8, min(options.replications, 16)))
        self.options.settleSeconds = min(options.settleSeconds, 300)
    }

    mutating func search() throws(WhatIfError) -> Found {
        for _ in 0..<CheapestChange.roundsMax {
            let trial = try trial(input)
            let outcome = VerdictBuilder(
                scenario: scenario, conditions: trial.conditions, runs: trial.run())
            if outcome.isHeld {
                if options.replications == full.replications, options.settleSeconds == full.settleSeconds {
                    return describe()
                }
                options = full
                continue
            }
            guard let queue = outcome.leader else { break }
            let tier = outcome.conditions.queues[queue].tier
            // Tiers that each break a little may break too much together: then none of it is allowed.
            let allowed =
                outcome.shareBroken(tier: tier) > CheapestChange.shareBrokenMax
                ? CheapestChange.shareBrokenMax : 0
            guard let mended = try mend(tier, trial, allowed: allowed) else { return try hopeless(tier) }
            input = mended
        }
        return Found(text: "no change was found that would hold", cost: nil)
    }

    private func trial(_ changed: WhatIfInput) throws(WhatIfError) -> Trial {
        let same = changed.placements == original.placements
        return try Trial(scenario, changed, options, bursts: same ? bursts : nil)
    }

    /// Whether a tier holds on another input, given what comes to it where that stays the same.
    private func holds(
        _ tier: Int, _ changed: WhatIfInput, _ feed: TierFeed?, _ allowed: Double
    ) throws(WhatIfError) -> Bool {
        if let feed { return feed.breaks(inAtMost: allowed, on: changed, scenario) }
        return try trial(changed).breaks(tier, inAtMost: allowed)
    }

    /// The cheapest change to a tier with which it holds; `trial` is that of the exchange without the change.
    private func mend(_ tier: Int, _ trial: Trial, allowed: Double) throws(WhatIfError) -> WhatIfInput? {
        let spec = input.topology.tiers[tier]
        if spec.kind.isSharded { return try placeAnew(tier, allowed: allowed) }
        let feed = TierFeed(trial, tier: tier)
        var best: (input: WhatIfInput, cost: Money)?
        for name in Set(spec.allowedShapes + [spec.shape]).sorted() {
            guard let shape = input.catalogue.shape(named: name),
                name == spec.shape || spec.memoryGiB(symbols: input.symbols.count) <= shape.memoryGiB
            else { continue }
            var changed = input
            changed.topology.tiers[tier].shape = name
            // No fewer servers than now: what runs today is there for other reasons too.
            let perNode = spec.servers(perNodeOf: shape)
            let now = input.catalogue.shape(named: spec.shape).map { spec.servers(perNodeOf: $0) } ?? 1
            let least =
                spec.kind.addsUp
                ? CheapestChange.leastNodes(
                    servers: perNode, nodes: spec.nodes, servers: now, spares: full.spareNodes)
                : spec.nodes
            func isWorthIt(_ nodes: Int) -> Bool {
                best.map { shape.onDemandPerHour * nodes < $0.cost } ?? true
            }
            let tried = changed
            let found = try fewest(from: max(1, least), addsUp: spec.kind.addsUp, isWorthIt) {
                (nodes) throws(WhatIfError) in
                var changed = tried
                changed.topology.tiers[tier].nodes = nodes
                return try holds(tier, changed, feed, allowed)
            }
            guard let nodes = found else { continue }
            changed.topology.tiers[tier].nodes = nodes
            best = (changed, shape.onDemandPerHour * nodes)
        }
        return best?.input
    }

    /// The fewest nodes of so many servers each that are no less than today's nodes are, all of them and after the loss of
    /// the spares: one large node in place of two would be lost as a whole.
    private static func leastNodes(servers: Int, nodes: Int, servers today: Int, spares: Int) -> Int {
        func whole(_ wanted: Int) -> Int { (wanted + servers - 1) / servers }
        // Where no node is left today after the loss, there is no such promise to keep.
        let left = nodes - spares
        return max(whole(today * nodes), left > 0 ? spares + whole(today * left) : 0)
    }

    /// The fewest nodes that hold, where they are worth it. Where one node serves, more do not help: only its shape is
    /// tried.
    private func fewest(
        from least: Int, addsUp: Bool, _ isWorthIt: (Int) -> Bool,
        _ holds: (Int) throws(WhatIfError) -> Bool
    ) throws(WhatIfError) -> Int? {
        guard isWorthIt(least) else { return nil }
        if try holds(least) { return least }
        guard addsUp else { return nil }
        // Where not even the most help, nothing between does.
        var low = least
        var high = least
        repeat {
            low = high
            high *= 2
            guard high <= CheapestChange.nodesMax, isWorthIt(low + 1) else { return nil }
        } while try !holds(high)
        while high - low > 1 {
            guard isWorthIt(low + 1) else { return nil }
            let middle = (low + high) / 2
            if try holds(middle) { high = middle } else { low = middle }
        }
        return isWorthIt(high) ? high : nil
    }

    /// The symbols placed anew by their work at the height of the scenario, on as many shards as now or on more.
    private func placeAnew(_ tier: Int, allowed: Double) throws(WhatIfError) -> WhatIfInput? {
        let spec = input.topology.tiers[tier]
        let now = input.placements[spec.name]?.shardCount ?? 1
        let peak = try Conditions(scenario, input, options).demand.peakTrades
        let visits = input.topology.visits()[tier]
        let loads = zip(input.symbols, peak).map { symbol, trades in
            let messages = ClassRates(perSecond: symbol.mix.perTrade.perSecond * visits.perSecond)
            return (symbol: symbol.id.description, load: trades * spec.work(of: messages))
        }
        var count = now
        while count <= max(now, input.symbols.count) {
            if let placed = try? placeOnShards(
                loads: loads, capacity: .greatestFiniteMagnitude, shards: count, searchLimit: 2000)
            {
                var changed = input
                changed.placements[spec.name] = Placement(
                    shardCount: placed.shardCount, shardOfSymbol: placed.shardOfSymbol)
                changed.topology.tiers[tier].nodes = count
                if try holds(tier, changed, nil, allowed) { return changed }
            }
            guard count < input.symbols.count else { return nil }
            count = count < 8 ? count + 1 : min(count * 3 / 2, input.symbols.count)
        }
        return nil
    }

    private func hopeless(_ tier: Int) throws(WhatIfError) -> Found {
        let spec = input.topology.tiers[tier]
        let calm = DisturbedQueue(tier: spec.name, zones: input.zones, regions: input.regions)
        let isHalted = scenario.events.contains { calm.under($0).isHalted }
        if isHalted {
            return Found(text: "none: no capacity helps while '\(spec.name)' is halted", cost: nil)
        }
        let conditions = try Conditions(scenario, input, options)
        if conditions.failovers.contains(where: { conditions.queues[$0.queue].tier == tier }) {
            var faster = self
            faster.options.failoverSeconds = 0
            if try faster.holds(tier, input, nil, CheapestChange.shareBrokenMax) {
                return Found(
                    text:
                        "none: the objective is broken during the "
                        + "\(Duration.seconds(options.failoverSeconds).shortText) until the standby of "
                        + "'\(spec.name)' takes over; a faster failover would hold")
            }
        }
        return Found(text: "none: " + spec.kind.words.hopeless(spec.name))
    }

    private func describe() -> Found {
        var parts: [String] = []
        var cost = Money.zero
        for (before, after) in zip(original.topology.tiers, input.topology.tiers) {
            if before.nodes == after.nodes, before.shape == after.shape {
                if original.placements[after.name] != input.placements[after.name] {
                    parts.append("\(after.name): symbols redistributed over \(after.nodes) shards")
                }
                continue
            }
            parts.append(
                "\(after.name): \(after.nodes) × \(after.shape) instead of \(before.nodes) × \(before.shape)")
            cost += (price(after) - price(before)) * CheapestChange.monthHours
        }
        return Found(text: parts.isEmpty ? "none needed" : parts.joined(separator: "; "), cost: cost)
    }

    /// An hour of a tier on demand; a shard has one standby where there is a zone for it.
    private func price(_ tier: Tier) -> Money {
        let copies = min(2, max(1, original.zones.count))
        let nodes = tier.kind.withStandbys(tier.nodes, copies: copies)
        return (original.catalogue.shape(named: tier.shape)?.onDemandPerHour ?? .zero) * nodes
    }
}
