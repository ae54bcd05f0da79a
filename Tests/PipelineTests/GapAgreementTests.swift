import Exchange
import Pipeline
import Planning
import Replay
import Reporting
import Testing
import Units
import WhatIf

/// What a plan says of the moment in which a node or a zone is lost, beside the what-ifs of the same losses on it.
@Suite("Failover, in plans and what-ifs")
struct GapAgreementTests {
    /// A small exchange and how its standbys take over.
    struct Case: Sendable, CustomTestStringConvertible {
        var failoverSeconds: Double
        /// The objectives of the single writers and of the database.
        var matching: Double
        var ledger: Double
        var hasGateway = true
        var isBursty = false
        var breaksMatching: Bool
        var breaksLedger: Bool

        var testDescription: String {
            "\(failoverSeconds) s, \(matching) and \(ledger), bursts \(isBursty)"
        }
    }

    static let cases = [
        Case(failoverSeconds: 1, matching: 0.99, ledger: 0.99, breaksMatching: false, breaksLedger: false),
        Case(failoverSeconds: 5, matching: 0.99, ledger: 0.99, breaksMatching: true, breaksLedger: true),
        Case(
            failoverSeconds: 5, matching: 0.95, ledger: 0.95, hasGateway: false, breaksMatching: false,
            breaksLedger: false),
        Case(
            failoverSeconds: 2, matching: 0.999, ledger: 0.95, breaksMatching: true,
            breaksLedger: false),
        Case(
            failoverSeconds: 20, matching: 0.9, ledger: 0.9, breaksMatching: false,
            breaksLedger: false),
        Case(
            failoverSeconds: 10, matching: 0.99, ledger: 0.99, hasGateway: false, isBursty: true,
            breaksMatching: true, breaksLedger: true),
        Case(
            failoverSeconds: 1, matching: 0.9, ledger: 0.9, hasGateway: false, isBursty: true,
            breaksMatching: false, breaksLedger: false),
    ]

    private static let catalogue = Catalogue(
        source: "test",
        shapes: [
            Shape(
                name: "one", cores: 1, memoryGiB: 4, networkGbps: 1, onDemandPerHour: Money(dollars: 0.1),
                reservedPerHour: Money(dollars: 0.06), warmUpSeconds: 60)
        ])

    private static func tier(
        _ name: String, _ kind: TierKind, microseconds: Double, latencySeconds: Double, quantile: Double,
        nodes: Int
    ) -> Tier {
        Tier(
            name: name, kind: kind,
            service: [
                .order: ServiceTime(meanSeconds: microseconds * 1e-6, coefficientOfVariation: 1)
            ],
            objective: Objective(quantile: quantile, latencySeconds: latencySeconds), nodes: nodes,
            shape: "one")
    }

    private static func topology(_ given: Case) -> Topology {
        let gateway = tier(
            "gateway", .pool, microseconds: 500, latencySeconds: 20e-3, quantile: 0.99, nodes: 3)
        // Bursts alone keep other objectives than none do.
        let (fast, slow) = given.isBursty ? (0.5, 0.5) : (5e-3, 20e-3)
        let tiers =
            (given.hasGateway ? [gateway] : []) + [
                tier(
                    "matching", .shard, microseconds: 50, latencySeconds: fast, quantile: given.matching,
                    nodes: 1),
                tier(
                    "ledger", .store, microseconds: 100, latencySeconds: slow, quantile: given.ledger,
                    nodes: 3),
            ]
        return Topology(
            tiers: tiers, sources: [.order: tiers[0].name],
            edges: zip(tiers, tiers.dropFirst()).map {
                Topology.Edge(from: $0.name, to: $1.name, carries: [.order: 1])
            })
    }

    /// Two symbols of 200 and 100 orders a second in the busiest hour, the paths a tenth apart.
    private static func demand(_ given: Case) -> DemandPaths {
        let none = BurstProfile(measuredRatePerSecond: 0, points: [], origin: "none")
        var standard = BurstProfile.standard
        standard.sample = .standard
        let symbols = ["A", "B"].map {
            SymbolDemand(
                id: SeriesID(kind: "trades", venue: "test", name: $0),
                mix: MessageMix(ordersPerTrade: 1, cancelsPerTrade: 0, queriesPerTrade: 0),
                bursts: given.isBursty ? standard : none)
        }
        let paths = 20
        var values: [Double] = []
        for path in 0..<paths {
            for level in [200.0, 100] {
                for hour in [0.8, 1, 0.6] { values.append(level * hour * (0.95 + 0.005 * Double(path))) }
            }
        }
        return DemandPaths(
            symbols: symbols, start: Timestamp(seconds: 1_772_409_600), stepSeconds: 3600, stepCount: 3,
            pathCount: paths, tradesPerSecond: values)
    }

    @Test("what a plan says of the gap is what the what-ifs of the losses say", arguments: cases)
    func agree(given: Case) throws {
        let demand = Self.demand(given)
        var file = try PlanFile()
        file.topology = Self.topology(given)
        file.catalogue = Self.catalogue
        file.failoverSeconds = given.failoverSeconds
        file.bursts = given.isBursty ? .measured : .poisson
        file.options.probabilityBrokenAllowed = 0.1
        var options = file.options
        options.failoverSeconds = file.failoverSeconds
        options.clientTimeoutSeconds = file.clientTimeoutSeconds
        let plan = try Planner(options: options).plan(
            demand: demand, topology: file.topology, catalogue: file.catalogue,
            capacity: SimulatedCapacity(seed: 1))
        #expect(plan.isFeasible, "\(plan.findings)")
        #expect(plan.promise.gaps.map(\.tier) == ["matching", "ledger"])
        var whatIf = file.whatIfOptions(threads: 2)
        whatIf.seeksChange = false
        whatIf.settleSeconds = 600
        let input = WhatIfInput.planned(plan, demand: demand, plan: file)
        func verdict(_ event: String) throws -> Verdict {
            let scenario = Scenario(name: event, events: [try Disturbance(text: event)])
            return try simulate(scenario, on: input, options: whatIf).verdict
        }
        let expected = ["matching": given.breaksMatching, "ledger": given.breaksLedger]
        for gap in plan.promise.gaps {
            let found = try verdict("node-loss:tier=\(gap.tier),for=10m")
            #expect(gap.broken == (expected[gap.tier] == true ? [gap.tier] : []), "\(gap)")
            #expect(found.held == gap.broken.isEmpty, "\(gap) \(found)")
            if let first = found.firstTier { #expect(gap.broken.contains(first)) }
        }
        // A zone takes both with it; what the writers hold back does not come to the ledger meanwhile.
        let zone = try verdict("zone-loss:for=10m")
        #expect(zone.held == plan.promise.gaps.allSatisfy(\.broken.isEmpty), "\(zone)")
        let isTold = plan.promise.sentences.contains("once failed over; the gap of")
        #expect(isTold == !zone.held, "\(plan.promise.sentences)")
    }
}
