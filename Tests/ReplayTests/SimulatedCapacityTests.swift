import Exchange
import Replay
import Glibc
import TestSupport
import Testing
import Units

@Suite("Capacity by simulation") struct SimulatedCapacityTests {
    private static let orders = ClassRates(perSecond: [1, 0, 0, 0])

    private static func tier(
        meanSeconds: Double = 1e-4, variation: Double = 1, latencySeconds: Double, imbalance: Double = 0
    ) -> Tier {
        Scenarios.tier(
            kind: .pool, meanSeconds: meanSeconds, variation: variation, latencySeconds: latencySeconds,
            imbalance: imbalance)
    }

    @Test(
        "Poisson arrivals and exponential service agree with Erlang C",
        arguments: [1, 2, 5, 12, 64, 100, 256], [7.0, 20])
    func erlangC(servers: Int, services: Double) {
        let capacity = SimulatedCapacity(
            seed: 5, replications: 8, messageBudget: 40_000, threads: 2, shape: .exponential)
        let tier = Self.tier(latencySeconds: services * 1e-4)
        let truth = ErlangC(servers: servers, meanServiceSeconds: 1e-4)
            .largestRate(latencySeconds: services * 1e-4, shareAllowed: 0.01)
        let found = capacity.largestRate(
            of: tier, servers: servers, mix: Self.orders, bursts: Scenarios.poisson)
        #expect(abs(found.value / truth - 1) < 0.025, "\(found) against \(truth)")
        #expect(found.lo <= found.value && found.value <= found.hi)
    }

    @Test(
        "at the capacity found, a plain simulation of bursts breaks the objective by the share allowed",
        arguments: [1, 6, 128])
    func plainSimulationAgrees(servers: Int) {
        let profile = Scenarios.bursts(strength: 0.3)
        let meanSeconds = 0.04 * Double(servers) / 128
        // A step of five minutes is its own worst window, so that the two simulate the same thing.
        let capacity = SimulatedCapacity(
            seed: 1, replications: 8, messageBudget: 60_000, threads: 2, stepSeconds: 300, shape: .exponential
        )
        let tier = Self.tier(meanSeconds: meanSeconds, latencySeconds: 0.3)
        let rate = capacity.largestRate(of: tier, servers: servers, mix: Self.orders, bursts: profile)
        let model = BurstModel(fitting: profile)
        let shares = (0..<8).map { seed in
            plainShareOver(
                model.gaps(windowSeconds: 300, ratePerSecond: rate.value, seed: UInt64(100 + seed)),
                servers: servers, meanSeconds: meanSeconds, latencySeconds: 0.3, seed: UInt64(seed))
        }
        #expect(abs(mean(shares) - 0.01) < 4 * standardError(shares) + 0.002, "\(shares)")
        #expect(rate.value < 0.95 * Double(servers) / meanSeconds)
    }

    @Test("more servers never carry less")
    func monotoneInServers() {
        let capacity = SimulatedCapacity(seed: 2, replications: 2, messageBudget: 4000, threads: 2)
        let tier = Self.tier(latencySeconds: 2e-3)
        var last = Estimate(exactly: 0)
        for servers in 1...200 {
            let next = capacity.largestRate(
                of: tier, servers: servers, mix: Self.orders, bursts: Scenarios.bursts(strength: 1))
            #expect(next.value >= last.value && next.lo >= last.lo && next.hi >= last.hi)
            last = next
        }
        #expect(last.value > 0)
    }

    @Test("answers do not depend on the order of questions nor on the threads")
    func deterministic() {
        let one = SimulatedCapacity(seed: 3, replications: 3, messageBudget: 4000, threads: 1)
        let two = SimulatedCapacity(seed: 3, replications: 3, messageBudget: 4000, threads: 2)
        let bursts = Scenarios.bursts(strength: 1)
        let slow = Self.tier(latencySeconds: 2e-3)
        let fast = Self.tier(meanSeconds: 3e-5, latencySeconds: 2e-3)
        func ask(_ model: SimulatedCapacity, _ tier: Tier, _ servers: Int) -> Estimate {
            model.largestRate(of: tier, servers: servers, mix: Self.orders, bursts: bursts)
        }
        let forward = [ask(one, slow, 3), ask(one, slow, 20), ask(one, fast, 7)]
        let backward = [ask(two, fast, 7), ask(two, slow, 20), ask(two, slow, 3)]
        #expect(forward == backward.reversed())
    }

    @Test("an objective that an idle tier breaks leaves no capacity")
    func impossibleObjective() {
        let capacity = SimulatedCapacity(seed: 1, replications: 2, messageBudget: 2000)
        let tier = Self.tier(variation: 0, latencySeconds: 0.5e-4)
        let found = capacity.largestRate(of: tier, servers: 4, mix: Self.orders, bursts: .standard)
        #expect(found == Estimate(exactly: 0))
        let none = capacity.largestRate(of: tier, servers: 0, mix: Self.orders, bursts: .standard)
        #expect(none == Estimate(exactly: 0))
    }

    @Test("an imbalance of a quarter takes a fifth of the capacity")
    func imbalance() {
        let capacity = SimulatedCapacity(seed: 1, replications: 2, messageBudget: 4000)
        func rate(_ imbalance: Double) -> Double {
            capacity.largestRate(
                of: Self.tier(latencySeconds: 2e-3, imbalance: imbalance), servers: 4, mix: Self.orders,
                bursts: Scenarios.bursts(strength: 1)
            ).value
        }
        #expect(abs(rate(0.25) / rate(0) - 0.8) < 1e-9)
    }

    /// First come, first served, the earliest server found by looking at all of them.
    private func plainShareOver(
        _ gaps: [Double], servers: Int, meanSeconds: Double, latencySeconds: Double, seed: UInt64
    ) -> Double {
        var random = SplitMix64(seed: seed)
        var free = [Double](repeating: 0, count: servers)
        var time = 0.0
        var over = 0
        for gap in gaps {
            time += gap
            var first = 0
            for server in 1..<max(1, servers) where free[server] < free[first] { first = server }
            let service = -meanSeconds * log(1 - random.uniform())
            free[first] = max(time, free[first]) + service
            if free[first] - time > latencySeconds { over += 1 }
        }
        return Double(over) / Double(max(1, gaps.count))
    }
}
