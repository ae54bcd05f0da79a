import Exchange
import Planning
import Replay
import TestSupport
import Testing
import Units

@Suite("Shards, stores and links")
struct ShardTests {
    private static func plan(
        _ demand: DemandPaths, _ tier: Tier, options: PlanOptions = PlanOptions(),
        capacity: some CapacityModel = LinearCapacity()
    ) throws -> Plan {
        try Planner(options: options).plan(
            demand: demand, topology: Fixtures.topology(tier), catalogue: Fixtures.catalogue,
            capacity: capacity)
    }

    private static let engine = Fixtures.tier(
        "matching", kind: .shard, nodes: 2, allowedShapes: ["small", "medium"])

    /// One path of many symbols with constant trades a second.
    private static func demand(_ trades: [Double], steps: Int = 4) -> DemandPaths {
        DemandPaths(
            symbols: trades.indices.map { Fixtures.symbol("S\($0)") }, start: Fixtures.start,
            stepSeconds: 3600, stepCount: steps, pathCount: 1,
            tradesPerSecond: trades.flatMap { [Double](repeating: $0, count: steps) })
    }

    @Test("constant loads are placed on the fewest shards", arguments: 0..<20)
    func usesFewestShards(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let trades = (0..<9).map { _ in Double(50 + random.next() % 600) }
        let plan = try Self.plan(Self.demand(trades), Self.engine)
        let packed = try placeOnShards(
            loads: trades.enumerated().map { ("S\($0.offset)", $0.element) }, capacity: 1000 - 1e-6)
        #expect(packed.isCountOptimal)
        #expect(plan.tiers[0].shards.count == packed.shardCount)
        #expect(plan.isFeasible)
    }

    @Test("shards hold their symbols path by path on all but the allowed share", arguments: 0..<6)
    func holdsJointly(seed: UInt64) throws {
        let demand = Fixtures.demand(seed: seed, symbols: 12, paths: 200, level: 700)
        let options = PlanOptions(probabilityBrokenAllowed: 0.1)
        let plan = try Self.plan(
            demand, Fixtures.tier("matching", kind: .shard, meanSeconds: 1e-4), options: options,
            capacity: ErlangCapacity())
        let placement = try #require(plan.placements["matching"])
        let held = ErlangCapacity.largestRate(
            servers: 1, meanSeconds: 1e-4, latencySeconds: 10e-3, shareAllowed: 0.01)
        let broken = (0..<demand.pathCount).count { path in
            (0..<placement.shardCount).contains { shard in
                (0..<demand.stepCount).contains { step in
                    placement.symbols(ofShard: shard).reduce(0) {
                        $0 + demand.trades(path: path, symbol: $1, step: step)
                    } > held
                }
            }
        }
        #expect(Double(broken) <= 0.1 * 200)
        #expect(plan.isFeasible)
        #expect(plan.risk[0].probabilityAnyStep.value == Double(broken) / 200)
    }

    @Test("symbols that never peak together share a shard that the sum of their peaks would pass")
    func usesJointPaths() throws {
        // Symbol A is busy on even paths, B on odd ones.
        let values = (0..<40).flatMap { path -> [Double] in
            path % 2 == 0 ? [600, 100] : [100, 600]
        }
        let demand = DemandPaths(
            symbols: [Fixtures.symbol("A"), Fixtures.symbol("B")], start: Fixtures.start,
            stepSeconds: 3600, stepCount: 1, pathCount: 40, tradesPerSecond: values)
        let plan = try Self.plan(demand, Self.engine)
        #expect(plan.tiers[0].shards.count == 1)
        #expect(abs(plan.placement.reduce(0) { $0 + $1.load } - 1.2) < 1e-6)
    }

    @Test("serving node and standbys of a shard are in different zones, and nodes add up")
    func spreadsStandbys() throws {
        let plan = try Self.plan(
            Self.demand([700, 700, 700, 700, 700]), Self.engine, options: PlanOptions(spareNodes: 2))
        #expect(plan.tiers[0].shards.count == 5)
        for shard in plan.tiers[0].shards {
            #expect(Set([shard.zone] + shard.standbyZones).count == 3)
        }
        #expect(plan.tiers[0].nodes == [15, 15, 15, 15])
        #expect(plan.allocation.allSatisfy { $0.nodes == 5 })
        #expect(plan.risk[0].probabilityAnyStep.value == 0)
        let bare = try Self.plan(Self.demand([700, 700]), Self.engine, options: Fixtures.bare)
        #expect(bare.tiers[0].nodes == [2, 2, 2, 2] && bare.tiers[0].shards[0].standbyZones.isEmpty)
        #expect(bare.maintenance.allSatisfy { $0.probabilityBrokenNodeOut == 1 })
    }

    @Test("a symbol that no shard holds makes the plan infeasible, by name and with what would help")
    func reportsOversizedSymbol() throws {
        let plan = try Self.plan(Self.demand([300, 2300, 400]), Self.engine)
        #expect(!plan.isFeasible)
        let finding = try #require(plan.findings.first { $0.severity == .infeasible })
        guard case .symbolOutgrowsShard("S1", let load, let held, let mean, _) = finding.fact else {
            Issue.record("\(finding)")
            return
        }
        #expect(abs(load / held - 2.3) < 1e-6 && abs(held / mean - 1000) < 1e-6)
        #expect(plan.tiers[0].shards.count == 2)
        #expect(plan.tiers[0].shards[0].symbols == [1])
        #expect(plan.tiers[0].shards[1].symbols == [2, 0])
        #expect(plan.placement.map(\.symbol.name) == ["S1", "S2", "S0"])
        #expect(plan.placement[0].shareOfCapacity > 2.29)
    }

    @Test("many symbols that no shard holds are summed up after the ten heaviest")
    func summarisesOversizedSymbols() throws {
        let plan = try Self.plan(Self.demand((0..<15).map { 2000 + Double($0) }), Self.engine)
        #expect(plan.findings.count { $0.severity == .infeasible } == 11)
        guard case .symbolOutgrowsShard("S14", _, _, _, _) = plan.findings[0].fact,
            case .shards(let reasons) = plan.tiers[0].reasons
        else {
            Issue.record("\(plan.findings[0])")
            return
        }
        #expect(plan.findings[10].fact == .moreSymbolsOutgrowShards(5))
        #expect(plan.tiers[0].shards.count == 15 && reasons.count == 15 && !reasons.isHeld)
    }

    @Test("rows of a placement add up by shard, and the cheapest shape serves")
    func placementRowsAddUp() throws {
        let demand = Fixtures.demand(seed: 4, symbols: 8, level: 500)
        let plan = try Self.plan(demand, Self.engine)
        for shard in plan.tiers[0].shards {
            let rows = plan.placement.filter { $0.shard == shard.name }
            #expect(rows.count == shard.symbols.count)
            #expect(abs(rows.reduce(0) { $0 + $1.shareOfShard } - 1) < 1e-9)
            #expect(shard.requiredServers <= rows.reduce(0) { $0 + $1.load } + 1e-9)
            #expect(rows.allSatisfy { abs($0.messagesPerSecond - $0.load * 1000) < 1e-6 })
        }
        #expect(plan.placement.count == 8)
        #expect(plan.tiers[0].shape == "small")
        #expect(
            plan.excuses.contains {
                guard case .dearerWriter("medium", let extra, "small") = $0.rejection else { return false }
                return $0.cost == plan.totalCost + extra
            })
    }

    @Test("a store takes the cheapest shape whose primary holds the load, with a replica in every zone")
    func sizesStore() throws {
        let tier = Fixtures.tier(
            "ledger", kind: .store, nodes: 3, allowedShapes: ["small", "medium", "large"])
        let plan = try Self.plan(Self.demand([1500]), tier)
        #expect(plan.tiers[0].shape == "medium" && plan.tiers[0].nodes == [3, 3, 3, 3])
        guard case .shapeTooSmall("small", .primaryTooSmall(let held, let load)) = plan.excuses[0].rejection,
            case .dearerNodes("large", _, "medium") = plan.excuses[1].rejection,
            case .todays(3, "small", _, 1, 1) = plan.excuses[2].rejection
        else {
            Issue.record("\(plan.excuses)")
            return
        }
        #expect(plan.excuses.count == 3 && held < load)
        #expect(plan.excuses[0].cost == nil && plan.excuses[1].cost != nil)
        #expect(plan.allocation.map(\.bindingResource).allSatisfy { $0 == .own("primary's cores") })
        #expect(abs(plan.allocation[0].utilisationQ50 - 0.75) < 1e-9)
        // Today's small primary breaks on the one path there is.
        #expect(plan.tiers[0].todaysProbabilityBroken?.value == 1)
        let large = try Self.plan(Self.demand([4500]), tier)
        #expect(!large.isFeasible)
    }

    @Test("a link holds what the bandwidth of its shape carries, and twice of it on twice the bandwidth")
    func linksAreShapes() throws {
        // 125 bytes to each of 1,000 are a million bits: 1 ms on 1 Gbit/s, of which small has one and wide two.
        var tier = Fixtures.tier("feed", kind: .link, nodes: 3, allowedShapes: ["small", "wide"])
        tier.processing = [:]
        tier.sending = Sending(bytes: [.order: 125], subscribers: 1000)
        var wide = Fixtures.shape("wide", cores: 1, onDemand: 0.15, reserved: 0.1)
        wide.networkGbps = 2
        let catalogue = Catalogue(source: "test", shapes: [Fixtures.catalogue.shapes[0], wide])
        let plan = try Planner(options: Fixtures.bare).plan(
            demand: Self.demand([3500]), topology: Fixtures.topology(tier), catalogue: catalogue,
            capacity: LinearCapacity())
        // 3,500 ms a second: four small for $0.264 an hour, or two wide for $0.2.
        #expect(plan.tiers[0].shape == "wide" && plan.tiers[0].nodes == [2, 2, 2, 2])
        #expect(plan.allocation.allSatisfy { $0.bindingResource == .own("bandwidth") })
        #expect(abs(plan.allocation[0].utilisationQ50 - 3.5 / 4) < 1e-9)
        tier.sending?.subscribers = 2000
        let twice = try Planner(options: Fixtures.bare).plan(
            demand: Self.demand([3500]), topology: Fixtures.topology(tier), catalogue: catalogue,
            capacity: LinearCapacity())
        #expect(twice.tiers[0].nodes == [4, 4, 4, 4])
    }

    @Test("a pool that sends holds the smaller of what its cores and its bandwidth carry")
    func poolsSend() throws {
        // One message takes a core 1 ms. Medium has two cores and 1 Gbit/s: 2,000 messages a second, or 1,000 of a million
        // bits.
        var tier = Fixtures.tier(nodes: 2, allowedShapes: ["medium"])
        tier.sending = Sending(bytes: [.order: 12.5], subscribers: 1000)
        let byCores = try Self.plan(Self.demand([3500]), tier, options: Fixtures.bare)
        #expect(byCores.tiers[0].nodes == [2, 2, 2, 2])
        #expect(byCores.allocation[0].bindingResource == .own("cores"))
        tier.sending?.bytes = [.order: 125]
        let byBandwidth = try Self.plan(Self.demand([3500]), tier, options: Fixtures.bare)
        #expect(byBandwidth.tiers[0].nodes == [4, 4, 4, 4])
        #expect(byBandwidth.allocation[0].bindingResource == .own("bandwidth"))
    }

    @Test(
        "a shape with too little memory is not taken, and the excuse says what is missing",
        arguments: TierKind.all.filter { !$0.isOutside })
    func memoryBinds(_ kind: TierKind) throws {
        var tier = Fixtures.tier("tier", kind: kind, allowedShapes: ["small", "roomy"])
        var roomy = Fixtures.shape("roomy", cores: 1, onDemand: 0.3, reserved: 0.2)
        roomy.memoryGiB = 16
        let catalogue = Catalogue(source: "test", shapes: [Fixtures.catalogue.shapes[0], roomy])
        if kind == .session { tier.sessions = Sessions() }
        func plan(_ memory: MemoryNeed?) throws -> Plan {
            tier.memory = memory
            return try Planner(options: Fixtures.bare).plan(
                demand: Self.demand([300, 400]), topology: Fixtures.topology(tier), catalogue: catalogue,
                capacity: LinearCapacity())
        }
        #expect(try plan(nil).tiers[0].shape == "small")
        #expect(try plan(MemoryNeed(perNodeGiB: 2, perSymbolGiB: 1)).tiers[0].shape == "small")
        // Both symbols are on one node of any kind: 2 + 2 × 2 GiB, of which small has 4.
        let larger = try plan(MemoryNeed(perNodeGiB: 2, perSymbolGiB: 2))
        #expect(larger.tiers[0].shape == "roomy" && larger.isFeasible)
        let lacking = ExcuseRow.Rejection.shapeTooSmall(
            shape: "small", .tooLittleMemory(neededGiB: 6, hasGiB: 4))
        #expect(larger.excuses.contains { $0.rejection == lacking && $0.cost == nil })
        #expect(try !plan(MemoryNeed(perNodeGiB: 20)).isFeasible)
    }

    @Test("links share the load, and spares take over")
    func sizesLinks() throws {
        let plan = try Self.plan(Self.demand([3500]), Fixtures.tier("feed", kind: .link))
        // Four carry it; a zone of three that is lost takes two of six with it.
        #expect(plan.tiers[0].nodes == [6, 6, 6, 6])
        let one = try Self.plan(Self.demand([500]), Fixtures.tier("feed", kind: .link))
        #expect(one.tiers[0].nodes == [2, 2, 2, 2])
    }
}
