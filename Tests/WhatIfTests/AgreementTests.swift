import Exchange
import Foundation
import Numerics
import Replay
import Testing
import Units
import WhatIf

/// The second-by-second simulation beside one that follows every order.
@Suite("A second's latency")
struct AgreementTests {
    /// Sojourn times of every order through a first come, first served pool, the obvious way: each order takes the
    /// server that is free first.
    static func everyOrder(gaps: [Double], servers: Int, meanSeconds: Double, seed: UInt64) -> [Double] {
        var random = Random(seed: seed, stream: 3)
        var free = [Double](repeating: 0, count: servers)
        var now = 0.0
        return gaps.map { gap in
            now += gap
            let first = free.indices.min { free[$0] < free[$1] } ?? 0
            let start = max(now, free[first])
            free[first] = start + meanSeconds * random.lognormal(coefficientOfVariation: 1)
            return free[first] - now
        }
    }

    @Test("is that of every order followed, where arrivals bunch", arguments: [(1, 0.1), (4, 0.1), (4, 0.3)])
    func bunched(servers: Int, load: Double) throws {
        var input = Fixtures.input(
            [Fixtures.tier(nodes: servers, meanSeconds: 1e-4, latencySeconds: 10, variation: 1)],
            rates: [load * Double(servers) * 1e4])
        // Bursts below a tenth of a second alone, which no second's mean shows much of.
        let model = BurstModel(components: [
            BurstModel.Component(timeScaleSeconds: 0.02, variance: 4)
        ])
        let rate = input.tradesPerSecond[0]
        input.symbols[0].bursts = BurstProfile(
            measuredRatePerSecond: rate,
            points: [
                BurstProfile.Point(
                    windowSeconds: 0.04,
                    indexOfDispersion: model.indexOfDispersion(windowSeconds: 0.04, ratePerSecond: rate))
            ], origin: "test")
        let fitted = BurstModel(fitting: input.symbols[0].bursts)
        // Ten minutes in pieces of ten seconds, each from an idle start.
        var times: [Double] = []
        for seed in 1...60 as ClosedRange<UInt64> {
            let gaps = fitted.gaps(windowSeconds: 10, ratePerSecond: rate, seed: seed)
            times += Self.everyOrder(gaps: gaps, servers: servers, meanSeconds: 1e-4, seed: seed)
        }
        times.sort()
        let p50 = Summary.quantile(sorted: times, 0.5)
        let p99 = Summary.quantile(sorted: times, 0.99)
        var options = Fixtures.plain
        options.hasBursts = true
        for seed in [1, 2, 3] as [UInt64] {
            options.seed = seed
            let row = try #require(
                try simulate(try Fixtures.scenario("surge:x=1.0001,hold=1s"), on: input, options: options)
                    .timeline.first)
            #expect(abs(log(row.p50Seconds / p50)) < 0.35, "p50 \(row.p50Seconds) \(p50)")
            #expect(abs(log(row.p99Seconds / p99)) < 0.4, "p99 \(row.p99Seconds) \(p99)")
        }
    }

    @Test(
        "is that of every order followed, where arrivals are Poisson",
        arguments: [(1, 0.6), (4, 0.8), (16, 0.9)])
    func poisson(servers: Int, load: Double) throws {
        let rate = load * Double(servers) * 1e4
        let input = Fixtures.input(
            [Fixtures.tier(nodes: servers, meanSeconds: 1e-4, latencySeconds: 10, variation: 1)],
            rates: [rate])
        let gaps = BurstModel.poisson.gaps(count: 1_000_000, ratePerSecond: rate, seed: 1)
        let times = Self.everyOrder(gaps: gaps, servers: servers, meanSeconds: 1e-4, seed: 1).sorted()
        let row = try #require(
            try simulate(
                try Fixtures.scenario("surge:x=1.0001,hold=1s"), on: input, options: Fixtures.plain
            ).timeline.first)
        #expect(abs(row.p50Seconds / Summary.quantile(sorted: times, 0.5) - 1) < 0.12)
        #expect(abs(row.p99Seconds / Summary.quantile(sorted: times, 0.99) - 1) < 0.2)
        #expect(abs(row.p999Seconds / Summary.quantile(sorted: times, 0.999) - 1) < 0.3)
    }
}
