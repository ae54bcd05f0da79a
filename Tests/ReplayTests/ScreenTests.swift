import Exchange
import Glibc
import Replay
import TestSupport
import Testing
import Units

@Suite("Screen, shards and journeys") struct ScreenTests {
    private static let quick = ReplayOptions(seed: 7, threads: 2, replications: 2, messageBudget: 4000)

    @Test("more load never lowers utilisation, and every cell is work over capacity")
    func utilisation() throws {
        let tier = Scenarios.tier(kind: .pool, meanSeconds: 2e-3, latencySeconds: 0.1, nodes: 2)
        var random = SplitMix64(seed: 1)
        let levels = (0..<24).map { _ in 100 * random.uniform() }
        func table(_ factor: Double) throws -> UtilisationTable {
            let demand = Scenarios.demand(symbols: 2, paths: 3, steps: 4) { path, symbol, step in
                factor * levels[(path * 2 + symbol) * 4 + step]
            }
            return try replay(
                demand: demand, topology: Scenarios.single(tier), catalogue: Scenarios.catalogue,
                placement: [:], options: Self.quick
            ).utilisation
        }
        let (one, more) = (try table(1), try table(1.5))
        for path in 0..<3 {
            for step in 0..<4 {
                let rate = levels[(path * 2) * 4 + step] + levels[(path * 2 + 1) * 4 + step]
                #expect(abs(one.messagesPerSecond(row: 0, path: path, step: step) - rate) < 1e-9)
                #expect(abs(one.utilisation(row: 0, path: path, step: step) - rate * 2e-3 / 4) < 1e-12)
                #expect(
                    more.utilisation(row: 0, path: path, step: step)
                        > one.utilisation(row: 0, path: path, step: step))
            }
        }
    }

    @Test("each symbol loads its own shard, and a shard is bound by its heaviest symbol")
    func shards() throws {
        let tier = Scenarios.tier(kind: .shard, meanSeconds: 1e-3, latencySeconds: 0.1, nodes: 2)
        let result = try replay(
            demand: Scenarios.demand(symbols: 4) { _, symbol, _ in [10.0, 20, 30, 40][symbol] },
            topology: Scenarios.single(tier), catalogue: Scenarios.catalogue,
            placement: Scenarios.onShards([0, 2, 0, 2]), options: Self.quick)
        let rates = (0..<3).map { result.utilisation.messagesPerSecond(row: $0, path: 0, step: 0) }
        #expect(rates == [40, 0, 60])
        #expect(result.utilisation.rows.map(\.shard) == ["tier-0", "tier-1", "tier-2"])
        #expect(result.point(.stability, shard: "tier-0")?.bindingResource == .singleWriter(symbol: "S2"))
        #expect(result.point(.stability, shard: "tier-2")?.bindingResource == .singleWriter(symbol: "S3"))
        // A shard without symbols has no load to multiply.
        let idle = result.saturation.filter { $0.shard == "tier-1" }
        #expect(idle.count == 3 && idle.allSatisfy { $0.loadMultiplier == nil })
    }

    @Test(
        "a tier whose throughput has a largest figure saturates there, with the date on which it is reached")
    func peak() throws {
        var tier = Scenarios.tier(kind: .pool, meanSeconds: 1e-3, latencySeconds: 0.1, nodes: 100)
        // √((1 − 0.36)/0.0001) = 80 nodes do 100 × 80 / (1 + 0.36 × 79 + 0.0001 × 80 × 79).
        tier.scalability = Scalability(contention: 0.36, coherency: 1e-4, scalePerSecond: 100)
        let largest = 8000 / (1 + 0.36 * 79 + 0.0001 * 80 * 79)
        let result = try replay(
            demand: Scenarios.demand(steps: 3) { _, _, step in [50.0, 300, 100][step] },
            topology: Scenarios.single(tier), catalogue: Scenarios.catalogue, placement: [:],
            options: Self.quick)
        let point = try #require(result.point(.uslPeak))
        #expect(abs((point.loadMultiplier?.value ?? 0) - largest / 300) < 1e-9)
        #expect(point.reachedAt == Timestamp(seconds: 1_700_003_600))
        tier.scalability?.coherency = 0
        let endless = try replay(
            demand: Scenarios.demand { _, _, _ in 50 }, topology: Scenarios.single(tier),
            catalogue: Scenarios.catalogue, placement: [:], options: Self.quick)
        #expect(endless.point(.uslPeak) != nil && endless.point(.uslPeak)?.loadMultiplier == nil)
    }

    @Test("only the primary's cores serve a store, whatever its nodes")
    func store() throws {
        let values = try [1, 5].map { nodes in
            let tier = Scenarios.tier(kind: .store, meanSeconds: 1e-3, latencySeconds: 0.1, nodes: nodes)
            return try replay(
                demand: Scenarios.demand { _, _, _ in 100 }, topology: Scenarios.single(tier),
                catalogue: Scenarios.catalogue, placement: [:], options: Self.quick
            ).point(.stability)?.loadMultiplier?.value
        }
        #expect(values.allSatisfy { abs(($0 ?? 0) / 20 - 1) < 1e-12 })
    }

    @Test("a point is reached in the first step whose 99 % quantile gets there")
    func reachedAt() throws {
        let tier = Scenarios.tier(kind: .link, meanSeconds: 1e-3, latencySeconds: 0.1)
        let demand = Scenarios.demand(paths: 3, steps: 10) { _, _, step in 150 * Double(step) }
        let result = try replay(
            demand: demand, topology: Scenarios.single(tier), catalogue: Scenarios.catalogue, placement: [:],
            options: Self.quick)
        // Work reaches capacity, 1000 messages a second, between steps 6 and 7.
        #expect(result.point(.stability)?.reachedAt == demand.time(ofStep: 7))
        let latency = try #require(result.point(.slo))
        let rate = try #require(latency.ratePerSecond?.value)
        #expect(latency.reachedAt == demand.time(ofStep: Int((rate / 150).rounded(.up))))
    }

    @Test("what holds up to the largest load that is searched has no point in range")
    func noneInRange() throws {
        let tier = Scenarios.tier(kind: .pool, meanSeconds: 1e-3, latencySeconds: 0.1)
        var options = Self.quick
        options.largestMultiplier = 50
        let result = try replay(
            demand: Scenarios.demand { _, _, _ in 0.5 }, topology: Scenarios.single(tier),
            catalogue: Scenarios.catalogue, placement: [:], options: options)
        #expect(result.saturation.filter { $0.kind != .knee }.allSatisfy { $0.loadMultiplier == nil })
    }

    @Test("a journey through two exponential servers takes the sum of two exponential times")
    func journeyOfTwoQueues() throws {
        // With Poisson arrivals the sojourn times of a message in two single servers in a row are independent
        // (Reich 1963), exponential with rates 10000 − 5000 and 8000 − 5000.
        let gateway = Tier(
            name: "gateway", kind: .link,
            service: [.order: ServiceTime(meanSeconds: 1e-4, coefficientOfVariation: 1)],
            objective: Objective(quantile: 0.99, latencySeconds: 1e-3), nodes: 1, shape: "small")
        let matching = Tier(
            name: "matching", kind: .shard,
            service: [.order: ServiceTime(meanSeconds: 1.25e-4, coefficientOfVariation: 1)],
            objective: Objective(quantile: 0.99, latencySeconds: 1e-3), nodes: 1, shape: "small")
        let topology = Topology(
            tiers: [gateway, matching], sources: [.order: "gateway"],
            edges: [Topology.Edge(from: "gateway", to: "matching", carries: [.order: 1])])
        let result = try replay(
            demand: Scenarios.demand { _, _, _ in 1000 }, topology: topology, catalogue: Scenarios.catalogue,
            placement: Scenarios.onShards([0]),
            options: ReplayOptions(
                seed: 2, threads: 2, multipliers: [5], replications: 12, messageBudget: 60_000,
                serviceShape: .exponential))
        let point = try #require(
            result.latencyCurve.first { $0.scope == .journey && $0.loadMultiplier == 5 })
        func tail(_ seconds: Double) -> Double {
            (5000 * exp(-3000 * seconds) - 3000 * exp(-5000 * seconds)) / 2000
        }
        #expect(abs(tail(point.p50Seconds.value) / 0.5 - 1) < 0.03)
        #expect(abs(tail(point.p99Seconds.value) / 0.01 - 1) < 0.2)
        #expect(abs(point.shareOverObjective.value / tail(2e-3) - 1) < 0.15)
        let p99 = ["gateway", "matching"].compactMap { name in
            result.latencyCurve.first { $0.scope == .tier(name) && $0.loadMultiplier == 5 }?.p99Seconds.value
        }
        #expect(p99.count == 2 && point.p99Seconds.value < p99[0] + p99[1])
        #expect(
            result.point(.slo, .journey)?.bindingResource == .inTier("matching", .singleWriter(symbol: "S0")))
    }

    @Test("what cannot be replayed is refused with a reason")
    func refusals() throws {
        let demand = Scenarios.demand { _, _, _ in 1 }
        var tier = Scenarios.tier(kind: .shard, meanSeconds: 1e-3, latencySeconds: 0.1)
        func attempt(_ tier: Tier, placement: [String: Placement], demand: DemandPaths) throws -> ReplayResult
        {
            try replay(
                demand: demand, topology: Scenarios.single(tier), catalogue: Scenarios.catalogue,
                placement: placement, options: Self.quick)
        }
        #expect(throws: ReplayError.placement(tier: "tier", symbolsExpected: 1, symbolsFound: nil)) {
            try attempt(tier, placement: [:], demand: demand)
        }
        #expect(throws: ReplayError.placement(tier: "tier", symbolsExpected: 1, symbolsFound: 2)) {
            try attempt(tier, placement: Scenarios.onShards([0, 0]), demand: demand)
        }
        let none = Scenarios.demand(paths: 0) { _, _, _ in 1 }
        #expect(throws: ReplayError.noDemand) {
            try attempt(tier, placement: Scenarios.onShards([0]), demand: none)
        }
        tier.shape = "huge"
        #expect(throws: ReplayError.unknownShape(tier: "tier", shape: "huge", known: ["small"])) {
            try attempt(tier, placement: Scenarios.onShards([0]), demand: demand)
        }
        tier.service = [:]
        #expect(throws: ReplayError.self) {
            try attempt(tier, placement: Scenarios.onShards([0]), demand: demand)
        }
    }
}
