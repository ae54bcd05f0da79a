import Exchange
import Testing

@Suite("Topologies")
struct TopologyTests {
    private func tier(_ name: String, classes: [DemandClass] = [.order]) -> Tier {
        Tier(
            name: name, kind: .pool,
            service: Dictionary(
                uniqueKeysWithValues: classes.map {
                    ($0, ServiceTime(meanSeconds: 1e-3, coefficientOfVariation: 1))
                }),
            objective: Objective(quantile: 0.99, latencySeconds: 1), nodes: 1, shape: "s")
    }

    private func edge(_ from: String, _ to: String, _ carries: [DemandClass: Double] = [.order: 1])
        -> Topology.Edge
    {
        Topology.Edge(from: from, to: to, carries: carries)
    }

    @Test("the standard exchange has no issues, and each tier sees what the edges bring")
    func standard() {
        #expect(Topology.standard.issues().isEmpty)
        let visits = Topology.standard.visits()
        #expect(visits[0] == ClassRates(perSecond: [1, 1, 1, 0]))
        #expect(visits[2] == ClassRates(perSecond: [1, 1, 0, 1]))
        #expect(visits[4] == ClassRates(perSecond: [0, 0, 0, 2]))
    }

    @Test("visits multiply along a path and add up where paths meet")
    func visits() {
        let topology = Topology(
            tiers: [tier("d"), tier("b"), tier("c"), tier("a")], sources: [.order: "a"],
            edges: [
                edge("a", "b", [.order: 2]), edge("a", "c", [.order: 3]), edge("b", "d", [.order: 5]),
                edge("c", "d", [.order: 7]),
            ])
        #expect(topology.issues().isEmpty)
        #expect(topology.flowOrder()?.first == 3 && topology.flowOrder()?.last == 0)
        #expect(topology.visits().map { $0[.order] } == [2 * 5 + 3 * 7, 2, 3, 1])
    }

    @Test("a circle is named along its way")
    func circle() {
        let topology = Topology(
            tiers: [tier("a"), tier("b"), tier("c")], sources: [.order: "a"],
            edges: [edge("a", "b"), edge("b", "c"), edge("c", "b")])
        let issues = topology.issues()
        #expect(issues.count == 1 && issues[0].place == .edge(1))
        #expect(issues[0].message.contains("b → c → b"))
        #expect(topology.flowOrder() == nil)
    }

    @Test("names that do not exist or exist twice, and tiers without feed or work, are all told")
    func issues() {
        func messages(_ topology: Topology) -> [String] { topology.issues().map(\.message) }
        #expect(
            messages(Topology(tiers: [], sources: [:], edges: [])) == ["a topology needs at least one tier"])
        #expect(
            messages(Topology(tiers: [tier("a"), tier("a")], sources: [.order: "a"], edges: [])) == [
                "the tier 'a' is already declared"
            ])
        let lost = Topology(tiers: [tier("a")], sources: [.order: "x"], edges: [edge("a", "y")])
        #expect(lost.issues().map(\.place) == [.source(.order), .edge(0)])
        let idle = Topology(
            tiers: [tier("a"), tier("b", classes: [.trade])], sources: [.order: "a"], edges: [edge("a", "b")])
        #expect(messages(idle) == ["the tier 'b' has no service time for the messages that reach it (order)"])
        let unfed = Topology(tiers: [tier("a"), tier("b")], sources: [.order: "a"], edges: [])
        #expect(messages(unfed)[0].hasPrefix("no messages reach the tier 'b'"))
        let empty = Topology(
            tiers: [tier("a"), tier("b")], sources: [.order: "a"],
            edges: [edge("a", "b", [.order: 1, .query: 1])])
        #expect(messages(empty) == ["carries 'query', which never reaches the tier 'a'"])
    }

    @Test("the moments of a mixed service are those of the mixture")
    func mixture() throws {
        var tier = tier("a", classes: [.order, .cancel])
        tier.service[.cancel] = ServiceTime(meanSeconds: 3e-3, coefficientOfVariation: 0)
        let mixed = try #require(tier.mixedService(of: ClassRates(perSecond: [3, 1, 100, 0])))
        // E = (3 · 1 + 1 · 3) / 4 ms; E² = (3 · 2 + 1 · 9) / 4 ms².
        #expect(abs(mixed.meanSeconds - 1.5e-3) < 1e-15)
        #expect(abs(mixed.coefficientOfVariation - (15.0 / 4 - 2.25).squareRoot() / 1.5) < 1e-12)
        #expect(tier.mixedService(of: .zero) == nil)
        #expect(abs(tier.work(of: ClassRates(perSecond: [3, 1, 100, 0])) - 6e-3) < 1e-15)
    }

    @Test("a mixture is the same to the last digit whatever order its classes lie in")
    func mixtureOrder() {
        let means = [(DemandClass.order, 1.1e-5), (.cancel, 0.7e-5), (.query, 3.3e-5), (.trade, 0.9e-7)]
        let rates = ClassRates(perSecond: [0.1, 0.7, 0.3, 1e5])
        // A dictionary's order depends on its capacity and on the process.
        let mixed = (2..<12).map { power -> ServiceTime? in
            var service = [DemandClass: ServiceTime](minimumCapacity: 1 << power)
            for (demandClass, mean) in means {
                service[demandClass] = ServiceTime(meanSeconds: mean, coefficientOfVariation: 0.7)
            }
            var tier = tier("a", classes: [])
            tier.service = service
            return tier.mixedService(of: rates)
        }
        #expect(mixed[0] != nil && mixed.allSatisfy { $0 == mixed[0] })
    }

    @Test("a profile carried to its own rate stays, and exponents rise from a third to one")
    func bursts() {
        let profile = BurstProfile.standard
        #expect(profile.carriedVarianceFactor(toRate: 119, windowSeconds: 0.1) == 1)
        #expect(abs(profile.carriedVarianceFactor(toRate: 11_900, windowSeconds: 1) - 0.158489319) < 1e-8)
        #expect(BurstProfile.growthExponent(windowSeconds: 1e-6) == 0.3)
        #expect(BurstProfile.growthExponent(windowSeconds: 60) == 1)
        var last = 0.0
        for window in [0.001, 0.01, 0.1, 1, 3, 10] {
            let exponent = BurstProfile.growthExponent(windowSeconds: window)
            #expect(exponent > last)
            last = exponent
        }
    }
}
