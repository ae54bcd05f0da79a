import Exchange
import Planning
import TestSupport
import Testing
import Units

@Suite("Pools")
struct PoolTests {
    private static func plan(
        _ demand: DemandPaths, _ tier: Tier, options: PlanOptions = PlanOptions()
    ) throws -> Plan {
        try Planner(options: options).plan(
            demand: demand, topology: Fixtures.topology(tier), catalogue: Fixtures.catalogue,
            capacity: ErlangCapacity())
    }

    private static let tier = Fixtures.tier(allowedShapes: ["small", "medium", "large"], imbalance: 0.1)

    @Test("the nodes left after a loss hold the load on all but the allowed share of paths", arguments: 0..<6)
    func holdsRequirement(seed: UInt64) throws {
        let demand = Fixtures.demand(seed: seed, level: 4000)
        let options = PlanOptions(probabilityBrokenAllowed: 0.05)
        let plan = try Self.plan(demand, Self.tier, options: options)
        let cores = try #require(Fixtures.catalogue.shape(named: plan.tiers[0].shape)).cores
        var broken = 0
        for path in 0..<demand.pathCount {
            let breaks = (0..<demand.stepCount).contains { step in
                let rows = plan.allocation.filter { $0.start == demand.time(ofStep: step) }
                let serving = rows.map(\.servingNodes)
                let left = min(serving.reduce(0, +) - 1, serving.reduce(0, +) - (serving.max() ?? 0))
                let held =
                    ErlangCapacity.largestRate(
                        servers: left * cores, meanSeconds: 1e-3, latencySeconds: 10e-3, shareAllowed: 0.01)
                    / 1.1
                return demand.totalRates(path: path, step: step)[.order] > held
            }
            if breaks { broken += 1 }
        }
        #expect(Double(broken) <= 0.05 * Double(demand.pathCount))
        #expect(plan.risk[0].probabilityAnyStep.value == Double(broken) / Double(demand.pathCount))
        #expect(plan.isFeasible)
    }

    @Test("one node fewer would not do", arguments: 0..<4)
    func needsEveryNode(seed: UInt64) throws {
        let plan = try Self.plan(Fixtures.demand(seed: seed, level: 4000), Self.tier)
        let tier = plan.tiers[0]
        let cores = try #require(Fixtures.catalogue.shape(named: tier.shape)).cores
        for (step, nodes) in tier.requiredNodes.enumerated() {
            let fewer = nodes - 1
            let left = min(fewer - 1, fewer - (fewer + 2) / 3)
            let held =
                left < 1
                ? 0
                : ErlangCapacity.largestRate(
                    servers: left * cores, meanSeconds: 1e-3, latencySeconds: 10e-3, shareAllowed: 0.01)
                    / 1.1
            #expect(held * 1e-3 < tier.requiredServers[step])
            #expect(tier.heldServers[step] >= tier.requiredServers[step])
        }
    }

    @Test("more load never needs fewer nodes and never costs less", arguments: 0..<8)
    func isMonotoneInLoad(seed: UInt64) throws {
        let small = try Self.plan(Fixtures.demand(seed: seed), Fixtures.tier())
        let large = try Self.plan(Fixtures.demand(seed: seed, factor: 1.4), Fixtures.tier())
        #expect(zip(small.tiers[0].requiredNodes, large.tiers[0].requiredNodes).allSatisfy { $0 <= $1 })
        let cheap = try Self.plan(Fixtures.demand(seed: seed), Self.tier)
        let dear = try Self.plan(Fixtures.demand(seed: seed, factor: 1.4), Self.tier)
        #expect(cheap.totalCost <= dear.totalCost)
    }

    @Test(
        "a stricter objective, a smaller allowed probability or headroom never costs less", arguments: 0..<8)
    func isMonotoneInObjective(seed: UInt64) throws {
        let demand = Fixtures.demand(seed: seed)
        var quicker = Self.tier
        quicker.objective.latencySeconds = 6e-3
        var surer = Self.tier
        surer.objective.quantile = 0.999
        let base = try Self.plan(demand, Self.tier).totalCost
        #expect(try Self.plan(demand, quicker).totalCost >= base)
        #expect(try Self.plan(demand, surer).totalCost >= base)
        let rarer = PlanOptions(probabilityBrokenAllowed: 0.001)
        #expect(try Self.plan(demand, Self.tier, options: rarer).totalCost >= base)
        let roomier = PlanOptions(headroomFactor: 1.3)
        #expect(try Self.plan(demand, Self.tier, options: roomier).totalCost >= base)
    }

    @Test("surviving a zone or more nodes never needs fewer nodes", arguments: 0..<8)
    func isMonotoneInSurvival(seed: UInt64) throws {
        let demand = Fixtures.demand(seed: seed)
        func nodes(_ spares: Int, _ zone: Bool, _ zones: [String] = ["a", "b", "c"]) throws -> [Int] {
            let options = PlanOptions(zones: zones, spareNodes: spares, survivesZoneLoss: zone)
            return try Self.plan(demand, Fixtures.tier(), options: options).tiers[0].requiredNodes
        }
        let none = try nodes(0, false)
        let one = try nodes(1, false)
        let zone = try nodes(1, true)
        let twoZones = try nodes(1, true, ["a", "b"])
        let three = try nodes(3, true)
        #expect(zip(none, one).allSatisfy { $0 + 1 == $1 })
        #expect(zip(one, zone).allSatisfy { $0 <= $1 })
        #expect(zip(zone, twoZones).allSatisfy { $0 <= $1 })
        #expect(zip(zone, three).allSatisfy { $0 <= $1 })
        #expect(zip(none, twoZones).allSatisfy { 2 * $0 == $1 })
    }

    @Test("zones differ by one node at most, and names and times are those asked for")
    func spreadsEvenly() throws {
        let demand = Fixtures.demand(seed: 1)
        let plan = try Self.plan(demand, Self.tier, options: PlanOptions(zones: ["x", "y"]))
        #expect(plan.allocation.count == 2 * demand.stepCount)
        #expect(
            plan.allocation.map(\.zone) == Array(repeating: "x", count: 48) + Array(repeating: "y", count: 48)
        )
        for step in 0..<demand.stepCount {
            let rows = plan.allocation.filter { $0.start == demand.time(ofStep: step) }
            #expect(abs(rows[0].nodes - rows[1].nodes) <= 1)
            #expect(rows.reduce(0) { $0 + $1.nodes } == plan.tiers[0].nodes[step])
        }
    }

    @Test("the cheapest shape is taken and every other says what it would have cost")
    func choosesCheapestShape() throws {
        let demand = Fixtures.demand(seed: 2, level: 4000)
        let plan = try Self.plan(demand, Self.tier)
        for name in ["small", "medium", "large"] {
            let alone = try Self.plan(
                demand, Fixtures.tier(allowedShapes: [name], imbalance: 0.1))
            #expect(alone.totalCost >= plan.totalCost)
            if name == plan.tiers[0].shape {
                #expect(alone.totalCost == plan.totalCost)
            } else {
                let excuse = try #require(plan.excuses.first { Self.shape($0) == name })
                #expect(excuse.cost == alone.totalCost)
            }
        }
        for excuse in plan.excuses {
            if case .todays(_, _, let extra, _, _) = excuse.rejection {
                #expect(excuse.cost == plan.totalCost + extra)
            } else {
                #expect((excuse.cost ?? plan.totalCost) >= plan.totalCost)
            }
        }
    }

    /// The other shape that was rejected.
    private static func shape(_ excuse: ExcuseRow) -> String? {
        switch excuse.rejection {
        case .shapeTooSmall(let shape, _), .dearerPool(let shape, _, _, _, _): shape
        default: nil
        }
    }

    @Test("an objective that service alone breaks is infeasible, with a remedy, and the work is done")
    func reportsImpossibleObjective() throws {
        let plan = try Self.plan(Fixtures.demand(seed: 3), Fixtures.tier(latencySeconds: 2e-3, nodes: 7))
        #expect(!plan.isFeasible)
        let finding = try #require(plan.findings.first)
        #expect(finding.severity == .infeasible && finding.tier == "pool")
        let objective = Fixtures.tier(latencySeconds: 2e-3).objective
        #expect(
            finding.fact == .noShapeHolds(shape: "small", kind: .pool, .breaksIdle(objective)))
        // Not today's seven: as many as do the work of all paths but those that may break, after a loss.
        let working = try #require(plan.ladder.first { $0.rung == .allowedPeak }?.nodes)
        let nodes = Survival(zoneCount: 3, spareNodes: 1, survivesZoneLoss: true).nodes(leaving: working)
        #expect(plan.tiers[0].nodes.allSatisfy { $0 == nodes })
        #expect(plan.risk[0].probabilityAnyStep.value == 1)
    }

    @Test("a load past the limit of nodes is infeasible")
    func reportsLimit() throws {
        let options = PlanOptions(largestNodeCount: 5)
        let plan = try Self.plan(Fixtures.demand(seed: 3, level: 20_000), Fixtures.tier(), options: options)
        #expect(!plan.isFeasible)
        let finding = try #require(plan.findings.first)
        guard case .noShapeHolds(_, _, .passesLimit(5, let held, let load, _)) = finding.fact else {
            Issue.record("\(finding)")
            return
        }
        #expect(held < load)
    }

    @Test("one zone cannot survive its own loss, and the plan says so")
    func reportsSingleZone() throws {
        let plan = try Self.plan(
            Fixtures.demand(seed: 3), Fixtures.tier(), options: PlanOptions(zones: ["a"]))
        #expect(!plan.isFeasible)
        #expect(plan.findings.contains(PlanFinding(fact: .zoneLossInOneZone)))
    }

    @Test("no demand runs the fewest nodes and breaks nothing")
    func plansIdleTier() throws {
        let plan = try Self.plan(Fixtures.path([0, 0, 0]), Fixtures.tier())
        #expect(plan.tiers[0].nodes == [2, 2, 2])
        #expect(plan.allocation.allSatisfy { $0.utilisationQ99 == 0 && $0.probabilityBroken == 0 })
    }
}
