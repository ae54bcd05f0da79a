import Exchange
import Foundation
import Planning
import Replay
import Testing
import Units

@Suite("Plans that cannot hold")
struct EffortTests {
    private static func plan(
        _ demand: DemandPaths, _ tier: Tier, options: PlanOptions,
        capacity: some CapacityModel = ErlangCapacity()
    ) throws -> Plan {
        try Planner(options: options).plan(
            demand: demand, topology: Fixtures.topology(tier), catalogue: Fixtures.catalogue,
            capacity: capacity)
    }

    private static func effort(_ plan: Plan) -> BestEffort? {
        plan.findings.lazy.compactMap { finding in
            if case .bestEffort(let effort) = finding.fact { effort } else { nil }
        }.first
    }

    private static func relaxations(_ plan: Plan) -> [Relaxation]? {
        plan.findings.lazy.compactMap { finding in
            if case .wouldHold(let relaxations) = finding.fact { relaxations } else { nil }
        }.first
    }

    @Test("the shape that breaks the fewest hours is planned, and the share of demand to shed is told")
    func bestEffort() throws {
        var options = Fixtures.bare
        options.largestNodeCount = 2
        let tier = Fixtures.tier(allowedShapes: ["small", "medium", "large"])
        // Ten busy servers, where two nodes of four are the most: two hours of four break, a fifth is too much.
        let plan = try Self.plan(
            Fixtures.path([10_000, 6000, 10_000, 7000]), tier, options: options, capacity: LinearCapacity())
        #expect(!plan.isFeasible)
        #expect(plan.tiers[0].shape == "large" && plan.tiers[0].nodes == [2, 2, 2, 2])
        #expect(plan.findings.map(\.severity) == [.infeasible, .effort, .relaxation, .warning])
        let effort = try #require(Self.effort(plan))
        #expect(effort.shape == "large" && effort.nodes == 2 && effort.hours == 4)
        #expect(abs(effort.hoursBroken - 2) < 1e-9 && abs(effort.probabilityBroken - 1) < 1e-9)
        // No latency helps servers that hold the same work whatever it is, and no chance a path that breaks for certain.
        let relaxations = try #require(Self.relaxations(plan))
        guard relaxations.count == 1, case .load(let shed) = relaxations[0] else {
            Issue.record("\(relaxations)")
            return
        }
        #expect(shed > 0.199 && shed < 0.207)
    }

    @Test("losses that need not be survived are told where they are what is too much")
    func losses() throws {
        var options = PlanOptions()
        options.largestNodeCount = 6
        // Five nodes of 4.5 busy servers: six leave four of a zone's loss, and five of a node's.
        let plan = try Self.plan(
            Fixtures.path([4500, 4500]), Fixtures.tier(), options: options, capacity: LinearCapacity())
        let relaxations = try #require(Self.relaxations(plan))
        guard relaxations.count == 2, case .load(let shed) = relaxations[0] else {
            Issue.record("\(relaxations)")
            return
        }
        #expect(shed > 0.110 && shed < 0.118)
        let all = Survival(zoneCount: 3, spareNodes: 1, survivesZoneLoss: true)
        let node = Survival(zoneCount: 3, spareNodes: 1, survivesZoneLoss: false)
        #expect(relaxations[1] == .survival(node, instead: all))
        #expect(relaxations[0].size < relaxations[1].size)
        #expect(plan.tiers[0].nodes == [6, 6] && Self.effort(plan)?.hoursBroken == 2)
    }

    @Test("the latency limit that a single writer would keep is that of M/M/1")
    func latency() throws {
        // P(sojourn > t) = exp(−(μ − λ) t) with μ = 1000 and λ = 700.
        let plan = try Self.plan(
            Fixtures.path([700, 700]), Fixtures.tier("engine", kind: .shard, allowedShapes: ["small"]),
            options: Fixtures.bare)
        #expect(!plan.isFeasible)
        let relaxations = try #require(Self.relaxations(plan))
        guard relaxations.count == 2, case .load(let shed) = relaxations[0],
            case .latency(let seconds, 10e-3) = relaxations[1]
        else {
            Issue.record("\(relaxations)")
            return
        }
        let least = log(100.0) / 300
        #expect(seconds > least * 0.999 && seconds < least * 1.013)
        let kept = (1000 - log(100.0) / 10e-3) / 700
        #expect(1 - shed < kept * 1.001 && 1 - shed > kept * 0.985)
    }

    @Test("a plan that asks for that much less holds, and for hardly less it does not", arguments: 0..<4)
    func isEnoughAndLeast(seed: UInt64) throws {
        let demand = Fixtures.demand(seed: seed, level: 600)
        var options = PlanOptions()
        options.largestNodeCount = 6
        let tier = Fixtures.tier()
        let plan = try Self.plan(demand, tier, options: options)
        #expect(!plan.isFeasible)
        let relaxations = try #require(Self.relaxations(plan))
        #expect(
            relaxations.contains { relaxation in
                if case .load = relaxation { true } else { false }
            })
        #expect(relaxations.map(\.size) == relaxations.map(\.size).sorted())
        func holds(_ relaxation: Relaxation, times factor: Double = 1) throws -> Bool {
            var (demand, tier, options) = (demand, tier, options)
            switch relaxation {
            case .latency(let seconds, _): tier.objective.latencySeconds = seconds * factor
            case .probability(let allowed, _): options.probabilityBrokenAllowed = allowed * factor
            case .load(let shed):
                demand = Fixtures.demand(seed: seed, level: 600, factor: (1 - shed) / factor)
            case .survival(let survival, _):
                options.spareNodes = survival.spareNodes
                options.survivesZoneLoss = survival.survivesZoneLoss
            }
            return try Self.plan(demand, tier, options: options).isFeasible
        }
        for relaxation in relaxations {
            // A hair for sums that round otherwise.
            let enough = try holds(relaxation, times: 1 + 1e-6)
            #expect(enough, "\(relaxation)")
            switch relaxation {
            case .latency, .load:
                let isLess = relaxation.size > 0.05
                if isLess { #expect(try !holds(relaxation, times: 0.95), "\(relaxation)") }
            case .probability, .survival: break
            }
        }
    }

    @Test("a plan that holds has neither, and relaxations are not searched where that is not asked for")
    func silence() throws {
        let held = try Self.plan(Fixtures.demand(seed: 1), Fixtures.tier(), options: PlanOptions())
        #expect(held.isFeasible && Self.effort(held) == nil && Self.relaxations(held) == nil)
        var options = Fixtures.bare
        options.largestNodeCount = 2
        options.seeksRelaxation = false
        let short = try Self.plan(
            Fixtures.path([10_000]), Fixtures.tier(), options: options, capacity: LinearCapacity())
        #expect(Self.effort(short) != nil && Self.relaxations(short) == nil)
    }
}
