import Exchange
import Planning
import TestSupport
import Testing
import Units

/// Schedules of one pool whose servers hold 1 each: a path of n thousand trades at 1 ms needs n nodes.
@Suite("Schedule")
struct ScheduleTests {
    private static func plan(
        _ needed: [Int], minimumUp: Int, lead: Int = 0, onDemand: Double = 0.1, reserved: Double = 0.066
    ) throws -> Plan {
        var options = Fixtures.bare
        options.minimumUpSeconds = Double(minimumUp) * 3600
        let shape = Fixtures.shape(
            "small", cores: 1, onDemand: onDemand, reserved: reserved, warmUpSeconds: Double(lead) * 3600)
        return try Planner(options: options).plan(
            demand: Fixtures.path(needed.map { Double($0) * 999 }),
            topology: Fixtures.topology(Fixtures.tier()),
            catalogue: Catalogue(source: "test", shapes: [shape]),
            capacity: LinearCapacity())
    }

    /// Whether no more nodes were started within the minimum time than are on; nodes may be on beforehand.
    private static func keepsMinimumUp(_ nodes: [Int], minimumUp: Int) -> Bool {
        nodes.indices.allSatisfy { step in
            let first = max(1, step - minimumUp + 1)
            let started =
                first > step ? 0 : (first...step).reduce(0) { $0 + max(0, nodes[$1] - nodes[$1 - 1]) }
            return started <= nodes[step]
        }
    }

    /// The least cost, in millionths of a dollar, of all schedules and all numbers reserved, by trying them.
    private static func leastCost(
        _ needed: [Int], minimumUp: Int, onDemand: Int64, reserved: Int64
    ) -> Int64 {
        let most = needed.max() ?? 0
        var best = Int64.max
        var nodes = [Int](repeating: 0, count: needed.count)
        func descend(_ step: Int) {
            if step == needed.count {
                for base in 0...most {
                    // Reserved nodes are on anyway; the others are scheduled.
                    let others = nodes.map { $0 - base }
                    guard others.allSatisfy({ $0 >= 0 }), keepsMinimumUp(others, minimumUp: minimumUp) else {
                        continue
                    }
                    let cost =
                        reserved * Int64(base * nodes.count) + onDemand * Int64(others.reduce(0, +))
                    best = min(best, cost)
                }
                return
            }
            for count in needed[step]...most {
                nodes[step] = count
                descend(step + 1)
            }
        }
        descend(0)
        return best
    }

    @Test("no schedule and no number reserved is cheaper", arguments: 0..<80)
    func agreesWithBruteForce(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let steps = 5 + Int(seed % 3)
        let needed = (0..<steps).map { _ in 1 + Int(random.next() % 4) }
        let minimumUp = 1 + Int(seed % 4)
        let price = Int64(30 + random.next() % 70)
        let plan = try Self.plan(
            needed, minimumUp: minimumUp, onDemand: 0.1, reserved: Double(price) / 1000)
        let tier = plan.tiers[0]
        #expect(tier.requiredNodes == needed)
        #expect(zip(tier.nodes, needed).allSatisfy { $0 >= $1 })
        #expect(
            Self.keepsMinimumUp(tier.nodes.map { $0 - tier.reservedNodes }, minimumUp: minimumUp))
        let least = Self.leastCost(
            needed, minimumUp: minimumUp, onDemand: 100_000, reserved: price * 1000)
        #expect(tier.cost == Money(microdollars: least))
    }

    @Test("a lone peak keeps its nodes for the minimum time")
    func extendsLonePeak() throws {
        let needed = [1, 1, 1, 3, 1, 1, 1, 1]
        // With the first node committed, both that start for the peak stay their three hours.
        let committed = try Self.plan(needed, minimumUp: 3, reserved: 0.05).tiers[0]
        #expect(committed.reservedNodes == 1 && committed.nodes == [1, 1, 1, 3, 3, 3, 1, 1])
        // On demand, the first node stops after the peak, and one of those that started goes on in its place.
        let onDemand = try Self.plan(needed, minimumUp: 3, reserved: 0.09).tiers[0]
        #expect(onDemand.reservedNodes == 0 && onDemand.nodes == [1, 1, 1, 3, 2, 2, 1, 1])
    }

    @Test("a rise lets the old nodes stop instead of the new")
    func swapsOldForNew() throws {
        // The node that starts for the peak stays on; the one that was on before it stops.
        let plan = try Self.plan([1, 1, 2, 1, 1], minimumUp: 3, reserved: 0.1)
        #expect(plan.tiers[0].nodes == [1, 1, 2, 1, 1])
    }

    @Test("nodes run before they are needed by the time they take to warm up", arguments: 0..<4)
    func startsAhead(lead: Int) throws {
        let needed = [1, 1, 1, 1, 4, 1, 2, 1, 1]
        let tier = try Self.plan(needed, minimumUp: 1, lead: lead).tiers[0]
        for step in needed.indices {
            let ahead = needed[step...min(needed.count - 1, step + lead)].max() ?? 0
            #expect(tier.nodes[step] == max(ahead, tier.reservedNodes))
            #expect(tier.servingNodes[step] >= needed[step])
        }
    }

    @Test("nodes are reserved where a commitment is cheaper than the hours they run")
    func reservesWhatRunsLongEnough() throws {
        // Three nodes are needed in 10 of 10 hours, a fourth in 7, a fifth in 5: at 60 % the fourth pays.
        let needed = [3, 3, 3, 4, 4, 5, 5, 5, 5, 5]
        #expect(try Self.plan(needed, minimumUp: 1, reserved: 0.06).tiers[0].reservedNodes == 4)
        #expect(try Self.plan(needed, minimumUp: 1, reserved: 0.04).tiers[0].reservedNodes == 5)
        #expect(try Self.plan(needed, minimumUp: 1, reserved: 0.08).tiers[0].reservedNodes == 3)
        #expect(try Self.plan(needed, minimumUp: 1, reserved: 0.2).tiers[0].reservedNodes == 0)
    }
}
