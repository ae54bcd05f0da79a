import Exchange
import Testing
import WhatIf

@Suite("A history ends early only where nothing is left to come")
struct RestTests {
    /// A cell of a sweep, whose histories may end early, beside the same scenario to its end.
    private func pair(_ tier: Tier, rate: Double, _ key: String, _ value: String, _ event: String) throws
        -> (cell: Verdict, alone: Verdict)
    {
        let input = Fixtures.input([tier], rates: [rate])
        let map = try sweep(
            try Fixtures.scenario(event), over: [try SweepAxis(text: "\(key)=\(value)")], on: input,
            options: Fixtures.plain)
        let cell = try #require(map.cells.first)
        return (
            cell.verdict,
            try simulate(try Fixtures.scenario(event), on: input, options: Fixtures.plain).verdict
        )
    }

    @Test("clients who come back ten minutes later are waited for")
    func lateRetries() throws {
        // 1100 a second for 60 s find no room, and come back 600 s later on top of 1100: 2200, where 2000 are held.
        // Between the two, nothing waits and nobody comes again for longer than the window.
        var tier = Fixtures.tier()
        tier.rules.limitPerServer = 50
        tier.rules.retry = QueueRules.Retry(attemptsMax: 1, backoffSeconds: 600, jitter: 0)
        let (cell, alone) = try pair(tier, rate: 1100, "halt.for", "60s", "halt:tier=pool,for=60s")
        #expect(cell.minutesOverObjective == alone.minutesOverObjective)
        #expect(cell.service == alone.service && cell.peakBacklog == alone.peakBacklog)
        // Six minutes of the halt's window, and five of what comes back.
        #expect(cell.minutesOverObjective.value > 8)
    }

    @Test("cells that start from a common warm-up are those that go through it themselves")
    func commonWarmUp() throws {
        var input = Fixtures.input(
            [Fixtures.tier("a", nodes: 3), Fixtures.tier("b", nodes: 3)], rates: [900])
        input.symbols[0].bursts = .standard
        var options = Fixtures.plain
        (options.hasBursts, options.replications) = (true, 3)
        let scenario = try Fixtures.scenario("surge:x=3,ramp=10s,hold=100s,decay=10s")
        let map = try sweep(
            scenario, over: [try SweepAxis(text: "surge.x=3,4")], on: input, options: options)
        let alone = try simulate(scenario, on: input, options: options).verdict
        let cell = try #require(map.cells.first?.verdict)
        #expect(cell.minutesOverObjective == alone.minutesOverObjective)
        #expect(cell.peakBacklog == alone.peakBacklog && cell.shareRejected == alone.shareRejected)
    }

    @Test("the recovery time counts from the failure, not from the event")
    func recoveryFromFailure() throws {
        // At three times the load from 50 s on, a tenth of a second of work waits within the first second; 100,000 wait
        // at the end of the surge, and 200 are left 99.8 s later.
        let verdict = try simulate(
            try Fixtures.scenario(
                "latency:tier=pool,add=1ms,for=10s", "surge:x=3,ramp=0s,hold=100s,decay=0s,start=50s"),
            on: Fixtures.input([Fixtures.tier()], rates: [1000]), options: Fixtures.plain
        ).verdict
        let restored = try #require(verdict.service.restoredSeconds)
        #expect(abs(restored.value - 199.8) <= 1.5)
    }
}
