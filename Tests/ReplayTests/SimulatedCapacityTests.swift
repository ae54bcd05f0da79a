import Exchange
import Replay
import Glibc
import Numerics
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
        // Messages so many that five minutes of them are as good as all.
        let capacity = SimulatedCapacity(seed: 5, shape: .exponential)
        let tier = Self.tier(latencySeconds: services * 1e-4)
        let truth = ErlangC(servers: servers, meanServiceSeconds: 1e-4)
            .largestRate(latencySeconds: services * 1e-4, shareAllowed: 0.01)
        let found = capacity.held(
            by: tier, servers: servers, mix: Self.orders, bursts: Scenarios.poisson)
        // A sequence tells the level to one or two hundredths, and the worst window of an hour lies below the mean.
        #expect((0.965...1.02).contains(found.value / truth), "\(found) against \(truth)")
        #expect(found.lo <= found.value && found.value <= found.hi)
    }

    @Test(
        "hours of fast bursts break as often as they are said to, in every rolling five minutes",
        arguments: [(1, 1e-2, 0.25), (6, 0.1, 1)])
    func fastBursts(servers: Int, meanSeconds: Double, latencySeconds: Double) {
        let profile = Scenarios.bursts(strength: 0.3)
        let model = BurstModel(fitting: profile)
        check(servers, meanSeconds, latencySeconds, profile) { rates, seed in
            // Operational time: at k times the level the clock runs k times as fast.
            let gaps = model.gaps(
                count: Int(3600 * (rates.max() ?? 0)), ratePerSecond: profile.measuredRatePerSecond,
                seed: seed)
            return rates.map { rate in
                gaps.prefix(Int(3600 * rate)).map { $0 * profile.measuredRatePerSecond / rate }
            }
        }
    }

    @Test("hours whose level moves over minutes break as often as they are said to")
    func slowBursts() {
        let profile = BurstProfile(
            measuredRatePerSecond: 100,
            points: [(10, 0.1), (60, 0.06)].map { window, variance in
                BurstProfile.Point(windowSeconds: window, indexOfDispersion: 1 + 100 * window * variance)
            }, origin: "test")
        let model = BurstModel(fitting: profile)
        check(1, 2e-3, 30e-3, profile) { rates, seed in
            // The hour's level is the forecast's, so that the factors have a mean of 1 in it.
            let factors = model.perSecondRates(seconds: 3600, ratePerSecond: 1, seed: seed)
            return rates.map { Self.gaps(of: factors, meanPerSecond: $0, seed: seed) }
        }
    }

    /// The gaps of Poisson arrivals whose rate is a mean times a factor each second.
    private static func gaps(of factors: [Double], meanPerSecond: Double, seed: UInt64) -> [Double] {
        let level = meanPerSecond / mean(factors)
        var random = SplitMix64(seed: seed)
        var gaps: [Double] = []
        var last = 0.0
        for (second, factor) in factors.enumerated() {
            var time = Double(second)
            while true {
                time -= log(1 - random.uniform()) / (level * factor)
                guard time < Double(second + 1) else { break }
                gaps.append(time - last)
                last = time
            }
        }
        return gaps
    }

    /// At levels that break one hour in ten, in two and nine in ten, plain hours break about so often.
    private func check(
        _ servers: Int, _ meanSeconds: Double, _ latencySeconds: Double, _ profile: BurstProfile,
        hour: (_ rates: [Double], _ seed: UInt64) -> [[Double]]
    ) {
        let tier = Self.tier(meanSeconds: meanSeconds, latencySeconds: latencySeconds)
        let levels = SimulatedCapacity(seed: 1, shape: .exponential)
            .breakLevels(of: tier, servers: servers, mix: Self.orders, bursts: profile)
        let told = [0.1, 0.5, 0.9]
        let rates = told.map { chance in
            var (low, high) = (1e-3 / meanSeconds, Double(servers) / meanSeconds)
            for _ in 0..<60 {
                let middle = 0.5 * (low + high)
                if levels.chance(ratePerSecond: middle) < chance { low = middle } else { high = middle }
            }
            return low
        }
        let hours = 30
        var broken = [0, 0, 0]
        for index in 0..<hours {
            for (place, gaps) in hour(rates, UInt64(1000 + index)).enumerated()
            where breaks(
                gaps, servers: servers, meanSeconds: meanSeconds, latencySeconds: latencySeconds,
                seed: UInt64(index))
            {
                broken[place] += 1
            }
        }
        for (place, (least, most)) in [(0.0, 0.3), (0.25, 0.75), (0.7, 1.0)].enumerated() {
            let share = Double(broken[place]) / Double(hours)
            #expect(
                share >= least && share <= most, "\(told[place]) at \(rates[place])/s: \(share) of the hours")
        }
    }

    /// Whether some five minutes that end with a message have more late ones than one in a hundred. First come, first
    /// served, the earliest server found by looking at all of them.
    private func breaks(
        _ gaps: [Double], servers: Int, meanSeconds: Double, latencySeconds: Double, seed: UInt64
    ) -> Bool {
        var random = SplitMix64(seed: seed)
        var free = [Double](repeating: 0, count: servers)
        var times: [Double] = []
        var isLate: [Bool] = []
        var time = 0.0
        var late = 0
        var oldest = 0
        for gap in gaps {
            time += gap
            var first = 0
            for server in 1..<max(1, servers) where free[server] < free[first] { first = server }
            free[first] = max(time, free[first]) - meanSeconds * log(1 - random.uniform())
            times.append(time)
            isLate.append(free[first] - time > latencySeconds)
            if isLate[isLate.count - 1] { late += 1 }
            while times[oldest] <= time - 300 {
                if isLate[oldest] { late -= 1 }
                oldest += 1
            }
            if time >= 300, Double(late) > 0.01 * Double(times.count - oldest) { return true }
        }
        return false
    }

    @Test("more servers never carry less")
    func monotoneInServers() {
        let capacity = SimulatedCapacity(seed: 2)
        let tier = Self.tier(latencySeconds: 2e-3)
        var last = Estimate(exactly: 0)
        for servers in 1...200 {
            let next = capacity.held(
                by: tier, servers: servers, mix: Self.orders, bursts: Scenarios.bursts(strength: 1))
            #expect(next.value >= last.value && next.lo >= last.lo && next.hi >= last.hi)
            last = next
        }
        #expect(last.value > 0)
    }

    @Test("answers do not depend on the order of questions nor on the threads")
    func deterministic() {
        let one = SimulatedCapacity(seed: 3)
        let two = SimulatedCapacity(seed: 3)
        let bursts = Scenarios.bursts(strength: 1)
        let slow = Self.tier(latencySeconds: 2e-3)
        let fast = Self.tier(meanSeconds: 3e-5, latencySeconds: 2e-3)
        @Sendable func ask(_ model: SimulatedCapacity, _ tier: Tier, _ servers: Int) -> Estimate {
            model.held(by: tier, servers: servers, mix: Self.orders, bursts: bursts)
        }
        let forward = [ask(one, slow, 3), ask(one, slow, 20), ask(one, fast, 7)]
        // The other model is asked by two threads at the same time.
        let backward = Parallel.map(3, threads: 2) { index in
            index == 0 ? ask(two, fast, 7) : ask(two, slow, index == 1 ? 20 : 3)
        }
        #expect(forward == backward.reversed())
    }

    @Test("an objective that an idle tier breaks leaves no capacity")
    func impossibleObjective() {
        let capacity = SimulatedCapacity(seed: 1)
        let tier = Self.tier(variation: 0, latencySeconds: 0.5e-4)
        let found = capacity.held(by: tier, servers: 4, mix: Self.orders, bursts: .standard)
        #expect(found == Estimate(exactly: 0))
        let none = capacity.held(by: tier, servers: 0, mix: Self.orders, bursts: .standard)
        #expect(none == Estimate(exactly: 0))
    }

    @Test("an imbalance of a quarter takes a fifth of the capacity")
    func imbalance() {
        let capacity = SimulatedCapacity(seed: 1)
        func rate(_ imbalance: Double) -> Double {
            capacity.held(
                by: Self.tier(latencySeconds: 2e-3, imbalance: imbalance), servers: 4, mix: Self.orders,
                bursts: Scenarios.bursts(strength: 1)
            ).value
        }
        #expect(abs(rate(0.25) / rate(0) - 0.8) < 1e-9)
    }
}
