import Exchange
import Testing
import Units
import WhatIf

/// Classes that may wait, in what-ifs: the law by which the plan keeps no nodes for them.
@Suite("Work that may wait, in what-ifs")
struct DeferredWorkTests {
    /// A pool of nodes that do a second of work a second, under orders and queries of a millisecond each.
    private static func input(
        nodes: Int, trades: Double, orders: Double, queries: Double, _ criticality: Criticality?,
        behind: [Tier] = [], edges: [Topology.Edge] = []
    ) -> WhatIfInput {
        let time = ServiceTime(meanSeconds: 1e-3, coefficientOfVariation: 0)
        var tier = Fixtures.tier(nodes: nodes)
        tier.processing = [.order: time, .query: time]
        tier.criticality = criticality
        var input = Fixtures.input([tier], rates: [trades])
        input.symbols[0].mix = MessageMix(
            ordersPerTrade: orders, cancelsPerTrade: 0, queriesPerTrade: queries)
        input.topology = Topology(
            tiers: [tier] + behind, sources: [.order: "pool", .query: "pool"], edges: edges)
        return input
    }

    private static let queriesWait = Criticality(waiting: [.query: 1])
    private static let loss = "zone-loss:for=10m"

    @Test("during the loss of a zone queries wait, and are given back after it; orders do not notice")
    func givenBack() throws {
        // 6,500 orders and 3,500 queries a second: of 14 cores 7 are left, which do all orders and 500 queries.
        let scenario = try Fixtures.scenario(Self.loss)
        let waiting = Self.input(nodes: 14, trades: 500, orders: 13, queries: 7, Self.queriesWait)
        #expect(try simulate(scenario, on: waiting, options: Fixtures.plain).verdict.held)
        let whole = Self.input(nodes: 14, trades: 500, orders: 13, queries: 7, nil)
        #expect(try !simulate(scenario, on: whole, options: Fixtures.plain).verdict.held)

        let rows = try course(of: scenario, on: waiting, options: Fixtures.plain)
        let most = rows.map(\.backlog).max() ?? 0
        #expect(abs(most / (600 * 3000) - 1) < 0.005, "\(most)")
        // With all 14 cores up 4,000 more a second are done than come: 450 seconds.
        let last = try #require(rows.last { $0.backlog > 0 })
        #expect(abs(last.second - (600 + 450)) <= 3, "\(last.second)")
        let came = rows.reduce(0) { $0 + $1.fresh }
        #expect(abs(rows.reduce(0) { $0 + $1.served } / came - 1) < 1e-9)
        #expect(rows.allSatisfy { $0.lost == 0 && $0.failed == 0 })
        #expect(rows.allSatisfy { $0.utilisation < 1 + 1e-9 })
    }

    @Test("queries that nobody waits for any more are shed, and break no objective")
    func shed() throws {
        let input = Self.input(nodes: 14, trades: 500, orders: 13, queries: 7, Self.queriesWait)
        var options = Fixtures.plain
        options.timeoutSeconds = 30
        let scenario = try Fixtures.scenario(Self.loss)
        #expect(try simulate(scenario, on: input, options: options).verdict.held)
        // Of 3,500 a second 500 are done; those of the last 30 seconds still wait when the zone is back.
        let lost = try course(of: scenario, on: input, options: options).reduce(0) { $0 + $1.lost }
        #expect(abs(lost / (600 * 3000 - 30 * 3500) - 1) < 0.01, "\(lost)")
    }

    @Test("the lowest class is shed first")
    func lowestFirst() throws {
        // 5,000 orders, of which 40 % may wait, and 5,000 queries that all may: 7 cores do 3,000 orders that may not, then
        // the other 2,000, and 2,000 queries.
        let behind = [("orders", DemandClass.order), ("queries", .query)].map { name, demandClass in
            var tier = Fixtures.tier(name, nodes: 2, meanSeconds: 1e-5)
            tier.processing = [demandClass: ServiceTime(meanSeconds: 1e-5, coefficientOfVariation: 0)]
            return tier
        }
        let edges = [
            Topology.Edge(from: "pool", to: "orders", carries: [.order: 1]),
            Topology.Edge(from: "pool", to: "queries", carries: [.query: 1]),
        ]
        let criticality = Criticality(waiting: [.order: 0.4, .query: 1])
        #expect(criticality.lowestLast == [.order, .query])
        let input = Self.input(
            nodes: 14, trades: 500, orders: 10, queries: 10, criticality, behind: behind, edges: edges)
        let rows = try course(of: try Fixtures.scenario(Self.loss), on: input, options: Fixtures.plain)
        func passing(_ tier: String) -> Double? {
            rows.first { $0.tier == tier && $0.second == 300 }?.fresh
        }
        #expect(abs((passing("orders") ?? 0) / 5000 - 1) < 1e-6)
        #expect(abs((passing("queries") ?? 0) / 2000 - 1) < 1e-6)
    }

    @Test(
        "deferrable work moves off a peak where it may be done an hour later, and is late on fewer nodes",
        arguments: [
            // 20 busy cores, 100 for an hour; half of them may be done an hour later: 55 nodes do it, as in the plan.
            (56, 3600.0, true), (53, 3600, false), (56, 0, false), (115, 0, true),
        ])
    func movesOffThePeak(nodes: Int, deferSeconds: Double, holds: Bool) throws {
        let criticality = Criticality(waiting: [.query: 1], deferSeconds: deferSeconds)
        let input = Self.input(nodes: nodes, trades: 1000, orders: 10, queries: 10, criticality)
        var options = Fixtures.plain
        options.settleSeconds = 7200
        let scenario = try Fixtures.scenario("surge:x=5,ramp=0s,hold=1h,decay=0s")
        let verdict = try simulate(scenario, on: input, options: options).verdict
        #expect(verdict.held == holds, "\(verdict)")
    }
}
