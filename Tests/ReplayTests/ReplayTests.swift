import Exchange
import Glibc
import Replay
import TestSupport
import Testing
import Units

@Suite("Replay") struct ReplayTests {
    private static let quick = ReplayOptions(seed: 7, threads: 2, replications: 4, messageBudget: 20_000)

    private func run(
        _ tier: Tier, _ demand: DemandPaths, shards: [Int]? = nil, options: ReplayOptions = quick
    ) throws -> ReplayResult {
        try replay(
            demand: demand, topology: Scenarios.single(tier), catalogue: Scenarios.catalogue,
            placement: Scenarios.onShards(shards ?? demand.symbols.map { _ in 0 }), options: options)
    }

    @Test("a shard with Poisson arrivals and exponential service breaks its objective where M/M/1 does")
    func latencySaturationOfAShard() throws {
        // The share over L is exp(−(μ−λ)L), which is 1 % at λ = μ − ln(100)/L.
        let tier = Scenarios.tier(kind: .shard, meanSeconds: 1e-4, latencySeconds: 2e-3)
        var options = ReplayOptions(seed: 1, threads: 2, replications: 12, messageBudget: 60_000)
        options.serviceShape = .exponential
        let result = try run(tier, Scenarios.demand { _, _, _ in 1000 }, options: options)
        let truth = (1e4 - log(100) / 2e-3) / 1000
        let point = try #require(result.point(.slo))
        let found = try #require(point.loadMultiplier)
        // Some five minutes of an hour are busier than all of it, so that it breaks a little below the steady state.
        #expect((0.975...1.005).contains(found.value / truth), "\(found) against \(truth)")
        let rate = try #require(point.ratePerSecond)
        #expect(abs(rate.value / (1000 * found.value) - 1) < 1e-9)
    }

    @Test("latency quantiles of a shard with Poisson arrivals are those of M/M/1")
    func latencyCurveOfAShard() throws {
        let tier = Scenarios.tier(kind: .shard, meanSeconds: 1e-4, latencySeconds: 2e-3)
        var options = ReplayOptions(
            seed: 1, threads: 2, multipliers: [2, 5, 7], replications: 12, messageBudget: 60_000)
        options.serviceShape = .exponential
        let result = try run(tier, Scenarios.demand { _, _, _ in 1000 }, options: options)
        for multiplier in [2.0, 5, 7] {
            let point = try #require(result.latencyCurve.first { $0.loadMultiplier == multiplier })
            let theta = 1e4 - 1000 * multiplier
            // The worst of an hour's rolling five minutes lie above the steady state, the tail the most.
            #expect((0.97...1.05).contains(point.p50Seconds.value * theta / log(2)))
            #expect((0.97...1.15).contains(point.p99Seconds.value * theta / log(100)))
            #expect((0.9...1.3).contains(point.p999Seconds.value * theta / log(1000)))
            let share = exp(-theta * 2e-3)
            // Of some hundreds of thousands of messages none takes as long as one in ten million does.
            let least = share > 1e-5 ? 0.5 * share : 0
            #expect((least...4 * share + 1e-4).contains(point.shareOverObjective.value))
        }
    }

    @Test("stability is capacity over the busiest hour's work, to the last digit, for a constant demand")
    func stability() throws {
        let tier = Scenarios.tier(
            kind: .pool, meanSeconds: 1e-3, latencySeconds: 0.1, nodes: 3, imbalance: 0.5)
        let result = try run(tier, Scenarios.demand(steps: 3) { _, _, _ in 400 })
        let point = try #require(result.point(.stability))
        // Three nodes of two cores, the busiest with half as much again: 6 / 1.5 messages at a time.
        let truth = (3 * 2 / 1.5) / (400 * 1e-3)
        let found = try #require(point.loadMultiplier)
        #expect(abs(found.value / truth - 1) < 1e-12 && found.lo == found.value && found.hi == found.value)
        #expect(point.bindingResource == .own("cores"))
    }

    @Test("stability's interval spans the paths")
    func stabilityOverPaths() throws {
        let tier = Scenarios.tier(kind: .link, meanSeconds: 1e-3, latencySeconds: 0.1)
        let demand = Scenarios.demand(paths: 101) { path, _, _ in 100 + Double(path) }
        let found = try #require(try run(tier, demand).point(.stability)?.loadMultiplier)
        #expect(abs(found.value - 1000 / 150.0) < 1e-9)
        #expect(abs(found.lo - 1000 / 197.5) < 0.02 && abs(found.hi - 1000 / 102.5) < 0.02)
    }

    @Test("doubling the service time halves the stable load")
    func doublingService() throws {
        func stable(_ seconds: Double) throws -> Double? {
            try run(
                Scenarios.tier(kind: .store, meanSeconds: seconds, latencySeconds: 0.1),
                Scenarios.demand(paths: 5) { path, _, _ in 100 + Double(path) }
            ).point(.stability)?.loadMultiplier?.value
        }
        let (one, two) = (try #require(try stable(1e-3)), try #require(try stable(2e-3)))
        #expect(abs(one / two - 2) < 1e-12)
    }

    @Test("burstier arrivals break the objective at a lower load, and well below stability")
    func burstsCost() throws {
        let tier = Scenarios.tier(kind: .shard, meanSeconds: 1e-4, latencySeconds: 5e-3)
        var last = Double.infinity
        for strength in [0, 0.1, 1, 10] {
            let demand = Scenarios.demand(bursts: Scenarios.bursts(strength: strength)) { _, _, _ in 100 }
            let result = try run(tier, demand)
            let latency = try #require(result.point(.slo)?.loadMultiplier?.value)
            let stable = try #require(result.point(.stability)?.loadMultiplier?.value)
            #expect(latency < last)
            #expect(strength < 10 || latency < 0.5 * stable)
            last = latency
        }
    }

    @Test("the result does not depend on the threads")
    func threads() throws {
        let demand = Scenarios.demand(
            symbols: 3, paths: 4, steps: 5, bursts: Scenarios.bursts(strength: 1)
        ) { path, symbol, step in Double(10 + 3 * path + 20 * symbol + step) }
        let tier = Scenarios.tier(kind: .shard, meanSeconds: 1e-3, latencySeconds: 0.02)
        var options = Self.quick
        options.threads = 1
        let one = try run(tier, demand, shards: [0, 1, 1], options: options)
        options.threads = 3
        #expect(try run(tier, demand, shards: [0, 1, 1], options: options) == one)
        options.seed = 8
        #expect(try run(tier, demand, shards: [0, 1, 1], options: options) != one)
    }
}
