import Exchange
import Planning
import Replay
import Testing
import Units

@Suite("Plans of every kind") struct KindPlanTests {
    private static let poisson = BurstProfile(measuredRatePerSecond: 1, points: [], origin: "test")

    private static func demand(_ tradesPerSecond: [Double]) -> DemandPaths {
        var symbol = Fixtures.symbol("A")
        symbol.bursts = poisson
        return DemandPaths(
            symbols: [symbol], start: Fixtures.start, stepSeconds: 3600, stepCount: tradesPerSecond.count,
            pathCount: 1, tradesPerSecond: tradesPerSecond)
    }

    private static func plan(
        _ demand: DemandPaths, _ tier: Tier, _ options: PlanOptions = Fixtures.bare
    ) throws -> Plan {
        let topology = Fixtures.topology(tier)
        return try Planner(options: options).plan(
            demand: demand, topology: topology,
            catalogue: Fixtures.catalogue.with(ownShapesOf: topology), capacity: LinearCapacity())
    }

    private static func quorum(_ groups: [(String, String)] = []) -> Tier {
        var tier = Fixtures.tier("log", kind: .quorum, nodes: 3)
        tier.quorum = Quorum(groups: groups.map { Quorum.PlacementGroup(name: $0.0, zone: $0.1) })
        return tier
    }

    @Test("a quorum runs three members in three zones, and five where two may be lost")
    func quorumMembers() throws {
        let plan = try Self.plan(Self.demand([500, 800]), Self.quorum(), PlanOptions())
        #expect(plan.isFeasible && plan.tiers[0].nodes == [3, 3])
        let first = plan.allocation.filter { $0.start == Fixtures.start }
        #expect(first.map(\.zone) == ["a", "b", "c"] && first.map(\.nodes) == [1, 1, 1])
        #expect(first[0].bindingConstraint == .own("a majority of members"))
        #expect(first[0].bindingResource == .own("leader's log"))
        #expect(plan.risk[0].probabilityAnyStep.value == 0)
        guard case .fixed(let fixed) = plan.tiers[0].reasons else {
            Issue.record("no reasons")
            return
        }
        #expect(
            fixed.quorum
                == TierReasons.Members(count: 3, majority: 2, places: ["a", "b", "c"], left: 2))
        let five = try Self.plan(Self.demand([500]), Self.quorum(), PlanOptions(spareNodes: 2))
        #expect(five.isFeasible && five.tiers[0].nodes == [5])
        #expect(five.allocation.map(\.nodes) == [2, 2, 1])
        // One leader has one log: 1,000 messages of a millisecond a second, whatever runs.
        #expect(try !Self.plan(Self.demand([1100]), Self.quorum(), PlanOptions()).isFeasible)
    }

    @Test("two zones cannot lose one of them, nor one placement group itself, and the plan says so")
    func quorumWithoutMajority() throws {
        let twoZones = PlanOptions(zones: ["a", "b"])
        let plan = try Self.plan(Self.demand([500]), Self.quorum(), twoZones)
        #expect(!plan.isFeasible && plan.tiers[0].nodes == [3])
        let lost = PlanFinding.Fact.noMajority(members: 3, left: 1, zones: 2, groups: 0, .zone)
        #expect(plan.findings.contains(PlanFinding(tier: "log", fact: lost)))
        #expect(plan.risk[0].probabilityAnyStep.value == 1)
        // Without that promise it holds, and that is the relaxation.
        let relaxations = plan.findings.compactMap { finding -> [Relaxation]? in
            guard case .wouldHold(let relaxations) = finding.fact else { return nil }
            return relaxations
        }
        let nodeOnly = Survival(zoneCount: 2, spareNodes: 1, survivesZoneLoss: false)
        let both = Survival(zoneCount: 2, spareNodes: 1, survivesZoneLoss: true)
        #expect(relaxations == [[.survival(nodeOnly, instead: both)]])
        let group = try Self.plan(
            Self.demand([500]), Self.quorum([("rack", "a")]),
            PlanOptions(survivesZoneLoss: false))
        let gone = PlanFinding.Fact.noMajority(members: 3, left: 0, zones: 1, groups: 1, .placementGroup)
        #expect(group.findings.contains(PlanFinding(tier: "log", fact: gone)))
        let three = [("x", "a"), ("y", "b"), ("z", "c")]
        let spread = try Self.plan(Self.demand([500]), Self.quorum(three), PlanOptions())
        #expect(spread.isFeasible)
    }

    private static func external(dollarsPerRefused: Double = 0) -> Tier {
        var tier = Fixtures.tier("screening", kind: .external, latencySeconds: 1, nodes: 1)
        tier.quota = Quota(
            prices: [
                Quota.Price(name: "q150", requests: 150, perMonth: .zero),
                Quota.Price(name: "q400", requests: 400, perMonth: Money(dollars: 730)),
                Quota.Price(name: "q1000", requests: 1000, perMonth: Money(dollars: 1460)),
            ], dollarsPerRefused: dollarsPerRefused)
        (tier.shape, tier.allowedShapes) = ("q150", ["q150", "q400", "q1000"])
        return tier
    }

    @Test("the cheapest quota that lets enough in is ordered, and others say why not")
    func quota() throws {
        let plan = try Self.plan(Self.demand([200, 200, 200, 200]), Self.external(), PlanOptions())
        let tier = plan.tiers[0]
        #expect(plan.isFeasible && tier.shape == "q400" && tier.nodes == [1, 1, 1, 1])
        // A USD an hour, in one row an hour, for no zone.
        #expect(tier.cost == Money(dollars: 4) && plan.allocation.map(\.zone) == ["", "", "", ""])
        #expect(plan.allocation[0].bindingResource == .own("quota"))
        #expect(abs(plan.allocation[0].utilisationQ50 - 0.5) < 1e-9)
        guard case .quota(let reasons) = tier.reasons else {
            Issue.record("no reasons")
            return
        }
        #expect(reasons.price.name == "q400" && reasons.isHeld && reasons.shareRefused < 1e-9)
        let names = plan.excuses.compactMap { excuse -> String? in
            switch excuse.rejection {
            case .shapeTooSmall(let shape, .quotaTooSmall(let held, let load)):
                held < 150 && abs(load - 200) < 0.1 ? "small \(shape)" : nil
            case .dearerNodes(let shape, let extra, "q400"): "\(shape) \(extra)"
            default: nil
            }
        }
        #expect(names.sorted() == ["q1000 4.00", "small q150"])
        #expect(plan.ladder.map(\.nodes) == [1, 1, 1, 1, 1, 1])
    }

    @Test("no quota of the list is enough: the largest is ordered, and what it refuses costs")
    func quotaTooSmall() throws {
        let plan = try Self.plan(Self.demand([2000]), Self.external(dollarsPerRefused: 0.01), PlanOptions())
        #expect(!plan.isFeasible && plan.tiers[0].shape == "q1000")
        guard case .quota(let reasons) = plan.tiers[0].reasons else {
            Issue.record("no reasons")
            return
        }
        // Half of 2,000 a second for an hour, at a cent each.
        #expect(abs(reasons.shareRefused - 0.5) < 1e-3 && !reasons.isHeld)
        #expect(abs(reasons.refusalCost.dollars / 36_000 - 1) < 2e-3)
    }

    @Test("a quota saturates in the replay at itself over the requests that come")
    func quotaSaturates() throws {
        let demand = Self.demand([100, 200])
        let topology = Fixtures.topology(Self.external())
        let replayed = try replay(
            demand: demand, topology: topology,
            catalogue: Fixtures.catalogue.with(ownShapesOf: topology), placement: [:],
            options: ReplayOptions(replications: 2))
        let points = replayed.saturation.filter { $0.scope == .tier("screening") }
        let stable = try #require(points.first { $0.kind == .stability }?.loadMultiplier)
        #expect(abs(stable.value - 0.75) < 1e-9)
        let held = try #require(points.first { $0.kind == .slo }?.loadMultiplier)
        #expect(held.value < 0.75 && held.value > 0.6)
        #expect(points.allSatisfy { $0.bindingResource == .own("quota") })
    }

    @Test("connections set the number of nodes where they run out before cores, in plan and replay")
    func sessions() throws {
        var tier = Fixtures.tier("stream", kind: .session, nodes: 3)
        // A thousand messages a second: one server, and 40,000 connections of 256 KiB; 16,384 to a node's 4 GiB.
        tier.sessions = Sessions(statedPerRate: 40, kibPerConnection: 256)
        let byMemory = try Self.plan(Self.demand([1000]), tier)
        #expect(byMemory.isFeasible && byMemory.tiers[0].requiredNodes == [3])
        #expect(byMemory.allocation[0].bindingResource == .own("connection memory"))
        #expect(abs(byMemory.allocation[0].utilisationQ50 - 40_000 / (3 * 16_384)) < 1e-9)
        guard case .pool(let pool) = byMemory.tiers[0].reasons else {
            Issue.record("no reasons")
            return
        }
        #expect(pool.connections?.isBinding == true && pool.connections?.heldPerNode == 16_384)
        #expect(abs((pool.connections?.peak ?? 0) - 40_000) < 10)
        let replayed = try replay(
            demand: Self.demand([1000]), topology: Fixtures.topology(tier), catalogue: Fixtures.catalogue,
            placement: [:], options: ReplayOptions(replications: 2))
        let stable = try #require(replayed.saturation.first { $0.kind == .stability })
        #expect(abs((stable.loadMultiplier?.value ?? 0) - 3 * 16_384 / 40_000) < 1e-9)
        #expect(stable.bindingResource == .own("connection memory"))
        tier.sessions = Sessions(perMessage: 0.01, lengthSeconds: 4000, descriptorsPerNode: 9000)
        #expect(try Self.plan(Self.demand([1000]), tier).tiers[0].requiredNodes == [5])
        tier.sessions?.descriptorsPerNode = 1_000_000
        let byCores = try Self.plan(Self.demand([1000]), tier)
        #expect(byCores.tiers[0].requiredNodes == [1])
        #expect(byCores.allocation[0].bindingResource == .own("cores"))
    }

    @Test("each hour has the fewest people who answer the share that is promised")
    func staff() throws {
        var tier = Fixtures.tier(
            "support", kind: .staff, meanSeconds: 300, latencySeconds: 20, quantile: 0.8, nodes: 10)
        tier.shape = "agent"
        tier.staffing = Staffing(
            patienceSeconds: 120, shrinkage: 0.3, shiftSeconds: 0, perHour: Money(dollars: 30),
            permanentPerHour: Money(dollars: 20))
        let contacts = [20.0, 60, 150, 90].map { $0 / 3600 }
        let plan = try Self.plan(Self.demand(contacts), tier, PlanOptions())
        let fewest = contacts.map { rate in
            (1...).first { people in
                let answering = Int(saturating: (0.7 * Double(people) + 1e-9).rounded(.down))
                guard answering > 0 else { return false }
                return ErlangA(
                    servers: answering, ratePerSecond: rate, meanSeconds: 300, patienceSeconds: 120
                ).shareAnswered(within: 20) >= 0.8
            }
        }
        // No loss of a zone reaches people, and nobody is bought in spare.
        #expect(plan.isFeasible && plan.tiers[0].requiredNodes.map(Optional.some) == fewest)
        #expect(plan.tiers[0].shape == "agent" && plan.allocation.allSatisfy { $0.zone.isEmpty })
        guard case .staff(let reasons) = plan.tiers[0].reasons else {
            Issue.record("no reasons")
            return
        }
        #expect(abs(reasons.contactsPerHour - 150) < 1e-6 && reasons.people == fewest[2])
        #expect(reasons.shareAnswered >= 0.8 && reasons.shareAbandoning > 0)
    }

    private static func store(_ storage: Storage) -> Tier {
        var tier = Fixtures.tier("ledger", kind: .store)
        tier.storage = storage
        return tier
    }

    @Test("a disk fills by what messages add, and a restore is held against its objective")
    func disk() throws {
        // 100 messages a second of 1,024 bytes: 8.24 GiB a day, on a disk with 82.4 GiB free.
        var storage = Storage(
            bytesPerMessage: [.order: 1024], diskGiB: 182.39746, usedGiB: 100)
        storage.restoreMiBPerSecond = 100
        storage.restoreSecondsMax = 600
        let plan = try Self.plan(Self.demand([50, 150]), Self.store(storage))
        guard case .fixed(let fixed) = plan.tiers[0].reasons, let disk = fixed.disk else {
            Issue.record("no reasons")
            return
        }
        #expect(abs(disk.growthGiBPerDay - 8.239746) < 1e-6)
        #expect(abs((disk.daysUntilFull ?? 0) - 10) < 1e-5)
        // Two hours on there are 100.69 GiB, at 100 MiB a second.
        let restore = (100 + 8.239746 / 12) * 10.24
        #expect(abs((disk.restoreSeconds ?? 0) - restore) < 1e-3 && disk.backupSeconds == nil)
        let facts = plan.findings.filter { $0.tier != nil }.map(\.fact)
        #expect(plan.isFeasible && facts.count == 1)
        guard case .restoreTooLong(let seconds, 600, let size) = facts.first else {
            Issue.record("\(facts)")
            return
        }
        #expect(abs(seconds - restore) < 1e-3 && abs(size - restore / 10.24) < 1e-6)
        storage.usedGiB = 172.5
        let full = try Self.plan(Self.demand([50, 150]), Self.store(storage))
        // 9.9 GiB are free, for 1.2 days; a further disk is ordered within two.
        let soon = try Self.plan(
            Self.demand([50, 150]), Self.store(storage),
            PlanOptions(
                zones: ["a"], spareNodes: 0, survivesZoneLoss: false, provisioningLeadSeconds: 172_800))
        func isTold(_ plan: Plan) -> Bool {
            plan.findings.contains { if case .diskFull = $0.fact { true } else { false } }
        }
        #expect(!isTold(full) && isTold(soon))
    }

    @Test("disk operations bind before the primary's cores, in the plan's words")
    func operations() throws {
        let storage = Storage(
            diskGiB: 10, operationsPerMessage: [.order: 4], operationsPerSecond: 2000)
        // 500 messages a second, where the core does 1,000.
        let held = try Self.plan(Self.demand([400]), Self.store(storage))
        #expect(held.isFeasible && held.allocation[0].bindingResource == .own("disk operations"))
        #expect(abs(held.allocation[0].utilisationQ50 - 0.8) < 1e-9)
        #expect(try !Self.plan(Self.demand([600]), Self.store(storage)).isFeasible)
    }
}
