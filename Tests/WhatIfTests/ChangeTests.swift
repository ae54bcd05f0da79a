import Exchange
import Testing
import Units
import WhatIf

@Suite("The cheapest change")
struct ChangeTests {
    private var seeking: WhatIfOptions {
        var options = Fixtures.plain
        options.seeksChange = true
        return options
    }

    @Test("is free where the same shards hold the symbols placed better")
    func placedAnew() throws {
        // Both heavy symbols lie on shard 0: 1200 a second at the height, where 1000 are held.
        let tier = Fixtures.tier("matching", kind: .shard, nodes: 2)
        var input = Fixtures.input([tier], rates: [300, 10, 300, 10], shards: 2)
        let scenario = try Fixtures.scenario("surge:x=2,ramp=0s,hold=5m,decay=0s")
        let verdict = try simulate(scenario, on: input, options: seeking).verdict
        #expect(!verdict.held)
        #expect(verdict.cheapestChange == "matching: symbols redistributed over 2 shards")
        #expect(verdict.cheapestChangeCost == .zero)
        input.placements["matching"] = Placement(shardCount: 2, shardOfSymbol: [0, 0, 1, 1])
        #expect(try simulate(scenario, on: input, options: Fixtures.plain).verdict.held)
    }

    @Test("buys shards with their standbys where symbols are many, for as few as hold")
    func moreShards() throws {
        let tier = Fixtures.tier("matching", kind: .shard, nodes: 1)
        var input = Fixtures.input([tier], rates: [200, 200, 200, 200], shards: 1)
        let scenario = try Fixtures.scenario("surge:x=2,ramp=0s,hold=5m,decay=0s")
        let verdict = try simulate(scenario, on: input, options: seeking).verdict
        #expect(verdict.cheapestChange == "matching: 2 × one instead of 1 × one")
        #expect(verdict.cheapestChangeCost == Money(dollars: 2 * 730))
        input.placements["matching"] = Placement(shardCount: 2, shardOfSymbol: [0, 0, 1, 1])
        #expect(try simulate(scenario, on: input, options: Fixtures.plain).verdict.held)
    }

    @Test("mends every tier that breaks once those before it let everything through")
    func severalTiers() throws {
        var input = Fixtures.input([Fixtures.tier("first"), Fixtures.tier("second")], rates: [1000])
        let scenario = try Fixtures.scenario("surge:x=3.4,ramp=0s,hold=5m,decay=0s")
        let verdict = try simulate(scenario, on: input, options: seeking).verdict
        // 3400 a second: four servers at least, and one node of four at three dollars beats four of one.
        #expect(
            verdict.cheapestChange
                == "first: 1 × four instead of 2 × one; second: 1 × four instead of 2 × one")
        #expect(verdict.cheapestChangeCost == Money(dollars: 2 * (3 - 2) * 730))
        for tier in 0..<2 {
            input.topology.tiers[tier].nodes = 1
            input.topology.tiers[tier].shape = "four"
        }
        #expect(try simulate(scenario, on: input, options: Fixtures.plain).verdict.held)
    }

    @Test("takes no single large node where the loss of a node is to be survived")
    func spare() throws {
        // As above one node of four would hold, and two of them cost six dollars, where four of one cost four.
        var options = seeking
        options.spareNodes = 1
        let verdict = try simulate(
            try Fixtures.scenario("surge:x=3.4,ramp=0s,hold=5m,decay=0s"),
            on: Fixtures.input([Fixtures.tier()], rates: [1000]), options: options
        ).verdict
        #expect(verdict.cheapestChange == "pool: 4 × one instead of 2 × one")
        #expect(verdict.cheapestChangeCost == Money(dollars: 2 * 730))
    }

    @Test(
        "is the same before shards, where symbols stay apart, and behind them", arguments: ["gate", "ledger"])
    func besideShards(mended: String) throws {
        func pool(_ name: String) -> Tier { Fixtures.tier(name, nodes: name == mended ? 2 : 40) }
        let shards = Fixtures.tier("matching", kind: .shard, nodes: 2, meanSeconds: 1e-5)
        let input = Fixtures.input([pool("gate"), shards, pool("ledger")], rates: [600, 400], shards: 2)
        let verdict = try simulate(
            try Fixtures.scenario("surge:x=3.4,ramp=0s,hold=5m,decay=0s"), on: input, options: seeking
        ).verdict
        #expect(verdict.firstTier == mended)
        #expect(verdict.cheapestChange == "\(mended): 1 × four instead of 2 × one")
    }

    @Test("found under bursts holds in all histories that are asked for")
    func bursts() throws {
        var input = Fixtures.input([Fixtures.tier(nodes: 4)], rates: [1200])
        input.symbols[0].bursts = .standard
        var options = seeking
        options.hasBursts = true
        options.replications = 40
        let scenario = try Fixtures.scenario("surge:x=2,hold=10m")
        let verdict = try simulate(scenario, on: input, options: options).verdict
        #expect(!verdict.held)
        let words = try #require(verdict.cheapestChange).split(separator: " ")
        try #require(words.count > 3)
        input.topology.tiers[0].nodes = try #require(Int(words[1]))
        input.topology.tiers[0].shape = String(words[3])
        options.seeksChange = false
        #expect(try simulate(scenario, on: input, options: options).verdict.held)
    }

    @Test("says why nothing that is bought would help")
    func none() throws {
        let verdict = try simulate(
            try Fixtures.scenario("halt:tier=pool,for=60s"),
            on: Fixtures.input([Fixtures.tier()], rates: [100]), options: seeking
        ).verdict
        #expect(verdict.cheapestChange == "none: no capacity helps while 'pool' is halted")
        #expect(verdict.cheapestChangeCost == nil)
    }
}

@Suite("Bursts from second to second")
struct BurstTests {
    /// The squared coefficient of variation of a queue's load, and its mean, over single histories.
    private func spread(_ input: WhatIfInput, _ name: String, seeds: ClosedRange<UInt64>) throws -> Double {
        var loads: [Double] = []
        for seed in seeds {
            // Two histories at least are simulated, and their mean has half the variance.
            var options = Fixtures.plain
            options.hasBursts = true
            options.seed = seed
            let rows = try simulate(try Fixtures.scenario("surge:x=1,hold=10m"), on: input, options: options)
                .timeline
            loads += rows.filter { ($0.shard ?? $0.tier) == name }.map(\.utilisation)
        }
        let mean = loads.reduce(0, +) / Double(loads.count)
        let variance = loads.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(loads.count)
        return 2 * variance / (mean * mean)
    }

    @Test("are stronger on a shard of one symbol than in the sum of all, as the correlation has it")
    func shards() throws {
        let gate = Fixtures.tier("gate", nodes: 500)
        let shard = Fixtures.tier("matching", kind: .shard, nodes: 2, meanSeconds: 1e-6)
        var input = Fixtures.input([gate, shard], rates: [119, 119], shards: 2)
        // One factor of ten seconds, which a second shows almost in full: rate variance 0.5.
        let profile = BurstProfile(
            measuredRatePerSecond: 119,
            points: [BurstProfile.Point(windowSeconds: 20, indexOfDispersion: 1 + 119 * 20 * 0.25)],
            origin: "test")
        for symbol in 0..<2 { input.symbols[symbol].bursts = profile }
        let alone = try spread(input, "matching-0", seeds: 1...20)
        let together = try spread(input, "gate", seeds: 1...20)
        let kappa = BurstProfile.commonShare(windowSeconds: 20)
        #expect(abs(together / alone - (1 + kappa) / 2) < 0.08)
        #expect(together < alone)
    }
}
