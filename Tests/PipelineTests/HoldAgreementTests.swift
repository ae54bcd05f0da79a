import Exchange
import Pipeline
import Planning
import Replay
import Reporting
import Testing
import Units
import WhatIf

/// A plan that has to hold a surge, beside the what-if of the same event on it.
@Suite("Surges to hold, in plans and what-ifs")
struct HoldAgreementTests {
    private static let event = "surge:x=5,ramp=1m,hold=10m,decay=4m"

    private static func tier(
        _ name: String, _ kind: TierKind, microseconds: Double, latencySeconds: Double, nodes: Int
    ) -> Tier {
        Tier(
            name: name, kind: kind,
            service: [.order: ServiceTime(meanSeconds: microseconds * 1e-6, coefficientOfVariation: 1)],
            objective: Objective(quantile: 0.99, latencySeconds: latencySeconds), nodes: nodes, shape: "one")
    }

    /// Three servers busy at the gateway in the busiest hour, on nodes of one.
    private static func file(hold: [String]) throws -> PlanFile {
        var file = try PlanFile()
        let tiers = [
            tier("gateway", .pool, microseconds: 500, latencySeconds: 20e-3, nodes: 6),
            tier("matching", .shard, microseconds: 10, latencySeconds: 5e-3, nodes: 1),
            tier("ledger", .store, microseconds: 20, latencySeconds: 20e-3, nodes: 3),
        ]
        file.topology = Topology(
            tiers: tiers, sources: [.order: "gateway"],
            edges: zip(tiers, tiers.dropFirst()).map {
                Topology.Edge(from: $0.name, to: $1.name, carries: [.order: 1])
            })
        file.catalogue = Catalogue(
            source: "test",
            shapes: [
                Shape(
                    name: "one", cores: 1, memoryGiB: 4, networkGbps: 1,
                    onDemandPerHour: Money(dollars: 0.1), reservedPerHour: Money(dollars: 0.06),
                    warmUpSeconds: 60)
            ])
        file.bursts = .poisson
        file.options.probabilityBrokenAllowed = 0.1
        file.options.hold = hold
        return file
    }

    /// Two symbols of 4,000 and 2,000 orders a second in the busiest hour, the paths a tenth apart.
    private static func demand() -> DemandPaths {
        let none = BurstProfile(measuredRatePerSecond: 0, points: [], origin: "none")
        let paths = 20
        var values: [Double] = []
        for path in 0..<paths {
            for level in [4000.0, 2000] {
                for hour in [0.8, 1, 0.6] { values.append(level * hour * (0.95 + 0.005 * Double(path))) }
            }
        }
        return DemandPaths(
            symbols: ["A", "B"].map {
                SymbolDemand(
                    id: SeriesID(kind: "trades", venue: "test", name: $0),
                    mix: MessageMix(ordersPerTrade: 1, cancelsPerTrade: 0, queriesPerTrade: 0), bursts: none)
            }, start: Timestamp(seconds: 1_772_409_600), stepSeconds: 3600, stepCount: 3, pathCount: paths,
            tradesPerSecond: values)
    }

    private static func verdict(_ plan: Plan, _ file: PlanFile, _ demand: DemandPaths) throws -> Verdict {
        var options = file.whatIfOptions(threads: 2)
        options.seeksChange = false
        options.settleSeconds = 600
        let scenario = Scenario(name: "surge", events: [try Disturbance(text: event)])
        return try simulate(
            scenario, on: .planned(plan, demand: demand, plan: file), options: options
        ).verdict
    }

    @Test("the surge holds on the plan that has to hold it, and not on the one that has not")
    func agree() throws {
        let demand = Self.demand()
        func planned(_ hold: [String]) throws -> (plan: Plan, verdict: Verdict) {
            let file = try Self.file(hold: hold)
            let plan = try Planner(options: file.optionsHolding(demand)).plan(
                demand: demand, topology: file.topology, catalogue: file.catalogue,
                capacity: SimulatedCapacity(seed: 1))
            #expect(plan.isFeasible, "\(plan.findings)")
            return (plan, try Self.verdict(plan, file, demand))
        }
        let without = try planned([])
        #expect(!without.verdict.held && without.verdict.firstTier == "gateway", "\(without.verdict)")
        #expect(without.plan.holds.isEmpty)
        let held = try planned([Self.event])
        #expect(held.verdict.held, "\(held.verdict)")
        let rows = held.plan.holds
        #expect(rows.map(\.tier) == ["gateway", "matching", "ledger", nil])
        #expect(rows.map(\.way) == [.floor, .planned, .planned, .floor], "\(rows)")
        #expect(held.plan.totalCost - without.plan.totalCost == rows.last?.extraCost)
        let sentence = try #require(rows.last?.priceSentence)
        #expect(sentence.hasPrefix("holding \(Self.event) costs ") && sentence.hasSuffix(" USD a month more"))
    }

    @Test("a surge of symbols that there are not is refused")
    func unknownSymbols() throws {
        let file = try Self.file(hold: ["surge:x=5,symbols=NONE*"])
        #expect(throws: WhatIfError.self) { try file.optionsHolding(Self.demand()) }
    }

    @Test("of events, trades, messages by class and messages on top become what has to be held")
    func effects() throws {
        let file = try Self.file(hold: [
            "listing:x=8,others=2", "flood:x=4", "reconnect:clients=300,spread=10s",
        ])
        let surges = try file.optionsHolding(Self.demand()).surges
        #expect(surges.map(\.event) == file.options.hold)
        let (listed, others) = (SIMD4<Double>(repeating: 8), SIMD4<Double>(repeating: 2))
        #expect(surges[0].factors.map(\.perSecond) == [listed, others] && surges[0].rampSeconds == 60)
        #expect(surges[1].factors.allSatisfy { $0.perSecond == SIMD4(1, 1, 4, 1) })
        #expect(surges[2].factors.allSatisfy { $0.perSecond == SIMD4(repeating: 1) })
        #expect(surges[2].extraPerSecond.perSecond == SIMD4(0, 0, 90, 0))
    }
}
