import Exchange
import Planning
import Testing
import Units

@Suite("Regions above zones") struct RegionTests {
    @Test(
        "the fewest nodes are found of which the loss of any region leaves enough",
        arguments: [[0, 0, 1], [0, 1, 1], [0, 0, 1, 1], [0, 1, 2], [0, 1, 1, 1, 1]])
    func fewest(regions: [Int]) {
        let survival = Survival(
            zoneCount: regions.count, spareNodes: 1, survivesZoneLoss: false, regionOfZone: regions)
        for needed in 1...40 {
            // Counted one by one: nodes go to zones in turn.
            let fewest = (1...).first { nodes in
                let lost = Set(regions).map { region in
                    (0..<nodes).count { regions[$0 % regions.count] == region }
                }
                return nodes - max(1, lost.max() ?? 0) >= needed
            }
            #expect(survival.nodes(leaving: needed) == fewest, "\(needed) of \(regions)")
        }
        #expect(survival.copies == 2)
        for zone in regions.indices {
            let zones = survival.zonesOfCopies(from: zone)
            #expect(zones.count == 2 && regions[zones[0]] != regions[zones[1]])
        }
    }

    @Test("one region, or none that is named, has no other to survive in")
    func single() {
        let one = Survival(zoneCount: 3, spareNodes: 0, survivesZoneLoss: false, regionOfZone: [0, 0, 0])
        #expect(one.isNone && one.nodes(leaving: 5) == 5 && one.zonesOfCopies(from: 4) == [1])
    }

    private static func options(_ regions: [[String]]) -> PlanOptions {
        var options = PlanOptions(
            zones: ["a", "b", "c", "d"], spareNodes: 0, survivesZoneLoss: false, minimumUpSeconds: 0)
        options.regions = regions.enumerated().map { PlanOptions.Region(name: "r\($0)", zones: $1) }
        options.survivesRegionLoss = true
        return options
    }

    private static func plan(_ tier: Tier, _ options: PlanOptions) throws -> Plan {
        try Planner(options: options).plan(
            demand: Fixtures.path([10_000]), topology: Fixtures.topology(tier),
            catalogue: Fixtures.catalogue, capacity: LinearCapacity())
    }

    @Test("a pool in two regions runs twice its load, and two such in one region are told")
    func pool() throws {
        let plan = try Self.plan(Fixtures.tier(), Self.options([["a", "b"], ["c", "d"]]))
        #expect(plan.isFeasible && plan.tiers[0].requiredNodes == [20])
        #expect(plan.allocation[0].bindingConstraint == .regionLoss)
        let single = try Self.plan(Fixtures.tier(), Self.options([["a", "b", "c", "d"]]))
        #expect(single.findings.contains(PlanFinding(fact: .regionLossInOneRegion)))
        #expect(throws: PlanningError.self) {
            try Self.plan(Fixtures.tier(), Self.options([["a", "e"]]))
        }
    }

    @Test("a quorum in two regions has no majority without the fuller one")
    func quorum() throws {
        let tier = Fixtures.tier("log", kind: .quorum, meanSeconds: 1e-5, nodes: 3)
        let two = try Self.plan(tier, Self.options([["a", "b"], ["c", "d"]]))
        let lost = PlanFinding.Fact.noMajority(members: 3, left: 1, zones: 4, groups: 0, .region)
        #expect(two.findings.contains(PlanFinding(tier: "log", fact: lost)))
        // Members in a, b and c: regions of their own.
        #expect(try Self.plan(tier, Self.options([["c", "d"]])).isFeasible)
    }
}
