import Exchange
import Testing

@Suite("A tier on a shape") struct TierShapeTests {
    private static func shape(_ gbps: Double, cores: Int = 1) -> Shape {
        Shape(
            name: "shape", cores: cores, memoryGiB: 4, networkGbps: gbps, onDemandPerHour: .zero,
            reservedPerHour: .zero, warmUpSeconds: 0)
    }

    private static func tier(_ kind: TierKind, _ service: [DemandClass: ServiceTime] = [:]) -> Tier {
        Tier(
            name: "tier", kind: kind, service: service,
            objective: Objective(quantile: 0.99, latencySeconds: 1), nodes: 1, shape: "shape",
            sending: Sending(bytes: [.order: 60], subscribers: 200))
    }

    @Test("sends at the bandwidth of the shape: 60 bytes to 200 are 96,000 bits")
    func sending() {
        let link = Self.tier(.link)
        for (gbps, microseconds) in [(0.78, 96 / 0.78), (6.25, 15.36), (10, 9.6)] {
            let time = link.on(Self.shape(gbps)).service[.order]
            #expect(abs((time?.meanSeconds ?? 0) * 1e3 - microseconds / 1e3) < 1e-9)
            #expect(time?.coefficientOfVariation == 0)
        }
        // Placing it anew forgets the shape before.
        #expect(link.on(Self.shape(0.1)).on(Self.shape(10)) == link.on(Self.shape(10)))
        #expect(link.service[.cancel] == nil && link.binds(nil) == .own("bandwidth"))
    }

    @Test("is busy with whatever takes longer, processing or the server's share of the bandwidth")
    func slower() {
        let processing = [DemandClass.order: ServiceTime(meanSeconds: 50e-6, coefficientOfVariation: 1)]
        let pool = Self.tier(.pool, processing)
        // 96,000 bits on 10 Gbit/s take 9.6 µs of one server, 38.4 of each of four, and 76.8 of each of eight.
        for (cores, microseconds, word) in [(1, 50.0, "cores"), (4, 50, "cores"), (8, 76.8, "bandwidth")] {
            let placed = pool.on(Self.shape(10, cores: cores))
            #expect(abs((placed.service[.order]?.meanSeconds ?? 0) * 1e6 - microseconds) < 1e-9)
            #expect(placed.binds(nil) == .own(word))
        }
        #expect(pool.processing == processing)
    }

    @Test("the standard exchange's link is priced with the bandwidth of its shape")
    func standard() throws {
        let link = try #require(Topology.standard.tiers.first { $0.kind == .link })
        let catalogue = Catalogue(source: "test", shapes: [])
        #expect(link.processing.isEmpty && link.sending != nil)
        #expect(Topology.standard.on(catalogue) == .standard)
        var shape = Self.shape(6.25)
        shape.name = link.shape
        let placed = Topology.standard.on(Catalogue(source: "test", shapes: [shape]))
        let time = placed.tiers.first { $0.kind == .link }?.service[.trade]
        #expect(abs((time?.meanSeconds ?? 0) - 15.36e-6) < 1e-12)
    }

    @Test("needs memory for the node, its symbols and its subscribers")
    func memory() {
        var tier = Self.tier(.link)
        #expect(tier.memoryGiB(symbols: 10) == 0)
        tier.memory = MemoryNeed(perNodeGiB: 1, perSymbolGiB: 0.5, perSubscriberGiB: 0.25)
        #expect(tier.memoryGiB(symbols: 10) == 56)
    }
}
