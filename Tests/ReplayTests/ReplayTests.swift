import Exchange
import Glibc
import Replay
import TestSupport
import Testing
import Units

@Suite struct ReplayTests {
    @Test func demoTiming() throws {
        var random = SplitMix64(seed: 4)
        var levels: [Double] = []
        for _ in 0..<200 { for s in 0..<12 { let f = 0.7 + 0.6 * random.uniform(); for h in 0..<168 {
            levels.append(30.0 / Double(s + 1) * f * (1 + 0.5 * sin(Double(h) / 24 * 6.283))) } } }
        let demand = DemandPaths(
            symbols: (0..<12).map {
                SymbolDemand(id: SeriesID("trades/test/S\($0)"), mix: .standard, bursts: .standard) },
            start: Timestamp(seconds: 1_700_000_000), stepSeconds: 3600, stepCount: 168, pathCount: 200,
            tradesPerSecond: levels)
        var cat = Scenarios.catalogue
        cat.shapes = ["c7i.large", "c7i.xlarge", "i4i.xlarge"].map {
            Shape(name: $0, cores: 2, memoryGiB: 4, networkGbps: 1, onDemandPerHour: Scenarios.catalogue.shapes[0].onDemandPerHour,
                reservedPerHour: Scenarios.catalogue.shapes[0].onDemandPerHour, warmUpSeconds: 60) }
        let placement = Placement(shardCount: 3, shardOfSymbol: (0..<12).map { $0 % 3 })
        let clock = ContinuousClock()
        for threads in [1, 2] {
            var result: ReplayResult?
            let time = try clock.measure {
                result = try replay(demand: demand, topology: .standard, catalogue: cat,
                    placement: ["matching": placement], options: ReplayOptions(seed: 3, threads: threads))
            }
            print("threads", threads, time)
            if threads == 2, let result {
                for p in result.saturation { print(p.tier, p.shard ?? "-", p.kind, p.loadMultiplier as Any, p.ratePerSecond?.value as Any, p.bindingResource, p.reachedAt as Any) }
                for p in result.latencyCurve { print(p.tier, p.shard ?? "-", p.loadMultiplier, p.utilisation, p.p50Seconds.value, p.p99Seconds.value, p.p99Seconds.lo, p.p99Seconds.hi, p.p999Seconds.value, p.shareOverObjective.value) }
                for w in result.worstWindows { print(w) }
            }
        }
    }
}
