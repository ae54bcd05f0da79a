import Exchange
import Testing
import Units
import WhatIf

@Suite("What flows between tiers")
struct FlowTests {
    /// The standard exchange with smooth arrivals, three symbols on three shards.
    static func standard(trades: [Double] = [40, 20, 10], shards: Int = 3) -> WhatIfInput {
        let symbols = trades.indices.map { index in
            SymbolDemand(
                id: SeriesID(kind: "trades", venue: "test", name: "S\(index)"), mix: .standard,
                bursts: BurstProfile(measuredRatePerSecond: 1, points: [], origin: "Poisson"))
        }
        let sizes: [(name: String, cores: Int)] = [
            ("large", 1), ("xlarge", 2), ("2xlarge", 4), ("4xlarge", 8),
        ]
        var shapes: [Shape] = []
        for (family, price) in [("c7i", 0.09), ("i4i", 0.17)] {
            for size in sizes {
                let hour = price * Double(size.cores)
                shapes.append(
                    Shape(
                        name: "\(family).\(size.name)", cores: size.cores, memoryGiB: 4, networkGbps: 1,
                        onDemandPerHour: Money(dollars: hour), reservedPerHour: Money(dollars: hour / 2),
                        warmUpSeconds: 60))
            }
        }
        return WhatIfInput(
            topology: .standard, catalogue: Catalogue(source: "test", shapes: shapes),
            placements: [
                "matching": Placement(
                    shardCount: shards, shardOfSymbol: trades.indices.map { $0 % shards })
            ], zones: ["a", "b", "c"], symbols: symbols, tradesPerSecond: trades)
    }

    @Test(
        "no trade reaches the ledger while orders reach no engine, and all of them do afterwards",
        arguments: ["matching", "gateway", "risk"])
    func tradesNeedOrders(tier: String) throws {
        let result = try simulate(
            try Fixtures.scenario("halt:tier=\(tier),for=20s,start=10s"), on: Self.standard(),
            options: Fixtures.plain)
        let ledger = result.timeline.filter { $0.tier == "ledger" }
        #expect(ledger[20].utilisation == 0)
        // What passes in the end is what came in: 70 trades a second, two records of 250 µs each, on two cores.
        let work = ledger.prefix(200).reduce(0) { $0 + $1.utilisation }
        #expect(abs(work / (200 * 70 * 2 * 250e-6 / 2) - 1) < 1e-6)
    }

    @Test("every figure of a timeline is finite, halted or not")
    func finite() throws {
        let result = try simulate(
            try Fixtures.scenario(
                "halt:tier=matching,for=20s", "zone-loss", "node-loss:tier=gateway,count=99"),
            on: Self.standard(), options: Fixtures.plain)
        #expect(
            result.timeline.allSatisfy {
                [$0.utilisation, $0.backlog, $0.p50Seconds, $0.p999Seconds, $0.shareRejected].allSatisfy(
                    \.isFinite)
            })
    }

    @Test("nodes that are lost make nobody slower who need not wait")
    func idleLatency() throws {
        let input = Fixtures.input([Fixtures.tier(nodes: 8)], rates: [10])
        let result = try simulate(
            try Fixtures.scenario("node-loss:tier=pool,count=4,for=60s,start=10s"), on: input,
            options: Fixtures.plain)
        #expect(abs(result.timeline[30].p50Seconds / result.timeline[5].p50Seconds - 1) < 0.01)
    }

    @Test("a single writer whose zones are all lost stays down; so does a database without nodes")
    func nothingLeft() throws {
        let shard = Fixtures.tier("matching", kind: .shard, nodes: 2)
        let zones = try simulate(
            try Fixtures.scenario("zone-loss:zone=a,for=60s", "zone-loss:zone=b,for=60s"),
            on: Fixtures.input([shard], rates: [100], shards: 1), options: Fixtures.plain)
        #expect(abs(zones.verdict.peakBacklog.value - 6000) < 1e-6)
        let store = Fixtures.tier("ledger", kind: .store, nodes: 3)
        let nodes = try simulate(
            try Fixtures.scenario("node-loss:tier=ledger,count=3,for=60s"),
            on: Fixtures.input([store], rates: [100]), options: Fixtures.plain)
        #expect(abs(nodes.verdict.peakBacklog.value - 6000) < 1e-6)
    }

    @Test("what waited upstream goes to the shard of its own symbol")
    func ownShard() throws {
        // While the gate is shut S1 surges; when it opens, demand is even again.
        let gate = Fixtures.tier("gate", nodes: 50)
        let shard = Fixtures.tier("matching", kind: .shard, nodes: 2)
        let result = try simulate(
            try Fixtures.scenario(
                "halt:tier=gate,for=20s", "surge:x=11,ramp=0s,hold=20s,decay=0s,symbols=S1"),
            on: Fixtures.input([gate, shard], rates: [100, 100], shards: 2), options: Fixtures.plain)
        let work = ["matching-0", "matching-1"].map { name in
            result.timeline.filter { $0.shard == name }.prefix(100).reduce(0) { $0 + $1.utilisation * 1000 }
        }
        #expect(abs(work[0] - 100 * 100) < 1e-3 && abs(work[1] - (20 * 1100 + 80 * 100)) < 1e-3)
    }

    @Test("a topology that cannot be is refused")
    func impossible() throws {
        var input = Fixtures.input([Fixtures.tier("one"), Fixtures.tier("two")], rates: [10])
        input.topology.edges.append(Topology.Edge(from: "two", to: "one", carries: [.order: 1]))
        let scenario = try Fixtures.scenario("halt:tier=one")
        #expect(throws: WhatIfError.self) { try simulate(scenario, on: input, options: Fixtures.plain) }
    }
}
