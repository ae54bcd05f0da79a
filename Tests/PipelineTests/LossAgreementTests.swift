import Exchange
import Pipeline
import Planning
import Replay
import Testing
import Units
import WhatIf

/// Plans that survive a loss, on which queries may wait or all may not, beside the what-if of that loss on them.
@Suite("Losses to survive, in plans and what-ifs")
struct LossAgreementTests {
    private static func file(
        nodes: Int, _ criticality: Criticality?, regions: [PlanOptions.Region] = [],
        zones: [String] = ["a", "b"]
    ) throws -> PlanFile {
        var file = try PlanFile()
        let time = ServiceTime(meanSeconds: 500e-6, coefficientOfVariation: 1)
        var tier = Tier(
            name: "gateway", kind: .pool, service: [.order: time, .query: time],
            objective: Objective(quantile: 0.99, latencySeconds: 20e-3), nodes: nodes, shape: "one")
        tier.criticality = criticality
        file.topology = Topology(
            tiers: [tier], sources: [.order: "gateway", .query: "gateway"], edges: [])
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
        file.options.zones = zones
        file.options.regions = regions
        file.options.spareNodes = 0
        file.options.survivesZoneLoss = regions.isEmpty
        file.options.survivesRegionLoss = !regions.isEmpty
        return file
    }

    /// 20,000 trades a second, of 1.3 orders and 0.7 queries: 20 busy cores, 13 of them for orders.
    private static func demand() -> DemandPaths {
        let paths = 20
        var values: [Double] = []
        for path in 0..<paths {
            let trades = 20_000 * (0.95 + 0.005 * Double(path))
            values += [trades, trades, trades]
        }
        return DemandPaths(
            symbols: [
                SymbolDemand(
                    id: SeriesID(kind: "trades", venue: "test", name: "A"),
                    mix: MessageMix(ordersPerTrade: 1.3, cancelsPerTrade: 0, queriesPerTrade: 0.7),
                    bursts: BurstProfile(measuredRatePerSecond: 0, points: [], origin: "none"))
            ], start: Timestamp(seconds: 1_772_409_600), stepSeconds: 3600, stepCount: 3, pathCount: paths,
            tradesPerSecond: values)
    }

    private static func plan(_ file: PlanFile) throws -> Plan {
        let demand = demand()
        return try Planner(options: file.optionsHolding(demand)).plan(
            demand: demand, topology: file.topology, catalogue: file.catalogue,
            capacity: SimulatedCapacity(seed: 1))
    }

    /// Whether an exchange of so many nodes holds a loss, in the what-if.
    private static func holds(_ event: String, on plan: Plan, _ file: PlanFile) throws -> Bool {
        var options = file.whatIfOptions(threads: 2)
        options.seeksChange = false
        options.settleSeconds = 600
        let scenario = Scenario(name: "loss", events: [try Disturbance(text: event)])
        return try simulate(
            scenario, on: .planned(plan, demand: demand(), plan: file), options: options
        ).verdict.held
    }

    private static let queriesWait = Criticality(waiting: [.query: 1])

    @Test(
        "a plan in which queries may wait holds the loss of a zone in the what-if, on fewer nodes than one without"
    )
    func agree() throws {
        let waiting = try Self.file(nodes: 60, Self.queriesWait)
        let whole = try Self.file(nodes: 60, nil)
        let (few, many) = (try Self.plan(waiting), try Self.plan(whole))
        #expect(few.isFeasible && many.isFeasible)
        let fewer = few.tiers[0].peakNodes
        // Half of the nodes hold 13 busy cores, not 20.
        #expect(fewer >= 26 && fewer < 40 && many.tiers[0].peakNodes >= 40)
        #expect(try Self.holds("zone-loss:for=20m", on: few, waiting))
        #expect(try Self.holds("zone-loss:for=20m", on: many, whole))
    }

    @Test("on too few nodes the plan and the what-if both say that it breaks", arguments: [true, false])
    func agreeOnBreaking(isWaiting: Bool) throws {
        // Half of 24 cores do not hold 13 busy ones; half of 34 hold them, but not 20.
        let file = try Self.file(nodes: isWaiting ? 24 : 34, isWaiting ? Self.queriesWait : nil)
        let today = try #require(try Self.plan(file).tiers[0].todaysProbabilityBroken)
        #expect(today.value > 0.9)
        let input = Self.today(file)
        var options = file.whatIfOptions(threads: 2)
        options.seeksChange = false
        let scenario = Scenario(name: "loss", events: [try Disturbance(text: "zone-loss:for=20m")])
        #expect(try !simulate(scenario, on: input, options: options).verdict.held)
    }

    @Test(
        "a plan that survives the loss of a region holds it in the what-if, and one that survives a zone's does not"
    )
    func regions() throws {
        let regions = [
            PlanOptions.Region(name: "far", zones: ["c"]),
            PlanOptions.Region(name: "near", zones: ["a", "b"]),
        ]
        let regional = try Self.file(nodes: 60, nil, regions: regions, zones: ["a", "b", "c"])
        let plan = try Self.plan(regional)
        #expect(plan.isFeasible)
        // A third of the nodes hold 20 busy cores.
        #expect(plan.tiers[0].peakNodes >= 60)
        #expect(try Self.holds("region-loss:for=20m", on: plan, regional))
        #expect(try Self.holds("region-loss:region=far,for=20m", on: plan, regional))

        var zonal = regional
        zonal.options.survivesRegionLoss = false
        zonal.options.survivesZoneLoss = true
        let smaller = try Self.plan(zonal)
        #expect(smaller.isFeasible && smaller.tiers[0].peakNodes < 60)
        #expect(try Self.holds("region-loss:region=far,for=20m", on: smaller, zonal))
        #expect(try !Self.holds("region-loss:for=20m", on: smaller, zonal))
        // So says the plan of those nodes.
        let same = try Self.file(
            nodes: smaller.tiers[0].peakNodes, nil, regions: regions, zones: ["a", "b", "c"])
        let today = try #require(try Self.plan(same).tiers[0].todaysProbabilityBroken)
        #expect(today.value > 0.9)
        #expect(throws: WhatIfError.unknownRegion("nearby", known: ["far", "near"])) {
            try Self.holds("region-loss:region=nearby,for=20m", on: plan, regional)
        }
    }

    private static func today(_ file: PlanFile) -> WhatIfInput {
        .busiest(
            of: demand(), topology: file.topology, catalogue: file.catalogue, placements: [:],
            zones: file.options.zones)
    }
}
