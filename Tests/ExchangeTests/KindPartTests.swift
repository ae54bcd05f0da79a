import Exchange
import Testing
import Units

@Suite("What only some kinds of tier have") struct KindPartTests {
    private static func shape(memoryGiB: Double = 4) -> Shape {
        Shape(
            name: "shape", cores: 2, memoryGiB: memoryGiB, networkGbps: 1, onDemandPerHour: .zero,
            reservedPerHour: .zero, warmUpSeconds: 0)
    }

    private static func tier(_ kind: TierKind) -> Tier {
        Tier(
            name: "tier", kind: kind,
            service: [.order: ServiceTime(meanSeconds: 1e-3, coefficientOfVariation: 1)],
            objective: Objective(quantile: 0.99, latencySeconds: 1), nodes: 2, shape: "shape")
    }

    private static let orders = ClassRates(perSecond: [1, 0, 0, 0])

    @Test("connections are sessions a second times their length, or what is stated")
    func littlesLaw() {
        // One login in 200 messages, each session of an hour: 18 connections for each message a second.
        #expect(Sessions(perMessage: 0.005, lengthSeconds: 3600).connectionsPerRate == 18)
        #expect(Sessions(perMessage: 0.005, lengthSeconds: 3600, statedPerRate: 7).connectionsPerRate == 7)
    }

    @Test(
        "nodes hold connections by memory and file descriptors, the scarcer binds, cores where neither does")
    func connectionsBind() {
        var tier = Self.tier(.session)
        tier.memory = MemoryNeed(perNodeGiB: 1)
        tier.sessions = Sessions(
            statedPerRate: 40, descriptorsPerNode: 20_000, descriptorsPerConnection: 2, kibPerConnection: 256)
        // 3 GiB are left: 12,288 connections; 10,000 by descriptors; 250 messages a second on one node.
        let limit = tier.tightestLimit(nodes: 2, on: Self.shape(), mix: Self.orders)
        #expect(limit == ResourceLimit(resource: .own("file descriptors"), messagesPerSecond: 500))
        #expect(tier.workDone(nodes: 2, on: Self.shape(), mix: Self.orders) == 0.5)
        #expect(tier.binds(nil, nodes: 2, on: Self.shape(), mix: Self.orders) == .own("file descriptors"))
        let small = Self.shape(memoryGiB: 2)
        #expect(tier.binds(nil, nodes: 2, on: small, mix: Self.orders) == .own("connection memory"))
        tier.sessions?.statedPerRate = 1
        // Four cores of 1 ms do 4,000 messages a second, and the descriptors hold 20,000.
        #expect(tier.binds(nil, nodes: 2, on: Self.shape(), mix: Self.orders) == .own("cores"))
        #expect(tier.workDone(nodes: 2, on: Self.shape(), mix: Self.orders) == 4)
    }

    @Test("members go to the emptiest zone, there to the emptiest placement group")
    func layout() {
        let zones = ["a", "b", "c"]
        let plain = Quorum().layout(of: 5, zones: zones)
        #expect(zones.indices.map(plain.inZone) == [2, 2, 1] && plain.fullestGroup == 0)
        let groups = [("x", "a"), ("y", "b"), ("z", "b")].map {
            Quorum.PlacementGroup(name: $0.0, zone: $0.1)
        }
        let grouped = Quorum(groups: groups).layout(of: 3, zones: zones)
        #expect(zones.indices.map(grouped.inZone) == [2, 1, 0] && grouped.fullestGroup == 2)
        #expect(grouped.living(without: [0], groups: []) == 1)
        #expect(grouped.living(without: [], groups: [1]) == 2)
        #expect(grouped.living(without: [1], groups: [1]) == 2)
    }

    @Test(
        "a majority outlives the loss of a zone where there are three, and of as many members as f of 2f + 1",
        arguments: [(1, 1), (1, 2), (1, 3), (2, 3), (2, 5), (3, 5)])
    func majorities(spares: Int, zoneCount: Int) {
        let zones = (0..<zoneCount).map { "z\($0)" }
        let survival = Survival(zoneCount: zoneCount, spareNodes: spares, survivesZoneLoss: true)
        let tier = Self.tier(.quorum)
        let members = TierKind.quorum.nodesToRun(1, survival)
        let lost = tier.lostMajorities(of: members, zones: zones, survival).map(\.loss)
        #expect(lost.contains(.zone) == (zoneCount == 2))
        #expect(lost.contains(.members(spares)) == (spares > 2))
        #expect(members == (spares > 1 ? 5 : 3))
    }

    @Test("keys of another kind, missing keys and names that do not fit are told")
    func problems() {
        func problem(_ change: (inout Tier) -> Void, _ kind: TierKind = .pool) -> String {
            var tier = Self.tier(kind)
            change(&tier)
            let topology = Topology(tiers: [tier], sources: [.order: "tier"], edges: [])
            return topology.issues().map(\.message).joined(separator: "; ")
        }
        #expect(problem { _ in }.isEmpty)
        #expect(problem({ _ in }, .session).contains("of the kind session and needs the key 'session'"))
        #expect(problem { $0.sessions = Sessions() }.contains("'session' is a key of the kind session"))
        #expect(problem({ _ in }, .external).contains("needs the key 'quota'"))
        let quota = Quota(prices: [Quota.Price(name: "basic", requests: 1, perMonth: .zero)])
        #expect(problem({ $0.quota = quota }, .external).contains("has no quota 'shape'"))
        #expect(problem({ ($0.quota, $0.shape) = (quota, "basic") }, .external).isEmpty)
        #expect(problem({ $0.staffing = Staffing() }, .staff).isEmpty)
        #expect(
            problem({ ($0.staffing, $0.rules.batch) = (Staffing(), 2) }, .staff).contains("leave 'queue' out")
        )
    }

    @Test("quotas and people are shapes of a catalogue, at the price of an hour")
    func ownShapes() throws {
        var external = Self.tier(.external)
        external.quota = Quota(
            prices: [
                Quota.Price(name: "basic", requests: 600, window: .minute, perMonth: Money(dollars: 730))
            ])
        external.shape = "basic"
        #expect(external.quota?.price(named: "basic")?.requestsPerSecond == 10)
        var staff = Self.tier(.staff)
        (staff.name, staff.shape) = ("support", "agent")
        staff.staffing = Staffing(
            shrinkage: 0.3, perHour: Money(dollars: 30), permanentPerHour: Money(dollars: 20))
        #expect(staff.staffing?.answering(of: 10) == 7)
        let topology = Topology(tiers: [external, staff], sources: [:], edges: [])
        let catalogue = Catalogue(source: "test", shapes: [Self.shape()]).with(ownShapesOf: topology)
        #expect(catalogue.shapes.map(\.name).sorted() == ["agent", "basic", "shape"])
        #expect(catalogue.shape(named: "basic")?.reservedPerHour == Money(dollars: 1))
        #expect(catalogue.shape(named: "agent")?.onDemandPerHour == Money(dollars: 30))
        #expect(catalogue.with(ownShapesOf: topology) == catalogue)
    }

    @Test("what is kept grows in a line up to the retention, and stays")
    func retention() {
        // A GiB in a thousand seconds, kept for ten thousand; four GiB lie there.
        let rate = Storage.gib / 1000
        var storage = Storage(retentionSeconds: 10_000, diskGiB: 8, usedGiB: 4)
        // Five seconds in, 5 / 1000 came and 5 / 10,000 of four went.
        #expect(abs(storage.usedGiB(afterSeconds: 5, bytesPerSecond: rate) - (4 + 0.005 - 0.002)) < 1e-12)
        #expect(abs(storage.usedGiB(afterSeconds: 1e6, bytesPerSecond: rate) - 10) < 1e-9)
        // Net 0.6 GiB in a thousand seconds, of four that are free.
        #expect(abs((storage.secondsUntilFull(bytesPerSecond: rate) ?? 0) - 4000 / 0.6) < 1e-6)
        storage.diskGiB = 10.5
        #expect(storage.secondsUntilFull(bytesPerSecond: rate) == nil)
        storage.retentionSeconds = nil
        #expect(abs((storage.secondsUntilFull(bytesPerSecond: rate) ?? 0) - 6500) < 1e-6)
        #expect(Storage.seconds(gib: 10, mibPerSecond: 100) == 102.4)
    }
}
