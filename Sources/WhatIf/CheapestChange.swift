import Exchange
import Planning
import Units

/// Searches the cheapest change of nodes, shapes or shards with which a scenario holds.
///
/// The first tier that breaks is mended by the cheapest of its own options that mends it, then the next one, until all
/// hold. Every option is tried by simulation. Tiers are mended one by one, since each one's need does not depend on
/// another's nodes but for what a mended tier lets through.
struct CheapestChange {
    let scenario: Scenario
    var input: WhatIfInput
    var options: WhatIfOptions

    /// A change, or why there is none.
    struct Found {
        var text: String
        var cost: Money?
    }

    /// Hours of a month.
    private static let monthHours = 730
    private static let nodesMax = 4096
    /// So many tiers are mended before the search gives up.
    private static let roundsMax = 12

    init(scenario: Scenario, input: WhatIfInput, options: WhatIfOptions) {
        self.scenario = scenario
        self.input = input
        self.options = options
        self.options.seeksChange = false
        self.options.replications = max(8, min(options.replications, 16))
        self.options.settleSeconds = min(options.settleSeconds, 300)
    }

    mutating func search() throws(WhatIfError) -> Found {
        let original = input
        for _ in 0..<CheapestChange.roundsMax {
            guard let tier = try firstBroken(input) else {
                return describe(from: original, to: input)
            }
            guard let mended = try mend(tier) else { return try hopeless(tier) }
            input = mended
        }
        return Found(text: "no change was found that holds", cost: nil)
    }

    /// The tier that breaks in most histories; nil where the scenario holds.
    private func firstBroken(_ input: WhatIfInput) throws(WhatIfError) -> Int? {
        let conditions = try Conditions(scenario, input, options)
        let builder = VerdictBuilder(scenario, conditions, replications(conditions, input, options))
        if builder.shareHeld >= 0.95 { return nil }
        if let name = builder.verdict().firstTier { return input.topology.index(of: name) }
        return builder.brokenQueues.first.map { conditions.queues[$0].tier }
    }

    private func holds(_ tier: Int, _ input: WhatIfInput) throws(WhatIfError) -> Bool {
        let conditions = try Conditions(scenario, input, options)
        let builder = VerdictBuilder(scenario, conditions, replications(conditions, input, options))
        return !builder.brokenQueues.contains { conditions.queues[$0].tier == tier }
    }

    private func mend(_ tier: Int) throws(WhatIfError) -> WhatIfInput? {
        let spec = input.topology.tiers[tier]
        if spec.kind == .shard { return try moreShards(tier) }
        var best: (input: WhatIfInput, cost: Money)?
        for name in Set(spec.allowedShapes + [spec.shape]).sorted() {
            guard let shape = input.catalogue.shape(named: name) else { continue }
            var changed = input
            changed.topology.tiers[tier].shape = name
            // No fewer cores than now: what runs today is there for other reasons too.
            let now =
                input.catalogue.shape(named: spec.shape).map { spec.servers(perNodeOf: $0) * spec.nodes } ?? 1
            let least = (now + spec.servers(perNodeOf: shape) - 1) / spec.servers(perNodeOf: shape)
            guard let nodes = try fewest(tier, changed, from: spec.kind == .store ? spec.nodes : least)
            else { continue }
            changed.topology.tiers[tier].nodes = nodes
            let cost = shape.onDemandPerHour * nodes
            if best.map({ cost < $0.cost }) ?? true { best = (changed, cost) }
        }
        return best?.input
    }

    /// The fewest nodes that hold; a database's nodes do not help, so that only its shape is tried.
    private func fewest(
        _ tier: Int, _ input: WhatIfInput, from least: Int
    ) throws(WhatIfError) -> Int? {
        func holds(_ nodes: Int) throws(WhatIfError) -> Bool {
            var changed = input
            changed.topology.tiers[tier].nodes = nodes
            return try self.holds(tier, changed)
        }
        if input.topology.tiers[tier].kind == .store { return try holds(least) ? least : nil }
        var high = max(least, 1)
        if try holds(high) { return high }
        while try !holds(high) {
            high *= 2
            guard high <= CheapestChange.nodesMax else { return nil }
        }
        var low = max(high / 2, max(least, 1) - 1)
        while high - low > 1 {
            let middle = (low + high) / 2
            if try holds(middle) { high = middle } else { low = middle }
        }
        return high
    }

    private func moreShards(_ tier: Int) throws(WhatIfError) -> WhatIfInput? {
        let spec = input.topology.tiers[tier]
        let now = input.placements[spec.name]?.shardCount ?? 1
        let loads = zip(input.symbols, input.tradesPerSecond).map { symbol, trades in
            (symbol: symbol.id.description, load: trades * spec.work(of: symbol.mix.perTrade))
        }
        var count = now + 1
        while count <= input.symbols.count {
            if let placed = try? place(
                loads: loads, capacity: .greatestFiniteMagnitude, shards: count, searchLimit: 2000)
            {
                var changed = input
                changed.placements[spec.name] = Placement(
                    shardCount: placed.shardCount, shardOfSymbol: placed.shardOfSymbol)
                changed.topology.tiers[tier].nodes = count
                if try holds(tier, changed) { return changed }
            }
            count = count < 8 ? count + 1 : max(count + 1, min(count * 3 / 2, input.symbols.count))
        }
        return nil
    }

    private func hopeless(_ tier: Int) throws(WhatIfError) -> Found {
        let spec = input.topology.tiers[tier]
        let isHalted = scenario.events.contains { event in
            if case .halt(let name) = event.effect { name == spec.name } else { false }
        }
        if isHalted {
            return Found(text: "none: nothing holds while '\(spec.name)' is halted", cost: nil)
        }
        let conditions = try Conditions(scenario, input, options)
        if conditions.failovers.contains(where: { conditions.queues[$0.queue].tier == tier }) {
            var faster = options
            faster.failoverSeconds = 0
            let still = try CheapestChange(scenario: scenario, input: input, options: faster).holds(
                tier, input)
            if still {
                return Found(
                    text:
                        "none: the \(Duration.seconds(options.failoverSeconds).shortText) until the standby of "
                        + "'\(spec.name)' serves break its objective; a faster failover would hold", cost: nil
                )
            }
        }
        let text =
            switch spec.kind {
            case .shard:
                "none: no number of shards holds on '\(spec.name)', since one symbol is served by one writer; "
                    + "a faster core, a shorter service time or a limit on its orders would"
            case .store: "none: no allowed shape of '\(spec.name)' holds as the primary"
            case .pool, .link: "none: no number of nodes of '\(spec.name)' holds"
            }
        return Found(text: text, cost: nil)
    }

    private func describe(from old: WhatIfInput, to new: WhatIfInput) -> Found {
        var parts: [String] = []
        var cost = Money.zero
        for (before, after) in zip(old.topology.tiers, new.topology.tiers) {
            guard before.nodes != after.nodes || before.shape != after.shape else { continue }
            parts.append(
                "\(after.name): \(after.nodes) × \(after.shape) instead of \(before.nodes) × \(before.shape)")
            let prices = [after, before].map { tier -> Money in
                let nodes = tier.kind == .shard ? tier.nodes * min(2, max(1, old.zones.count)) : tier.nodes
                return (old.catalogue.shape(named: tier.shape)?.onDemandPerHour ?? .zero) * nodes
            }
            cost += (prices[0] - prices[1]) * CheapestChange.monthHours
        }
        return Found(text: parts.isEmpty ? "none needed" : parts.joined(separator: "; "), cost: cost)
    }
}
