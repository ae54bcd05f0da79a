import Exchange
import Planning
import TestSupport
import Testing
import Units

/// Purchases under change rules and on spot, of one pool whose servers hold 1 each.
@Suite("Purchase")
struct PurchaseTests {
    /// The rules of a case, in steps and millionths of a dollar.
    struct Case {
        var needed: [Int]
        var minimumUp = 1
        var minimumDown = 1
        var added: Int?
        var removed: Int?
        var frozen: Set<Int> = []
        var onDemand: Int64 = 100_000
        var reserved: Int64 = 66_000
        var spot: Int64?
        var share = 0.0
    }

    private static func plan(_ one: Case, options changed: (inout PlanOptions) -> Void = { _ in }) throws
        -> Plan
    {
        var options = Fixtures.bare
        options.minimumUpSeconds = Double(one.minimumUp) * 3600
        options.changes.minimumDownSeconds = Double(one.minimumDown) * 3600
        options.changes.addedPerStepMax = one.added
        options.changes.removedPerStepMax = one.removed
        options.changes.freezes = one.frozen.sorted().map { step in
            let from = Fixtures.start.advanced(bySeconds: Int64(step) * 3600)
            return FreezeWindow(from: from, until: from.advanced(bySeconds: 3600))
        }
        options.spot = SpotRules(share: one.share)
        changed(&options)
        var shape = Fixtures.shape(
            "small", cores: 1, onDemand: Double(one.onDemand) / 1e6, reserved: Double(one.reserved) / 1e6,
            warmUpSeconds: 0)
        shape.spot = one.spot.map {
            Shape.Spot(perHour: Money(microdollars: $0), interruptionsPerMonth: 0)
        }
        return try Planner(options: options).plan(
            demand: Fixtures.path(one.needed.map { Double($0) * 999 }),
            topology: Fixtures.topology(Fixtures.tier()),
            catalogue: Catalogue(source: "test", shapes: [shape]), capacity: LinearCapacity())
    }

    /// Whether nodes on demand keep the rules, by their definitions.
    private static func keeps(_ nodes: [Int], fleet: Int, _ one: Case) -> Bool {
        for step in nodes.indices.dropFirst() {
            let change = nodes[step] - nodes[step - 1]
            if let added = one.added, change > added { return false }
            if let removed = one.removed, -change > removed { return false }
            if one.frozen.contains(step), change != 0 { return false }
            let changes = { (length: Int, sign: Int) in
                let first = max(1, step - length + 1)
                return (first...step).reduce(0) { $0 + max(0, sign * (nodes[$1] - nodes[$1 - 1])) }
            }
            if changes(one.minimumUp, 1) > nodes[step] { return false }
            if one.minimumDown > 1, changes(one.minimumDown, -1) > fleet - nodes[step] { return false }
        }
        return true
    }

    /// The least cost by trying every schedule and every number reserved.
    private static func leastCost(_ one: Case) -> Int64 {
        let most = one.needed.max() ?? 0
        var best = Int64.max
        var nodes = [Int](repeating: 0, count: one.needed.count)
        func descend(_ step: Int, _ base: Int) {
            if step == nodes.count {
                guard keeps(nodes, fleet: most - base, one) else { return }
                best = min(
                    best,
                    one.reserved * Int64(base * nodes.count) + one.onDemand * Int64(nodes.reduce(0, +)))
                return
            }
            for count in max(0, one.needed[step] - base)...(most - base) {
                nodes[step] = count
                descend(step + 1, base)
            }
        }
        for base in 0...most { descend(0, base) }
        return best
    }

    @Test("no schedule within the change rules is cheaper", arguments: 0..<80)
    func agreesWithEnumeration(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        func draw(_ count: UInt64) -> Int { Int(random.next() % count) }
        var one = Case(needed: (0..<(5 + draw(2))).map { _ in 1 + draw(3) })
        one.minimumUp = 1 + draw(3)
        one.minimumDown = 1 + draw(4)
        one.added = draw(2) == 0 ? 1 : nil
        one.removed = draw(2) == 0 ? 1 : nil
        if draw(3) == 0 { one.frozen = [1 + draw(3)] }
        one.reserved = Int64(30 + draw(70)) * 1000
        let tier = try Self.plan(one).tiers[0]
        #expect(zip(tier.nodes, one.needed).allSatisfy { $0 >= $1 })
        let others = tier.nodes.map { $0 - tier.reservedNodes }
        #expect(Self.keeps(others, fleet: (one.needed.max() ?? 0) - tier.reservedNodes, one))
        #expect(tier.cost == Money(microdollars: Self.leastCost(one)))
    }

    @Test("a node that would be needed again within the minimum time down stays on")
    func keepsShortGapsClosed() throws {
        var one = Case(needed: [2, 1, 2, 1, 1, 1, 2], reserved: 95_000)
        one.minimumDown = 2
        // Off for one step is too short, off for three is not.
        #expect(try Self.plan(one).tiers[0].nodes == [2, 2, 2, 1, 1, 1, 2])
    }

    @Test("nodes start early where few may start in a step, and before a freeze")
    func startsEarly() throws {
        var slow = Case(needed: [1, 1, 1, 1, 4, 1, 1], reserved: 95_000)
        slow.added = 1
        #expect(try Self.plan(slow).tiers[0].nodes == [1, 1, 2, 3, 4, 1, 1])
        var closed = Case(needed: [1, 1, 1, 1, 3, 1, 1], reserved: 95_000)
        closed.frozen = [3, 4]
        #expect(try Self.plan(closed).tiers[0].nodes == [1, 1, 3, 3, 3, 1, 1])
    }

    @Test("spot takes its share where it is cheaper, and what holds the load is not on it")
    func buysSpot() throws {
        var one = Case(needed: [4, 4, 4, 4], reserved: 66_000)
        (one.spot, one.share) = (30_000, 0.5)
        // Without spares all nodes are needed, and none may be lost.
        #expect(try Self.plan(one).cost.allSatisfy { $0.purchase != .spot })
        // Four spares: eight nodes, of which half may be on spot and four are left without them.
        let spared = try Self.plan(one) { $0.spareNodes = 4 }
        let rows = Dictionary(uniqueKeysWithValues: spared.cost.map { ($0.purchase, $0.nodeHours) })
        #expect(rows[.spot] == 16 && rows[.reserved] == 16 && rows[.onDemand] == nil)
        #expect(spared.tiers[0].cost == Money(microdollars: 16 * 30_000 + 16 * 66_000))
        #expect(spared.allocation.reduce(Money.zero) { $0 + $1.cost } == spared.tiers[0].cost)
        // A third of them are two.
        one.share = 0.3
        let third = try Self.plan(one) { $0.spareNodes = 4 }
        #expect(third.cost.first { $0.purchase == .spot }?.nodeHours == 8)
    }

    @Test("a shard or a store is on spot only where it is named", arguments: [TierKind.shard, .store])
    func keepsWritersOffSpot(kind: TierKind) throws {
        var shape = Fixtures.shape("small", cores: 8, onDemand: 0.1, reserved: 0.066)
        shape.spot = Shape.Spot(perHour: Money(dollars: 0.03), interruptionsPerMonth: 0)
        func spotHours(_ tiers: [String]?) throws -> Double {
            var options = PlanOptions()
            options.spot = SpotRules(share: 0.5, tiers: tiers)
            let plan = try Planner(options: options).plan(
                demand: Fixtures.path([100, 100]), topology: Fixtures.topology(Fixtures.tier(kind: kind)),
                catalogue: Catalogue(source: "test", shapes: [shape]), capacity: LinearCapacity())
            return plan.cost.first { $0.purchase == .spot }?.nodeHours ?? 0
        }
        #expect(try spotHours(nil) == 0)
        // Of two or three nodes one may go, for two hours.
        #expect(try spotHours(["pool"]) == 2)
    }

    @Test("reserved nodes are decided over the weeks of the commitment")
    func reservesForTheCommitment() throws {
        // The fourth node is needed in 4 of 8 hours: at 66 % it is not worth a commitment for this week.
        let one = Case(needed: [3, 3, 3, 3, 4, 4, 4, 4])
        #expect(try Self.plan(one).tiers[0].reservedNodes == 3)
        func reserved(factor: Double) throws -> Int {
            try Self.plan(one) { $0.carried = ["pool": CarriedTrend(factors: [factor])] }
                .tiers[0].reservedNodes
        }
        // With a third more from next week on, four are needed in every hour of the other 51 weeks; with half as much,
        // two.
        #expect(try reserved(factor: 4.0 / 3) == 4)
        #expect(try reserved(factor: 0.5) == 2)
    }

    @Test("a zone may be as much fuller as zones may differ")
    func survivesUnevenZones() {
        let even = Survival(zoneCount: 3, spareNodes: 0, survivesZoneLoss: true)
        let uneven = Survival(zoneCount: 3, spareNodes: 0, survivesZoneLoss: true, zoneDifference: 3)
        #expect(even.largestZone(of: 9) == 3 && even.nodes(leaving: 6) == 9)
        // 5 + 2 + 2: the fullest has three more, and of eleven (5 + 3 + 3) six are left.
        #expect(uneven.largestZone(of: 9) == 5 && uneven.nodes(leaving: 6) == 11)
    }

    @Test("a freeze that leaves no step open is refused")
    func refusesFreezeOfEverything() {
        let all = FreezeWindow(
            from: Fixtures.start, until: Fixtures.start.advanced(bySeconds: 86_400))
        #expect(throws: PlanningError.self) {
            try Self.plan(Case(needed: [1, 2, 1])) { $0.changes.freezes = [all] }
        }
        let daily = FreezeWindow(
            from: Fixtures.start, until: Fixtures.start.advanced(bySeconds: 3600), everySeconds: 3600)
        #expect(daily.problem != nil)
    }
}
