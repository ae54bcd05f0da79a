import Exchange
import Testing
import WhatIf

/// Kinds of disturbances, each against a figure worked out by hand: two servers of 1 ms hold 2000 orders a second, and
/// 1000 come.
@Suite("Causes of outages, against closed forms")
struct CauseTests {
    private static func verdict(_ events: String, rate: Double = 1000) throws -> Verdict {
        try simulate(
            Scenario(name: "test", events: [try Disturbance(text: events)]),
            on: Fixtures.input([Fixtures.tier()], rates: [rate]), options: Fixtures.plain
        ).verdict
    }

    private static func rows(_ events: String) throws -> [TimelineRow] {
        try simulate(
            Scenario(name: "test", events: [try Disturbance(text: events)]),
            on: Fixtures.input([Fixtures.tier()], rates: [1000]), options: Fixtures.plain
        ).timeline
    }

    @Test(
        "the backlog is the load over what is left, times how long",
        arguments: [
            // 15 s and 300 s of log at ten times the pace.
            ("crash:tier=pool,snapshot=10m,since=0.5,logged=1000,replay=10000,restart=15s", 45_000.0),
            // A leader is elected in 5 s where three of five members are left, and never where two are.
            ("quorum-loss:tier=pool,members=5,lost=2,for=60s", 5000.0),
            ("quorum-loss:tier=pool,members=5,lost=3,for=60s", 60_000.0),
            // Nothing for 30 s, then 500 a second for 60 s.
            ("region-loss:failover=30s,share=0.25,for=90s", 60_000.0),
            ("power-loss:share=0.75,for=60s,boot=30s", 45_000.0),
            ("misconfiguration:tier=pool,share=0.25,for=60s", 30_000.0),
            ("dependency:tier=pool,mode=stall,for=30s", 30_000.0),
            // Half of the work takes five times as long, all of it three times: 2000 / 3 are served.
            ("dependency:tier=pool,mode=slow,x=5,calls=0.5,for=60s", 20_000.0),
            ("slow-storage:tier=pool,x=1,stall=5s,every=30s,for=60s", 5000.0),
            ("funding:x=3,ramp=0s,hold=60s,decay=0s", 60_000.0),
        ])
    func backlog(event: String, expected: Double) throws {
        #expect(abs(try Self.verdict(event).peakBacklog.value / expected - 1) < 1e-6)
    }

    @Test("a maintenance lasts for its plan and its overrun")
    func maintenance() throws {
        let verdict = try Self.verdict("maintenance:tier=pool,count=1,for=60s,overrun=60s", rate: 1500)
        #expect(abs(verdict.peakBacklog.value - 120 * 500) < 1e-6)
    }

    @Test("lost packets leave a connection what Mathis' law does")
    func mathis() throws {
        // 1460 bytes in 10 ms times √(1.5 / 0.01): 14.3 Mbit/s, a quarter of what is needed.
        let bits = 1460 * 8 / 0.01 * (1.5 / 0.01).squareRoot()
        #expect(abs(bits - 14.305e6) < 1e3)
        let verdict = try Self.verdict("packet-loss:tier=pool,loss=0.01,rtt=10ms,mbps=57.22,for=60s")
        #expect(abs(verdict.peakBacklog.value / (60 * (1000 - 2000 * bits / 57.22e6)) - 1) < 1e-6)
    }

    @Test("lost packets delay messages by the timer, p / (1 − p) times in mean")
    func retransmission() throws {
        let rows = try Self.rows("packet-loss:tier=pool,loss=0.2,timer=200ms,rtt=1ms,mbps=1,start=10s")
        #expect(abs(rows[30].p50Seconds - rows[5].p50Seconds - 0.2 / 0.8 * 0.2) < 1e-6)
    }

    @Test("added latency is added, and costs no capacity")
    func latency() throws {
        let rows = try Self.rows("latency:tier=pool,add=50ms,start=10s")
        #expect(abs(rows[30].p50Seconds - rows[5].p50Seconds - 0.05) < 1e-6)
        #expect(rows[30].utilisation == rows[5].utilisation && rows[30].backlog == 0)
    }

    @Test("a deploy leaves the capacity of the nodes that it has not reached, and a fifth of the others'")
    func badDeploy() throws {
        let rows = try Self.rows("bad-deploy:tier=pool,x=5,percent=600,detect=5m,rollback=5m")
        let share = 6.0 / 3600 * 299
        #expect(abs(rows[299].utilisation - 0.5 / (1 - share + share / 5)) < 1e-9)
        // Half of the rollback takes half of the nodes that have it: a quarter of all is left.
        #expect(abs(rows[450].utilisation - 0.5 / (1 - 0.25 + 0.25 / 5)) < 1e-9)
    }

    @Test("a leak slows service evenly until the restart, and begins again")
    func memoryLeak() throws {
        let rows = try Self.rows("memory-leak:tier=pool,x=3,every=100s,restart=10s,for=220s")
        #expect(abs(rows[50].utilisation - 1) < 1e-9 && abs(rows[160].utilisation - 1) < 1e-9)
        #expect(abs(rows[109].backlog - rows[99].backlog - 10_000) < 1e-6)
    }

    @Test("records are lost by what was not on disk, and by the lag of the other region")
    func recordsLost() throws {
        let crash = try Self.verdict("crash:tier=pool,logged=1000,unsynced=2s")
        #expect(crash.rpoRecords.value == 2000)
        #expect(try Self.verdict("region-loss:lag=2s,for=10m").rpoRecords.value == 2000)
    }

    @Test("an attack is what caps, limits and filters leave of it")
    func attack() throws {
        let event = "ddos:class=order,clients=1000,rate=5,cap=500,limit=2,filtered=0.5,ramp=0s,hold=60s"
        #expect(abs(try Self.rows(event)[30].utilisation - (1000 + 500 * 2 * 0.5) / 2000) < 1e-9)
        let open = "ddos:class=order,clients=100,rate=5,ramp=0s,hold=60s"
        #expect(abs(try Self.rows(open)[30].utilisation - (1000 + 500) / 2000) < 1e-9)
    }

    @Test(
        "a new symbol loads the shard of the one that it is like",
        arguments: ["trades_per_second=500", "x=2.5"])
    func newSymbol(size: String) throws {
        let tier = Fixtures.tier("matching", kind: .shard, nodes: 2)
        let result = try simulate(
            try Fixtures.scenario("new-symbol:symbol=NEWUSDT,like=S1,\(size),ramp=0s,hold=60s"),
            on: Fixtures.input([tier], rates: [300, 200], shards: 2), options: Fixtures.plain)
        let rows = result.timeline.filter { $0.second == 30 }
        #expect(rows.map { ($0.utilisation * 1000).rounded() } == [300, 700])
    }

    @Test("a cascade comes to rest at m₀ + k F(m), and runs away where k exceeds the spread of margins")
    func cascade() throws {
        // Margins from 1 to 50 %; k = 20 %: m = 1 + 4 / (1 − 20/49), and F = (m − 1) / 49 = 4/29 of the interest.
        func orders(_ interest: String) throws -> Double {
            let event =
                "cascade:percent=5,interest=\(interest),depth=100000000,max=100,min=2,order=1000000,"
                + "elasticity=0,ramp=0s,hold=60s,decay=0s"
            return try Self.rows(event)[30].utilisation * 2000 - 1000
        }
        #expect(abs(try orders("2000000000") - 2000 * 4.0 / 29 / 60) < 1e-6)
        #expect(abs(try orders("10000000000") - 10_000.0 / 60) < 1e-6)
    }
}
