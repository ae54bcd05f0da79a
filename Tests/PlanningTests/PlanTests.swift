import Exchange
import Planning
import Replay
import TestSupport
import Testing
import Units

@Suite("The plan of an exchange")
struct PlanTests {
    private static func plan(
        seed: UInt64 = 1, factor: Double = 1, options: PlanOptions = PlanOptions()
    ) throws -> Plan {
        try Planner(options: options).plan(
            demand: Fixtures.exchangeDemand(seed: seed, factor: factor), topology: .standard,
            catalogue: Fixtures.exchangeCatalogue, capacity: ErlangCapacity())
    }

    @Test("costs of zones and hours, of purchases and of tiers are the same sum", arguments: 0..<4)
    func costsAddUp(seed: UInt64) throws {
        let plan = try Self.plan(seed: seed)
        let rows = plan.allocation.reduce(Money.zero) { $0 + $1.cost }
        let purchases = plan.cost.filter { $0.purchase != .today }.reduce(Money.zero) { $0 + $1.cost }
        #expect(rows == plan.totalCost && purchases == plan.totalCost)
        let today = plan.cost.filter { $0.purchase == .today }.reduce(Money.zero) { $0 + $1.cost }
        #expect(today == plan.todaysCost)
        let hours = plan.cost.filter { $0.purchase != .today }.reduce(0) { $0 + $1.nodeHours }
        #expect(hours == Double(plan.allocation.reduce(0) { $0 + $1.nodes }))
        #expect(plan.allocation.allSatisfy { $0.cost >= .zero && $0.nodes >= $0.servingNodes })
    }

    @Test("tables have a row for every tier, zone and hour, and every tier its reasons")
    func tablesAreComplete() throws {
        let plan = try Self.plan()
        #expect(plan.allocation.count == 5 * 3 * 48)
        #expect(plan.tiers.map(\.tier) == Topology.standard.tiers.map(\.name))
        #expect(plan.tiers.allSatisfy { $0.nodes.count == 48 && $0.reasons != nil })
        #expect(plan.risk.map(\.tier) == Topology.standard.tiers.map(\.name) + ["all"])
        #expect(plan.placement.count == 5 && plan.placements.keys.sorted() == ["matching"])
        #expect(plan.isFeasible && plan.promise.probabilityAllowed == 0.01 && plan.promise.eachTier == 0.002)
        #expect(
            plan.allocation.allSatisfy { $0.utilisationQ50 <= $0.utilisationQ99 && $0.utilisationQ99 < 1 })
        #expect(plan.allocation.allSatisfy { $0.probabilityBrokenAllUp <= $0.probabilityBroken })
    }

    @Test("the joint risk is at least that of any tier and at most what is allowed", arguments: 0..<4)
    func boundsRisk(seed: UInt64) throws {
        let plan = try Self.plan(seed: seed, options: PlanOptions(probabilityBrokenAllowed: 0.2))
        let all = try #require(plan.risk.last)
        for row in plan.risk.dropLast() {
            #expect(row.probabilityAnyStep.value <= all.probabilityAnyStep.value)
            #expect(row.worstProbability <= row.probabilityAnyStep.value)
            #expect(row.probabilityAnyStepAllUp.value <= row.probabilityAnyStep.value)
            #expect((row.worstStart == nil) == (row.worstProbability == 0))
        }
        #expect(all.probabilityAnyStep.value <= 0.2)
        #expect(all.probabilityAnyStep.covers(all.probabilityAnyStep.value))
    }

    @Test("where no path breaks, the fitted tail gives what stays the same its allowed share at most")
    func fitsTailRisk() throws {
        let plan = try Self.plan(seed: 7)
        for row in plan.risk where ["market-data", "ledger"].contains(row.tier) {
            #expect(row.probabilityAnyStep.value == 0)
            let tail = try #require(row.tailProbabilityAnyStep)
            #expect(tail > 0 && tail <= 0.002 * (1 + 1e-9))
        }
    }

    @Test("today's nodes are compared: few break, many cost more")
    func comparesToday() throws {
        let demand = Fixtures.demand(seed: 5, level: 4000)
        func plan(nodes: Int) throws -> Plan {
            try Planner().plan(
                demand: demand, topology: Fixtures.topology(Fixtures.tier(nodes: nodes)),
                catalogue: Fixtures.catalogue, capacity: ErlangCapacity())
        }
        let few = try plan(nodes: 3)
        #expect(few.tiers[0].todaysProbabilityBroken?.value == 1)
        #expect(
            few.excuses.contains {
                if case .todays(3, "small", _, 1, _) = $0.rejection { true } else { false }
            })
        let many = try plan(nodes: 500)
        #expect(many.tiers[0].todaysProbabilityBroken?.value == 0)
        #expect(many.todaysCost == Money(dollars: 0.1) * (500 * 48) && many.todaysCost > many.totalCost)
    }

    @Test("symbols are spread over today's shards by their work")
    func placesToday() {
        let demand = Fixtures.exchangeDemand(seed: 3)
        let placement = todaysPlacements(demand: demand, topology: .standard)["matching"]
        // Levels are 1, 1/2, 1/3, 1/4 and 1/5 on three shards.
        #expect(placement?.shardCount == 3)
        #expect(placement?.shardOfSymbol[0] == 0 && placement?.symbols(ofShard: 0).count == 1)
        #expect(Set(placement?.shardOfSymbol ?? []).count == 3)
    }

    @Test("the same input gives the same plan, whatever the threads")
    func isDeterministic() throws {
        let one = try Self.plan()
        #expect(try Self.plan() == one)
        var two = try Self.plan(options: PlanOptions(threads: 2))
        two.options.threads = 1
        #expect(two == one)
    }

    @Test("more load never needs fewer nodes in any tier that keeps its shape", arguments: 0..<4)
    func isMonotone(seed: UInt64) throws {
        let small = try Self.plan(seed: seed)
        let large = try Self.plan(seed: seed, factor: 1.5)
        for (one, other) in zip(small.tiers, large.tiers) where one.shape == other.shape {
            #expect(zip(one.requiredNodes, other.requiredNodes).allSatisfy { $0 <= $1 })
        }
        #expect(small.totalCost <= large.totalCost)
    }

    @Test("maintenance windows do not overlap, come by rising risk, and the first is in the trough")
    func ranksMaintenance() throws {
        let plan = try Self.plan(options: PlanOptions(maintenanceWindowCount: 6))
        let windows = plan.maintenance
        #expect(windows.count == 6 && windows.map(\.rank) == Array(1...6))
        for (index, window) in windows.enumerated() {
            #expect(window.end == window.start.advanced(bySeconds: 7200))
            for other in windows[(index + 1)...] {
                #expect(window.end <= other.start || other.end <= window.start)
                #expect(
                    (window.probabilityBrokenNodeOut, window.probabilityBrokenZoneOut)
                        <= (other.probabilityBrokenNodeOut, other.probabilityBrokenZoneOut))
            }
        }
        #expect(windows[0].loadShare < 0.7)
        #expect(windows.allSatisfy { $0.probabilityBrokenNodeOut <= $0.probabilityBrokenZoneOut })
    }

    @Test("rules compare the capacity with multiples of the peak, and say what cannot be told")
    func evaluatesRules() throws {
        // One path with a peak of 4000 a second; a node holds 1000, and four run.
        func rows(_ options: PlanOptions) throws -> [ComplianceRow] {
            try Planner(options: options).plan(
                demand: Fixtures.path([2000, 4000]), topology: Fixtures.topology(Fixtures.tier()),
                catalogue: Fixtures.catalogue, capacity: LinearCapacity()
            ).compliance
        }
        let bare = try rows(Fixtures.bare)
        #expect(bare[0].isMet == .no && bare[0].required == 6000)
        #expect(abs((bare[0].planned ?? 0) - 4000) < 1e-6)
        #expect(bare[1].isMet == .no && bare[1].required == 0.75)
        #expect(bare[2].isMet == .notEvaluable && bare[2].basis.history == nil)
        #expect(bare.dropFirst(3).allSatisfy { $0.isMet == .notEvaluable && $0.required == nil })
        #expect(bare.map(\.rule) == SupervisoryRule.allCases)
        var roomy = Fixtures.bare
        roomy.headroomFactor = 2
        roomy.historicalPeak = PlanOptions.HistoricalPeak(
            messagesPerSecond: 3900, overSeconds: 3600, yearsCovered: 2, origin: "the logs given")
        let met = try rows(roomy)
        #expect(met[0].isMet == .yes && met[1].isMet == .yes && met[2].isMet == .yes)
        #expect(met[2].required == 7800 && met[2].basis.history?.yearsCovered == 2)
        roomy.historicalPeak?.messagesPerSecond = 10_000
        #expect(try rows(roomy)[2].isMet == .no)
    }

    @Test("hostile input is refused with what is wrong")
    func refusesBadInput() throws {
        func fails(
            _ demand: DemandPaths = Fixtures.path([1]),
            _ topology: Topology = Fixtures.topology(Fixtures.tier()),
            _ catalogue: Catalogue = Fixtures.catalogue, _ options: PlanOptions = PlanOptions()
        ) -> PlanningError? {
            do {
                _ = try Planner(options: options).plan(
                    demand: demand, topology: topology, catalogue: catalogue, capacity: LinearCapacity())
                return nil
            } catch {
                return error as? PlanningError
            }
        }
        #expect(fails(Fixtures.path([])) == .noDemand)
        #expect(
            fails(Fixtures.path([1, -2])) == .demand(symbol: "trades/test/A", path: 0, step: 1, value: -2))
        #expect(fails(Fixtures.path([.infinity])) != nil && fails(Fixtures.path([.nan])) != nil)
        var unknown = Fixtures.tier()
        unknown.allowedShapes = ["tiny"]
        #expect(
            fails(Fixtures.path([1]), Fixtures.topology(unknown))
                == .unknownShape(tier: "pool", shape: "tiny", known: ["small", "medium", "large"]))
        var lost = Fixtures.topology(Fixtures.tier())
        lost.sources = [:]
        #expect(fails(Fixtures.path([1]), lost) != nil)
        let dear = Catalogue(
            source: "", shapes: [Fixtures.shape("small", cores: 1, onDemand: 900_000, reserved: 900_000)])
        let week = Fixtures.path([Double](repeating: 1, count: 168))
        #expect(fails(week, Fixtures.topology(Fixtures.tier()), dear) != nil)
        for options in [
            PlanOptions(zones: []), PlanOptions(zones: ["a", "a"]), PlanOptions(spareNodes: -1),
            PlanOptions(probabilityBrokenAllowed: 0), PlanOptions(probabilityBrokenAllowed: .nan),
            PlanOptions(headroomFactor: 0.5), PlanOptions(minimumUpSeconds: .infinity),
            PlanOptions(largestNodeCount: 0),
        ] {
            let error = fails(
                Fixtures.path([1]), Fixtures.topology(Fixtures.tier()), Fixtures.catalogue, options)
            #expect(error?.description.contains("must be") == true)
        }
        let short = try Planner().plan(
            demand: Fixtures.path([1]), topology: Fixtures.topology(Fixtures.tier()),
            catalogue: Fixtures.catalogue, capacity: LinearCapacity())
        #expect(short.maintenance.isEmpty)
    }
}
