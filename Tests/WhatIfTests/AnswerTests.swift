import Exchange
import Testing
import WhatIf

@Suite("Sweeps, searches and comparisons")
struct AnswerTests {
    private static let input = Fixtures.input([Fixtures.tier()], rates: [1000])
    private static let surge = "surge:x=3,ramp=0s,hold=100s,decay=0s"

    @Test(
        "an axis has every step, the last included",
        arguments: [
            ("surge.x=1:3:0.5", ["1", "1.5", "2", "2.5", "3"]),
            ("surge.x=0.1:0.3:0.1", ["0.1", "0.2", "0.3"]),
            ("halt.for=30s:2m:30s", ["30s", "60s", "90s", "120s"]),
            ("node-loss.count=0:4:2", ["0", "2", "4"]), ("halt.tier=risk,matching", ["risk", "matching"]),
        ])
    func axis(text: String, values: [String]) throws {
        #expect(try SweepAxis(text: text).values == values)
    }

    @Test(
        "what cannot be swept is refused with a near miss",
        arguments: [
            ("surge.y=1:2:1", "'surge' has no key 'y'"), ("sruge.x=1:2:1", "did you mean 'surge'?"),
            ("surge.x=3:1:1", "FROM:TO:STEP"), ("surge.x", "KEY=FROM:TO:STEP"), ("x=1:2:1", "EVENT.KEY"),
        ])
    func refused(text: String, part: String) {
        let error = #expect(throws: ScenarioError.self) { try SweepAxis(text: text) }
        #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
    }

    @Test("a cell is what its scenario comes to alone")
    func cellsAgree() throws {
        let scenario = try Fixtures.scenario(Self.surge, "node-loss:tier=pool,count=1,for=60s")
        let axes = [
            try SweepAxis(text: "surge.x=1:4:1"), try SweepAxis(text: "node-loss.count=0:1:1"),
        ]
        let map = try sweep(scenario, over: axes, on: Self.input, options: Fixtures.plain)
        #expect(map.cells.map(\.values).prefix(3) == [["1", "0"], ["1", "1"], ["2", "0"]])
        for cell in map.cells {
            let alone = try simulate(
                try Fixtures.scenario(
                    "surge:x=\(cell.values[0]),ramp=0s,hold=100s,decay=0s",
                    "node-loss:tier=pool,count=\(cell.values[1]),for=60s"),
                on: Self.input, options: Fixtures.plain
            ).verdict
            let verdict = cell.verdict
            #expect(verdict.held == alone.held && verdict.firstTier == alone.firstTier, "\(cell.values)")
            #expect(verdict.peakBacklog == alone.peakBacklog && verdict.drainSeconds == alone.drainSeconds)
            #expect(verdict.minutesOverObjective == alone.minutesOverObjective)
            #expect(verdict.service == alone.service)
        }
        #expect(map.baseline.held)
    }

    @Test("cells do not depend on the threads, and bursts break more at more")
    func threads() throws {
        var input = Self.input
        input.symbols[0].bursts = .standard
        let maps = try [1, 2].map { threads in
            var options = Fixtures.plain
            (options.hasBursts, options.threads, options.replications) = (true, threads, 4)
            return try sweep(
                try Fixtures.scenario(Self.surge), over: [try SweepAxis(text: "surge.x=1:9:4")], on: input,
                options: options)
        }
        #expect(maps[0].cells == maps[1].cells)
        #expect(maps[0].cells.last?.verdict.shareBroken.value == 1)
    }

    @Test("a sweep over nodes finds those that hold, and one over an event that is missing adds it")
    func nodes() throws {
        // 2500 a second at the height.
        let scenario = try Fixtures.scenario("surge:x=2.5,ramp=0s,hold=100s,decay=0s")
        let map = try sweep(
            scenario, over: [try SweepAxis(text: "nodes.pool=1:4:1")], on: Self.input,
            options: Fixtures.plain)
        #expect(map.cells.map(\.verdict.held) == [false, false, true, true])
        let added = try sweep(
            Scenario(name: "none", events: []), over: [try SweepAxis(text: "surge.x=1:5:4")],
            on: Self.input, options: Fixtures.plain)
        #expect(added.cells.map(\.verdict.held) == [true, false])
        #expect(throws: ScenarioError.self) {
            try sweep(
                scenario, over: [try SweepAxis(text: "halt.for=10s:20s:10s")], on: Self.input,
                options: Fixtures.plain)
        }
    }

    @Test("the largest surge that holds is the capacity over the load, within a percent")
    func limitOfSurge() throws {
        let limit = try findLimit(
            "surge.x", of: try Fixtures.scenario(Self.surge), on: Self.input, options: Fixtures.plain)
        let holds = try #require(limit.holds.flatMap { Double($0) })
        let breaks = try #require(limit.breaks.flatMap { Double($0) })
        #expect((1.95...2.01).contains(holds) && (1.97...2.05).contains(breaks))
        #expect(breaks > holds && breaks / holds < 1.0102 && limit.firstTier == "pool")
    }

    @Test("counts are found to the last one, whether more of them helps or harms")
    func limitOfCounts() throws {
        // Six nodes hold 6000 a second; 2500 come.
        let lost = try findLimit(
            "node-loss.count", of: try Fixtures.scenario("node-loss:tier=pool,count=1,for=10m"),
            on: Fixtures.input([Fixtures.tier(nodes: 6)], rates: [2500]), options: Fixtures.plain)
        #expect(lost.holds == "3" && lost.breaks == "4" && lost.tolerance == 1)
        let nodes = try findLimit(
            "nodes.pool", of: try Fixtures.scenario("surge:x=2.5,ramp=0s,hold=100s,decay=0s"),
            on: Self.input, options: Fixtures.plain)
        #expect(nodes.holds == "3" && nodes.breaks == "2")
    }

    @Test("the size of a surge matters more than its length, and ends of keys are kept")
    func tornadoOfSurge() throws {
        let found = try tornado(
            of: try Fixtures.scenario(Self.surge), on: Self.input, options: Fixtures.plain)
        #expect(found.bars.map(\.key) == ["surge.x", "surge.hold"])
        #expect(found.bars[0].low.values == ["1.5"] && found.bars[0].high.values == ["6"])
        #expect(found.bars[0].low.verdict.held && found.bars[1].low.values == ["50s"])
    }

    @Test("a scenario differs from itself in no history, and from a larger one in its minutes")
    func comparison() throws {
        let (small, large) = (try Fixtures.scenario("surge:x=1"), try Fixtures.scenario(Self.surge))
        let same = try compare(large, large, on: Self.input, options: Fixtures.plain)
        #expect(same.minutesMore.value == 0 && same.onlyFirstBreaks == 0 && same.first == same.second)
        let other = try compare(small, large, on: Self.input, options: Fixtures.plain)
        #expect(other.onlySecondBreaks == 2 && other.onlyFirstBreaks == 0)
        #expect(other.minutesMore.value == other.second.expectedMinutesOverObjective)
    }

    @Test("what does not recover by itself does when demand is shed to what leaves room for the backlog")
    func shed() throws {
        // 1800 a second for 600 s against 1000 leave 480,000; in 1800 s they clear where 267 a second are to spare: at up
        // to 733 a second of 900, so at 80 % of the demand.
        var options = Fixtures.plain
        options.seeksChange = true
        let verdict = try simulate(
            try Fixtures.scenario("surge:x=2,ramp=0s,hold=10m,decay=0s"),
            on: Fixtures.input([Fixtures.tier(nodes: 1)], rates: [900]), options: options
        ).verdict
        #expect(!verdict.recovers && verdict.shedTo == 0.8)
    }

    @Test("ten minutes of late orders are ten minutes of outage, posted after the first")
    func statusPage() throws {
        let verdict = try simulate(
            try Fixtures.scenario("latency:tier=pool,add=200ms,for=10m"), on: Self.input,
            options: Fixtures.plain
        ).verdict
        let service = verdict.service
        #expect(service.degradedMinutes.value == 10 && service.outageMinutes.value == 10)
        #expect(service.postSeconds?.value == 60 && service.restoredSeconds?.value == 600)
        // The second in which the event ends is the first without late orders, and the last that counts.
        #expect(abs(service.shareOfOrders.value - 600.0 / 601) < 1e-9)
        #expect(abs(service.ordersFailed.value - 600_000) < 1e-3)
        #expect(verdict.shareFirst == 1 && verdict.recovers)
    }

    @Test("events that do nothing leave every figure as it is")
    func nothing() throws {
        var input = Self.input
        input.symbols[0].bursts = .standard
        var options = Fixtures.plain
        options.hasBursts = true
        let timelines = try [
            "surge:x=1,ramp=0s,hold=10m,decay=0s", "flood:x=1,ramp=0s,hold=10m,decay=0s",
            "bandwidth:tier=pool,share=1,for=10m", "node-loss:tier=pool,count=0,for=10m",
        ].map { try simulate(try Fixtures.scenario($0), on: input, options: options).timeline }
        for timeline in timelines.dropFirst() { #expect(timeline == timelines[0]) }
    }
}
