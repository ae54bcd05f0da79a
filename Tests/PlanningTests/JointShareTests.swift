import Exchange
import Planning
import Testing
import Units

/// What each tier may break so that all of them together keep the promise.
@Suite("The share of a promise that each tier has")
struct JointShareTests {
    private static func chain(_ tiers: [Tier]) -> Topology {
        Topology(
            tiers: tiers, sources: [.order: tiers[0].name],
            edges: zip(tiers, tiers.dropFirst()).map {
                Topology.Edge(from: $0.name, to: $1.name, carries: [.order: 1])
            })
    }

    private static func options(allowed: Double) -> PlanOptions {
        var options = Fixtures.bare
        options.probabilityBrokenAllowed = allowed
        return options
    }

    @Test("tiers that break on the same paths run the nodes that one of them alone would", arguments: 1...3)
    func common(seed: Int) throws {
        let demand = Fixtures.demand(seed: UInt64(seed), level: 4000)
        func plan(_ count: Int) throws -> Plan {
            try Planner(options: Self.options(allowed: 0.05)).plan(
                demand: demand, topology: Self.chain((1...count).map { Fixtures.tier("tier-\($0)") }),
                catalogue: Fixtures.catalogue, capacity: LinearCapacity())
        }
        let alone = try plan(1)
        let three = try plan(3)
        for tier in three.tiers { #expect(tier.servingNodes == alone.tiers[0].servingNodes) }
        #expect(three.risk.last?.probabilityAnyStep == alone.risk.last?.probabilityAnyStep)
    }

    @Test(
        "any of the tiers breaks with no more than is allowed, and they cost no more than by even shares",
        arguments: 1...4, [0.02, 0.1])
    func joint(seed: Int, allowed: Double) throws {
        let demand = Fixtures.demand(seed: UInt64(seed), level: 400)
        let tiers = [
            Fixtures.tier("gateway", meanSeconds: 2e-3), Fixtures.tier("risk", meanSeconds: 7e-4),
            Fixtures.tier("matching", kind: .shard, meanSeconds: 1e-4),
        ]
        func plan(_ share: Double) throws -> Plan {
            try Planner(options: Self.options(allowed: share)).plan(
                demand: demand, topology: Self.chain(tiers), catalogue: Fixtures.catalogue,
                capacity: ErlangCapacity())
        }
        let found = try plan(allowed)
        #expect(found.isFeasible)
        #expect(try #require(found.risk.last).probabilityAnyStep.value <= allowed)
        // Each tier with a third of it, planned by itself.
        let even = try tiers.map { tier in
            try Planner(options: Self.options(allowed: allowed / 3)).plan(
                demand: demand, topology: Fixtures.topology(tier), catalogue: Fixtures.catalogue,
                capacity: ErlangCapacity()
            ).totalCost
        }
        #expect(found.totalCost <= even.reduce(.zero) { $0 + $1 })
    }
}
