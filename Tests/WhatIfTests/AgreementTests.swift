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
            free[first] = start + meanSeconds * random.exponential()
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
        var p50: [Double] = []
        var p99: [Double] = []
        for seed in 1...8 as ClosedRange<UInt64> {
            let gaps = fitted.gaps(windowSeconds: 30, ratePerSecond: rate, seed: seed)
            let times = Self.everyOrder(gaps: gaps, servers: servers, meanSeconds: 1e-4, seed: seed)
            p50.append(Summary.quantile(times, 0.5))
            p99.append(Summary.quantile(times, 0.99))
        }
        var options = Fixtures.plain
        options.hasBursts = true
        for seed in [1, 2, 3] as [UInt64] {
            options.seed = seed
            let row = try #require(
                try simulate(try Fixtures.scenario("surge:x=1.0001,hold=1s"), on: input, options: options)
                    .timeline.first)
            #expect(abs(log(row.p50Seconds / Summary.mean(p50))) < 0.15, "p50 \(row.p50Seconds) \(p50)")
            #expect(abs(log(row.p99Seconds / Summary.mean(p99))) < 0.3, "p99 \(row.p99Seconds) \(p99)")
        }
    }
}
