import Exchange
import Foundation
import Planning
import Testing
import Units

/// Plans in futures that they were not made for: one path, and servers that hold one second of work a second, so that every
/// figure is whole-number arithmetic.
@Suite("Other futures")
struct FutureTests {
    /// 2.3 busy servers in both steps: three nodes.
    private static let demand = Fixtures.path([2300, 2300])
    private static let topology = Fixtures.topology(Fixtures.tier())

    private static func plan(_ options: PlanOptions) throws -> Plan {
        try Planner(options: options).plan(
            demand: demand, topology: topology, catalogue: Fixtures.catalogue, capacity: LinearCapacity())
    }

    @Test(
        "a plan breaks where the load passes its nodes, and regret is the cost beside the plan for that future"
    )
    func regret() throws {
        let plan = try Self.plan(Fixtures.bare)
        #expect(plan.tiers[0].nodes == [3, 3])
        let rows = try Planner(options: Fixtures.bare).regret(
            of: plan, demand: Self.demand, topology: Self.topology, catalogue: Fixtures.catalogue,
            capacity: LinearCapacity())
        // One zone has no second one to lose. A node reserved for two hours costs 0.132 dollars.
        let expected: [(RegretRow.Future, chance: Double, nodes: Double)] = [
            (.demand(factor: 0.8), 0, 2), (.demand(factor: 1.2), 0, 3), (.demand(factor: 1.5), 1, 4),
            (.serviceTimes(factor: 1.1), 0, 3), (.serviceTimes(factor: 1.25), 0, 3), (.nodeLost, 1, 4),
        ]
        #expect(rows.map(\.future) == expected.map(\.0))
        for (row, wanted) in zip(rows, expected) {
            #expect(abs(row.probabilityBroken - wanted.chance) < 1e-12, "\(row.future)")
            #expect(row.firstTier == (wanted.chance > 0 ? "pool" : nil))
            #expect(abs(row.cost.dollars - 0.396) < 1e-6)
            #expect(abs((row.ownCost?.dollars ?? 0) - 0.132 * wanted.nodes) < 1e-6, "\(row.future)")
            let difference = 0.396 - 0.132 * wanted.nodes
            let regret = difference >= 0 ? difference : -1.25 * difference
            #expect(abs((row.regret?.dollars ?? -1) - regret) < 2e-6, "\(row.future)")
        }
    }

    @Test("margins are what the nodes hold over what they have to do")
    func margins() throws {
        var options = Fixtures.bare
        options.risk.nodeFailuresPerYear = 100
        let plan = try Self.plan(options)
        let row = try #require(
            try Planner(options: options).margins(
                of: plan, demand: Self.demand, topology: Self.topology, catalogue: Fixtures.catalogue,
                capacity: LinearCapacity()
            ).first)
        let factor = 3 / 2.3
        let load = try #require(row.loadFactor)
        #expect(load <= factor * (1 + 1e-9) && load >= factor * exp(-0.001))
        let service = try #require(row.serviceFactor)
        #expect(service <= factor * (1 + 1e-9) && service >= factor * exp(-0.03))
        // Failures of three nodes in two hours: the state of one more down is entered at (n - k) λ times the binomial law.
        let rate = 100 / (365.25 * 24)
        let down = rate / (1 + rate)
        let entries = 2 * 3 * rate * pow(1 - down, 3)
        #expect(row.spareNodes == 0 && abs(row.probabilityMoreDown - (1 - exp(-entries))) < 1e-12)
        let second = 2 * 2 * rate * 3 * down * pow(1 - down, 2)
        #expect(entries > 0.01 && second < 0.01 && row.smallestSafeSpares == 1)
    }

    @Test("an overrun breaks the hours that it comes to, and work past the span goes on at its beginning")
    func overruns() throws {
        let tier = Fixtures.tier(kind: .link)
        var trades = [Double](repeating: 1500, count: 24)
        trades[20] = 2300
        var options = Fixtures.bare
        options.risk.minuteOver = Money(dollars: 10)
        let plan = try Planner(options: options).plan(
            demand: Fixtures.path(trades), topology: Fixtures.topology(tier), catalogue: Fixtures.catalogue,
            capacity: LinearCapacity())
        #expect(plan.tiers[0].nodes.allSatisfy { $0 == 3 })
        #expect(plan.maintenance.count > 3)
        for window in plan.maintenance {
            let start = Int((window.start.seconds - Fixtures.start.seconds) / 3600)
            let ahead = (20 - start + 24) % 24
            #expect(window.overruns.map(\.factor) == [2, 10, 24])
            for (overrun, hours) in zip(window.overruns, [4, 20, 24]) {
                let broken = ahead < hours ? 1.0 : 0
                #expect(abs(overrun.hoursBroken - broken) < 1e-9, "\(start): \(overrun.factor)")
                #expect(abs(overrun.probabilityBroken - broken) < 1e-9)
                #expect(abs((overrun.cost?.dollars ?? -1) - 600 * broken) < 1e-3)
            }
        }
    }

    @Test("the ladder of an hour ends at the nodes that run")
    func hourLadder() throws {
        var options = Fixtures.bare
        options.spareNodes = 1
        let plan = try Self.plan(options)
        #expect(plan.hourLadder.count == 2)
        for row in plan.hourLadder {
            #expect(abs(row.workQ50 - 2.3) < 1e-9 && abs(row.workQ99 - 2.3) < 1e-9)
            #expect(row.nodesQ50 == 3 && row.nodesQ99 == 3 && row.nodesObjective == 3)
            #expect(row.nodesLosses == 4 && row.nodesRunning == 4)
        }
    }
}
