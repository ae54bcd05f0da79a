import Exchange
import Foundation
import Numerics
import Pipeline
import Replay
import Units

extension BenchGroup {
    /// A week of 200 symbols on five tiers and eight shards, 200 paths, screened and zoomed.
    static func replayWeek(_ settings: BenchSettings) throws -> BenchResult {
        let demand = week()
        let placement = Placement(shardCount: 8, shardOfSymbol: demand.symbols.indices.map { $0 % 8 })
        var topology = Topology.standard
        for index in topology.tiers.indices where topology.tiers[index].kind.isSharded {
            topology.tiers[index].nodes = 8
        }
        var found = 0
        let seconds = try settings.medianSeconds {
            let result = try Replay.replay(
                demand: demand, topology: topology, catalogue: try CatalogueFile.standard(),
                placement: ["matching": placement],
                options: ReplayOptions(threads: settings.threads))
            found = result.saturation.count { $0.loadMultiplier != nil }
        }
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return BenchResult(
            name: "replay week of 200 symbols, 5 tiers, 200 paths",
            figures: [
                ("replays_per_second", 1 / seconds), ("seconds", seconds),
                ("saturation_points", Double(found)),
                ("process_peak_bytes", Double(usage.ru_maxrss) * 1024), ("threads", Double(settings.threads)),
            ])
    }

    /// Symbols with a heavy tail of sizes, a daily and a weekly season and a factor common to all.
    private static func week() -> DemandPaths {
        let (symbols, steps, paths) = (200, 168, 200)
        var values: [Double] = []
        values.reserveCapacity(symbols * steps * paths)
        for path in 0..<paths {
            var random = Random(seed: 1, stream: UInt64(path))
            var common = 0.0
            let market = (0..<steps).map { step -> Double in
                common = 0.95 * common + 0.15 * random.normal()
                let hour = 2 * Double.pi * Double(step % 24) / 24
                return exp(common + 0.4 * sin(hour) - 0.2 * Double(step / 120))
            }
            for symbol in 0..<symbols {
                let level = 40 / Double(symbol + 1)
                for step in 0..<steps { values.append(level * market[step] * exp(0.2 * random.normal())) }
            }
        }
        return DemandPaths(
            symbols: (0..<symbols).map {
                SymbolDemand(id: SeriesID("trades/bench/S\($0)"), mix: .standard, bursts: .standard)
            }, start: Timestamp(seconds: 1_700_006_400), stepSeconds: 3600, stepCount: steps,
            pathCount: paths, tradesPerSecond: values)
    }
}
