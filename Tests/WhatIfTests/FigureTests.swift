import Exchange
import Testing
import Units
import WhatIf

@Suite("What the figures of a verdict are of")
struct FigureTests {
    /// Four servers of 1 ms under standard bursts, surging mildly.
    private func bursting(rate: Double, _ events: String...) throws -> Verdict {
        var input = Fixtures.input([Fixtures.tier(nodes: 4)], rates: [rate])
        input.symbols[0].bursts = .standard
        var options = Fixtures.plain
        options.hasBursts = true
        options.replications = 40
        let scenario = Scenario(name: "test", events: try events.map { try Disturbance(text: $0) })
        return try simulate(scenario, on: input, options: options).verdict
    }

    @Test("the share that broke is of all histories, medians and ranges are of those that did")
    func sharesAndMedians() throws {
        // The least demand at which some histories break and some do not.
        let verdict = try #require(
            try stride(from: 200.0, through: 3000, by: 40).lazy
                .map { try bursting(rate: $0, "surge:x=1.3,ramp=0s,hold=10m,decay=0s") }
                .first { (0.1...0.9).contains($0.shareBroken.value) })
        let share = verdict.shareBroken
        #expect(share.lo < share.value && share.value < share.hi)
        // Of all histories, the lower end would be 0: those that held were over no objective at all.
        #expect(verdict.minutesOverObjective.lo >= 1.0 / 60)
        #expect(verdict.minutesOverObjective.value <= verdict.minutesOverObjective.hi)
        // A mean over all is less than any mean over those that broke can be.
        #expect(verdict.expectedMinutesOverObjective >= share.value / 60)
        #expect(verdict.expectedMinutesOverObjective < verdict.minutesOverObjective.hi)
    }

    @Test("an exchange that is broken before an event is said to be, and the event is not blamed")
    func brokenBefore() throws {
        let scenario = try Fixtures.scenario("surge:x=2,start=10m,ramp=0s,hold=60s,decay=0s")
        // 3000 a second for two servers that hold 2000.
        let broken = try simulate(
            scenario, on: Fixtures.input([Fixtures.tier()], rates: [3000]), options: Fixtures.plain
        ).verdict
        #expect(!broken.held && broken.shareBroken.value == 1)
        #expect(broken.firstTier == nil && broken.secondsToSaturation == nil)
        #expect(broken.bindingResource == nil)
        #expect(!broken.baseline.held && broken.baseline.shareBroken.value == 1)
        #expect(broken.baseline.firstTier == "pool")
        #expect(broken.baseline.expectedMinutesOverObjective > 10)
        // 1500 a second are held, and twice as many are not.
        let sound = try simulate(
            scenario, on: Fixtures.input([Fixtures.tier()], rates: [1500]), options: Fixtures.plain
        ).verdict
        #expect(!sound.held && sound.firstTier == "pool" && sound.baseline.held)
        #expect(sound.baseline.shareBroken.value == 0 && sound.baseline.firstTier == nil)
        #expect(sound.baseline.expectedMinutesOverObjective == 0)
    }

    @Test("the tier that breaks first and those of the worst figures are told apart")
    func tiers() throws {
        // At three times the load, a fifteenth of messages are over the first tier's 2 ms; the second lets 60 s pass, and
        // 1000 too many a second pile up there.
        let tiers = [
            Fixtures.tier("first", nodes: 4, latencySeconds: 0.002),
            Fixtures.tier("second", nodes: 2, latencySeconds: 60),
        ]
        let verdict = try simulate(
            try Fixtures.scenario("surge:x=3,ramp=0s,hold=60s,decay=0s"),
            on: Fixtures.input(tiers, rates: [1000]), options: Fixtures.plain
        ).verdict
        #expect(verdict.firstTier == "first")
        #expect(verdict.peakBacklogTier == "second" && verdict.p99MaxTier == "second")
        #expect(abs(verdict.peakBacklog.value - 60_000) < 1e-6)
    }

    @Test("shares given up and affected are of the same trades")
    func oneDenominator() throws {
        // Shard 0 stands still for 60 s, and its clients wait for 4 s: 56 s of 300 a second are given up. It is late for
        // one second more, while all 400 trades a second go on to come.
        let tier = Fixtures.tier("matching", kind: .shard, nodes: 2)
        var options = Fixtures.plain
        options.failoverSeconds = 60
        options.timeoutSeconds = 4
        let verdict = try simulate(
            try Fixtures.scenario("node-loss:tier=matching,count=1,for=60s"),
            on: Fixtures.input([tier], rates: [300, 100], shards: 2), options: options
        ).verdict
        #expect(abs(verdict.shareRejected.value - 56.0 * 300 / (61 * 400)) < 1e-6)
        #expect(abs(verdict.shareNotionalAffected.value - 0.75) < 1e-6)
    }

    @Test("without a backlog there is nothing to drain, whenever the event begins")
    func nothingToDrain() throws {
        let verdict = try simulate(
            try Fixtures.scenario("surge:x=1.01,start=50s,hold=10s"),
            on: Fixtures.input([Fixtures.tier()], rates: [1000]), options: Fixtures.plain
        ).verdict
        #expect(verdict.drainSeconds == Estimate(exactly: 0))
    }

    @Test("nobody waits longer than a client does", arguments: [nil, 2.0])
    func patience(ofTier: Double?) throws {
        var tier = Fixtures.tier()
        tier.rules.timeoutSeconds = ofTier
        var options = Fixtures.plain
        options.timeoutSeconds = 5
        let result = try simulate(
            try Fixtures.scenario("halt:tier=pool,for=60s"), on: Fixtures.input([tier], rates: [1000]),
            options: options)
        #expect(result.verdict.p99MaxSeconds == Estimate(exactly: ofTier ?? 5))
        #expect(result.timeline.allSatisfy { $0.p999Seconds <= ofTier ?? 5 })
    }
}

@Suite("Common random numbers")
struct CommonNumberTests {
    private static let base = "surge:x=1.3,ramp=1m,hold=5m,decay=1m"

    private func run(_ events: [String]) throws -> WhatIfResult {
        var input = Fixtures.input(
            [Fixtures.tier("first", nodes: 4), Fixtures.tier("second", nodes: 4)], rates: [700, 300])
        for symbol in input.symbols.indices { input.symbols[symbol].bursts = .standard }
        var options = Fixtures.plain
        options.hasBursts = true
        options.replications = 12
        return try simulate(
            Scenario(name: "test", events: try events.map { try Disturbance(text: $0) }), on: input,
            options: options)
    }

    /// Whether every queue has as much load and backlog in every second, rounding aside.
    private func isNoLess(_ more: WhatIfResult, than less: WhatIfResult) -> Bool {
        zip(more.timeline, less.timeline).allSatisfy { one, other in
            one.utilisation >= other.utilisation * (1 - 1e-9)
                && one.backlog >= other.backlog - 1e-6 * max(1, other.backlog)
        }
    }

    @Test(
        "more demand is no less load and backlog in any second",
        arguments: ["surge:x=3,start=5m,ramp=10s,hold=2m", "listing:x=5,others=1,start=1m,hold=5m"])
    func demand(added: String) throws {
        let less = try run([Self.base])
        let more = try run([Self.base, added])
        #expect(isNoLess(more, than: less))
        #expect(more.timeline != Array(less.timeline.prefix(more.timeline.count)))
    }

    @Test("a surge that grows is no less load and backlog in any second")
    func growth() throws {
        var last = try run(["surge:x=1,hold=5m"])
        for factor in [1.2, 1.9, 2.1, 4, 20] {
            let next = try run(["surge:x=\(factor),hold=5m"])
            #expect(isNoLess(next, than: last), "at \(factor)")
            last = next
        }
    }

    @Test(
        "less capacity breaks no fewer histories, for no fewer minutes",
        arguments: ["slowdown:tier=second,x=3,for=4m", "node-loss:tier=first,count=3,for=4m"])
    func capacity(added: String) throws {
        let less = try run([Self.base]).verdict
        let more = try run([Self.base, added]).verdict
        #expect(more.shareBroken.value >= less.shareBroken.value)
        #expect(more.expectedMinutesOverObjective >= less.expectedMinutesOverObjective)
        #expect(more.baseline == less.baseline)
    }
}
