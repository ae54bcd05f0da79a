import Exchange
import Testing
import Units
import WhatIf

@Suite("Scenarios, against closed forms")
struct SimulationTests {
    @Test("a rectangle of load over capacity leaves the backlog, the time to break and the drain of a fluid")
    func rectangle() throws {
        // 2 servers of 1 ms hold 2000 a second; 1000 come, three times as many for 100 s.
        let input = Fixtures.input([Fixtures.tier()], rates: [1000])
        let result = try simulate(
            try Fixtures.scenario("surge:x=3,ramp=0s,hold=100s,decay=0s,start=50s"), on: input,
            options: Fixtures.plain)
        let verdict = result.verdict
        #expect(!verdict.held && verdict.firstTier == "pool" && verdict.bindingResource == .own("cores"))
        #expect(abs(verdict.peakBacklog.value - 100 * (3000 - 2000)) < 1e-6)
        // From there 1000 a second leave on balance, until a tenth of a second of work is left.
        let drain = try #require(verdict.drainSeconds)
        #expect(abs(drain.value - (100_000 - 200) / 1000) <= 1)
        // The window holds 1 % of late messages when some three seconds of surge are late: after 0.2 s of backlog.
        let broken = try #require(verdict.secondsToSaturation)
        #expect((1...4).contains(broken.value))
        #expect(verdict.shareRejected.value == 0)
    }

    @Test("the backlog of a trapezoid is its area over capacity")
    func trapezoid() throws {
        let input = Fixtures.input([Fixtures.tier()], rates: [1000])
        let result = try simulate(
            try Fixtures.scenario("surge:x=4,ramp=120s,hold=60s,decay=120s"), on: input,
            options: Fixtures.plain)
        // Over 2000 from a third of the ramp on: two triangles of 80 s and a rectangle, 2000 high.
        let area = 2000.0 * (60 + 80)
        #expect(abs(result.verdict.peakBacklog.value / area - 1) < 0.01)
    }

    @Test("a halt keeps what comes, starves what follows and then floods it")
    func halt() throws {
        let input = Fixtures.input(
            [Fixtures.tier("first", nodes: 4), Fixtures.tier("second", nodes: 2)], rates: [1000])
        let result = try simulate(
            try Fixtures.scenario("halt:tier=first,for=30s,start=10s"), on: input, options: Fixtures.plain)
        let first = result.timeline.filter { $0.tier == "first" }
        let second = result.timeline.filter { $0.tier == "second" }
        #expect(abs((first.map(\.backlog).max() ?? 0) - 30_000) < 1e-6)
        #expect(second[20].utilisation == 0)
        // 4000 a second come out of the first, twice what the second holds: it takes up the excess.
        #expect(abs(second[41].utilisation - 2) < 1e-9)
        #expect((second.map(\.backlog).max() ?? 0) > 15_000)
        #expect(result.verdict.firstTier == "first")
    }

    @Test("what clients give up is what has waited too long")
    func timeouts() throws {
        var options = Fixtures.plain
        options.timeoutSeconds = 5
        let result = try simulate(
            try Fixtures.scenario("halt:tier=pool,for=30s"),
            on: Fixtures.input([Fixtures.tier()], rates: [1000]), options: options)
        #expect(abs(result.verdict.peakBacklog.value - 5000) < 1e-6)
        // From 5000 on, 1000 a second less: late until a tenth of a second of work is left, 34 s after the start.
        #expect(abs(result.verdict.shareRejected.value / (25_000.0 / 34_000) - 1) < 1e-9)
    }

    @Test("doubling the service time is halving the nodes")
    func slowdown() throws {
        let slow = try simulate(
            try Fixtures.scenario("slowdown:tier=pool,x=2,for=60s"),
            on: Fixtures.input([Fixtures.tier(nodes: 4)], rates: [3000]), options: Fixtures.plain)
        let lost = try simulate(
            try Fixtures.scenario("node-loss:tier=pool,count=2,for=60s"),
            on: Fixtures.input([Fixtures.tier(nodes: 4)], rates: [3000]), options: Fixtures.plain)
        #expect(abs(slow.verdict.peakBacklog.value - 60_000) < 1e-6)
        #expect(slow.verdict.peakBacklog == lost.verdict.peakBacklog)
    }

    @Test("disturbances compose: nodes lost in a surge add up")
    func composition() throws {
        let result = try simulate(
            try Fixtures.scenario(
                "surge:x=2,ramp=0s,hold=60s,decay=0s", "node-loss:tier=pool,count=1,for=30s",
                "zone-loss:zone=b,for=30s"),
            on: Fixtures.input([Fixtures.tier(nodes: 4)], rates: [1500]), options: Fixtures.plain)
        // Zone b holds two of four nodes, one more is lost: 1000 a second for 30 s, then 4000, against 3000.
        let peak = result.verdict.peakBacklog.value
        #expect(abs(peak - 30 * (3000 - 1000)) < 1e-6)
    }

    @Test("an undisturbed exchange holds, and drains at once")
    func calm() throws {
        let result = try simulate(
            try Fixtures.scenario("surge:x=1.01,hold=10s"),
            on: Fixtures.input([Fixtures.tier()], rates: [1000]), options: Fixtures.plain)
        #expect(result.verdict.held && result.verdict.firstTier == nil)
        #expect(result.verdict.secondsToSaturation == nil && result.verdict.drainSeconds?.value == 0)
        #expect(result.verdict.minutesOverObjective.value == 0)
    }

    @Test("latency within a second is that of M/M/1", arguments: [0.3, 0.6, 0.8])
    func latency(load: Double) throws {
        let tier = Fixtures.tier(nodes: 1, latencySeconds: 10, variation: 1)
        let result = try simulate(
            try Fixtures.scenario("surge:x=1.0001,hold=1s"),
            on: Fixtures.input([tier], rates: [1000 * load]), options: Fixtures.plain)
        let row = try #require(result.timeline.first)
        // Lognormal service with the same two moments: the mean wait is that of M/M/1, and its tail is near.
        let median = 1e-3 * 0.6931 / (1 - load)
        let p99 = 1e-3 * 4.6052 / (1 - load)
        #expect(abs(row.p99Seconds / p99 - 1) < 0.3)
        #expect(abs(row.p50Seconds / median - 1) < 0.3)
    }

    @Test("a shard whose primary is lost pauses for the failover, and loses what its standby lacks")
    func failover() throws {
        let tier = Fixtures.tier("matching", kind: .shard, nodes: 2)
        let input = Fixtures.input([tier], rates: [300, 200, 100], shards: 2)
        var options = Fixtures.plain
        options.failoverSeconds = 4
        options.replicationLagSeconds = 0.1
        let result = try simulate(
            try Fixtures.scenario("node-loss:tier=matching,count=1,for=10m"), on: input, options: options)
        // Shard 0 holds 400 a second and is the busier one.
        #expect(abs(result.verdict.peakBacklog.value - 1600) < 1e-6)
        #expect(abs(result.verdict.rpoRecords.value - 40) < 1e-9)
        #expect(result.timeline.filter { $0.shard == "matching-1" }.allSatisfy { $0.backlog == 0 })
    }

    @Test("a listing hits the shard of its symbol, a flood no shard at all")
    func listing() throws {
        let tier = Fixtures.tier("matching", kind: .shard, nodes: 2)
        let input = Fixtures.input([tier], rates: [300, 200], shards: 2)
        let listing = try simulate(
            try Fixtures.scenario("listing:x=2,symbol=S1,others=1,ramp=0s,hold=60s"), on: input,
            options: Fixtures.plain)
        let rows = listing.timeline.filter { $0.second == 30 }
        #expect(rows.map { ($0.utilisation * 1000).rounded() } == [300, 400])
        let flood = try simulate(try Fixtures.scenario("flood:x=50"), on: input, options: Fixtures.plain)
        #expect(flood.verdict.held)
    }

    @Test("the change that is found holds, and one node less does not")
    func change() throws {
        let input = Fixtures.input([Fixtures.tier(nodes: 2)], rates: [1000])
        let scenario = try Fixtures.scenario("surge:x=6,ramp=1m,hold=10m")
        var options = Fixtures.plain
        options.seeksChange = true
        let verdict = try simulate(scenario, on: input, options: options).verdict
        // Six and a bit servers at a dollar, or two nodes of four at three dollars: six dollars, so the latter.
        #expect(verdict.cheapestChange == "pool: 2 × four instead of 2 × one")
        #expect(verdict.cheapestChangeCost == Money(dollars: (2 * 3 - 2 * 1) * 730))
        var changed = input
        changed.topology.tiers[0].shape = "four"
        #expect(try simulate(scenario, on: changed, options: Fixtures.plain).verdict.held)
        changed.topology.tiers[0].nodes = 1
        #expect(try !simulate(scenario, on: changed, options: Fixtures.plain).verdict.held)
    }

    @Test("one hot symbol on a single writer cannot be bought off, and that is said")
    func hotSymbol() throws {
        var options = Fixtures.plain
        options.seeksChange = true
        let tier = Fixtures.tier("matching", kind: .shard, nodes: 1)
        let verdict = try simulate(
            try Fixtures.scenario("surge:x=4,hold=10m"), on: Fixtures.input([tier], rates: [500, 10]),
            options: options
        ).verdict
        #expect(verdict.cheapestChangeCost == nil)
        #expect(verdict.cheapestChange?.contains("no number of shards of 'matching' would hold") == true)
    }

    @Test("bursts break what the mean would hold")
    func bursts() throws {
        var input = Fixtures.input([Fixtures.tier(nodes: 2)], rates: [1200])
        let scenario = try Fixtures.scenario("surge:x=1.2,hold=10m")
        var options = Fixtures.plain
        options.hasBursts = true
        options.replications = 20
        #expect(try simulate(scenario, on: input, options: options).verdict.held)
        input.symbols[0].bursts = .standard
        let verdict = try simulate(scenario, on: input, options: options).verdict
        #expect(!verdict.held && verdict.peakBacklog.hi > verdict.peakBacklog.lo)
    }

    @Test("the result does not depend on the threads")
    func threads() throws {
        var input = Fixtures.input([Fixtures.tier(nodes: 2)], rates: [1200])
        input.symbols[0].bursts = .standard
        let results = try [1, 2].map { threads in
            var options = Fixtures.plain
            options.hasBursts = true
            options.threads = threads
            return try simulate(try Fixtures.scenario("surge:x=1.5,hold=2m"), on: input, options: options)
        }
        #expect(results[0].verdict == results[1].verdict && results[0].timeline == results[1].timeline)
    }
}
