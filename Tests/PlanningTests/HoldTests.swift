import Exchange
import Planning
import TestSupport
import Testing
import Units

@Suite("Surges to hold")
struct HoldTests {
    private static func surge(_ factor: Double, rampSeconds: Double = 240, symbols: Int = 1) -> HeldSurge {
        HeldSurge(
            event: "surge:x=\(factor)", rampSeconds: rampSeconds,
            factors: [ClassRates](
                repeating: ClassRates(perSecond: SIMD4(repeating: factor)), count: symbols))
    }

    /// 1.9 servers busy in each of twelve hours, on nodes of one server that warm up for 180 s.
    private static func plan(_ surges: [HeldSurge]) throws -> Plan {
        var options = Fixtures.bare
        options.surges = surges
        return try Planner(options: options).plan(
            demand: Fixtures.path([Double](repeating: 1900, count: 12)),
            topology: Fixtures.topology(Fixtures.tier()), catalogue: Fixtures.catalogue,
            capacity: LinearCapacity())
    }

    @Test(
        "where more nodes come too late they run ahead, and their price is that of so many more for a month")
    func floor() throws {
        // 180 s of warm-up and 60 s until the autoscaler looks are all of the ramp.
        let plan = try Self.plan([Self.surge(5)])
        #expect(plan.tiers[0].nodes == [Int](repeating: 10, count: 12))
        #expect(try Self.plan([]).tiers[0].nodes == [Int](repeating: 2, count: 12))
        let row = try #require(plan.holds.first)
        #expect(row.tier == "pool" && row.way == .floor && row.lagSeconds == 240)
        #expect(row.nodesBefore == 10 && row.nodesAtHeight == 10 && row.triggerWork == nil)
        // Two nodes without the surge, eight more in each of twelve hours.
        #expect(row.nodesWithout == 2 && row.nodeHoursMore == 96 && row.shapeWithout == nil)
        let rungs = plan.ladder.map { "\($0.rung.rawValue) \($0.nodes ?? 0)" }
        #expect(rungs.suffix(4) == ["objective 2", "losses 2", "hold 10", "schedule 10"])
        #expect(plan.hourLadder.allSatisfy { $0.nodesLosses == 2 && $0.nodesHold == 10 })
        #expect(try Self.plan([]).ladder.allSatisfy { $0.rung != .hold })
        #expect(try Self.plan([]).hourLadder.allSatisfy { $0.nodesHold == nil })
        #expect(abs((row.workAtHeight ?? 0) - 9.5) < 1e-9)
        let all = try #require(plan.holds.last)
        #expect(all.tier == nil && all.way == .floor && plan.holds.count == 2)
        #expect(all.extraCost == Money(dollars: 8 * 12 * 0.066))
        #expect(abs(all.extraCostOfMonth.dollars - 8 * 730 * 0.066) < 1e-4)
    }

    @Test("where they come in time, those that serve until then run ahead, and a load calls the others")
    func trigger() throws {
        // In 240 s of 2,400 the load rises by a tenth of its way from 1.9 to 9.5.
        let plan = try Self.plan([Self.surge(5, rampSeconds: 2400)])
        #expect(plan.tiers[0].nodes == [Int](repeating: 3, count: 12))
        let row = try #require(plan.holds.first)
        #expect(row.way == .trigger && row.nodesBefore == 3 && row.nodesAtHeight == 10)
        #expect(abs((row.triggerWork ?? 0) - 1.9) < 1e-9 && row.lagSeconds == 240)
    }

    @Test("a surge that the planned nodes hold costs nothing")
    func planned() throws {
        let plan = try Self.plan([Self.surge(1.04)])
        #expect(plan.tiers[0].nodes == [Int](repeating: 2, count: 12))
        #expect(plan.holds.map(\.way) == [.planned, .planned])
        #expect(plan.holds.allSatisfy { $0.extraCost == .zero })
    }

    @Test("of two surges, the one that the nodes hold as planned costs nothing")
    func oneOfTwo() throws {
        let plan = try Self.plan([Self.surge(1.04), Self.surge(5)])
        #expect(plan.holds.map(\.way) == [.planned, .planned, .floor, .floor])
        #expect(plan.holds.map { $0.nodeHoursMore ?? -1 } == [0, -1, 96, -1])
        #expect(plan.holds[0].extraCost == .zero && plan.holds[2].nodesWithout == 2)
    }

    @Test("a surge of messages that cost a tier nothing leaves it as it is")
    func otherClass() throws {
        var queries = ClassRates(perSecond: SIMD4(repeating: 1))
        queries[.query] = 50
        let flood = HeldSurge(event: "flood:x=50", rampSeconds: 30, factors: [queries])
        #expect(try Self.plan([flood]).tiers == Self.plan([]).tiers)
    }

    @Test("a single writer does not hold what is more than one server's, and the plan says so")
    func notHeld() throws {
        var options = Fixtures.bare
        options.surges = [Self.surge(5)]
        let plan = try Planner(options: options).plan(
            demand: Fixtures.path([500, 500]),
            topology: Fixtures.topology(Fixtures.tier("matching", kind: .shard)),
            catalogue: Fixtures.catalogue, capacity: LinearCapacity())
        #expect(!plan.isFeasible)
        #expect(
            plan.findings.filter { $0.severity == .infeasible } == [
                PlanFinding(tier: "matching", fact: .surgeNotHeld(events: ["surge:x=5.0"]))
            ])
        #expect(plan.holds.map(\.way) == [.notHeld, .notHeld])
        #expect(plan.tiers[0].shards.count == 1)
    }

    @Test("messages on top come to the tiers that they visit")
    func onTop() throws {
        // 2,000 queries a second of 1 ms beside 1,900 orders.
        var tier = Fixtures.tier()
        tier.service = [
            .order: ServiceTime(meanSeconds: 1e-3, coefficientOfVariation: 1),
            .query: ServiceTime(meanSeconds: 1e-3, coefficientOfVariation: 1),
        ]
        var options = Fixtures.bare
        options.surges = [
            HeldSurge(
                event: "reconnect:clients=20000", rampSeconds: 0,
                factors: [ClassRates(perSecond: SIMD4(repeating: 1))],
                extraPerSecond: ClassRates(perSecond: [0, 0, 2000, 0]))
        ]
        let plan = try Planner(options: options).plan(
            demand: Fixtures.path([1900, 1900]),
            topology: Topology(tiers: [tier], sources: [.order: "pool", .query: "pool"], edges: []),
            catalogue: Fixtures.catalogue, capacity: LinearCapacity())
        #expect(plan.tiers[0].nodes == [4, 4])
    }

    @Test("never fewer nodes than without, hour by hour, in random small exchanges", arguments: 0..<12)
    func neverFewer(seed: UInt64) throws {
        var random = SplitMix64(seed: seed + 1)
        let kinds: [TierKind] = [.pool, .shard, .link, .store]
        let tiers = (0..<(1 + Int(random.next() % 4))).map { index in
            Fixtures.tier(
                "tier-\(index)", kind: index == 0 ? .pool : kinds[Int(random.next() % 4)],
                meanSeconds: index == 0 ? 1e-3 : 2e-5 * (1 + random.uniform()),
                imbalance: 0.1 * random.uniform())
        }
        let topology = Topology(
            tiers: tiers, sources: [.order: tiers[0].name],
            edges: zip(tiers, tiers.dropFirst()).map {
                Topology.Edge(from: $0.name, to: $1.name, carries: [.order: 1])
            })
        let demand = Fixtures.demand(seed: seed, symbols: 3, steps: 36, paths: 40, level: 800)
        var options = PlanOptions()
        options.probabilityBrokenAllowed = [0.01, 0.05, 0.2][Int(random.next() % 3)]
        if seed % 3 == 0 { options.budget = .minutesPerMonth(60) }
        func plan(_ surges: [HeldSurge]) throws -> Plan {
            options.surges = surges
            return try Planner(options: options).plan(
                demand: demand, topology: topology, catalogue: Fixtures.catalogue, capacity: ErlangCapacity())
        }
        let without = try plan([])
        let held = try plan([
            Self.surge(
                1 + 6 * random.uniform(), rampSeconds: 3000 * random.uniform(), symbols: 3),
            Self.surge(3, rampSeconds: 0, symbols: 3),
        ])
        for (more, less) in zip(held.tiers, without.tiers) {
            #expect(zip(more.nodes, less.nodes).allSatisfy { $0 >= $1 }, "\(more.tier)")
            #expect(zip(more.requiredNodes, less.requiredNodes).allSatisfy { $0 >= $1 }, "\(more.tier)")
            #expect(more.cost >= less.cost)
        }
        #expect(held.holds.count == 2 * (tiers.count + 1))
        #expect(held.holds.allSatisfy { $0.extraCost >= .zero })
    }
}
