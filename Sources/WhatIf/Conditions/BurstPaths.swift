import Exchange
import Numerics
import Replay

/// The factors by which bursts move every group's demand from second to second, one history for each replication.
///
/// Each group's factor is one that all share times one of its own. Where σ² is the variance of one of the cascade's
/// factors for all symbols together and s² that for the group alone, the shared part c² is such that both come out:
/// c² = (σ² − Σ a² s²) / (1 − Σ a²), with a the groups' shares of the messages; the rest is the group's own.
/// The same seed gives the same bursts whatever the nodes and shapes, so that changes compare.
struct BurstPaths: Sendable {
    private let common: BurstModel
    private let own: [BurstModel]
    private let seed: UInt64
    private let count: Int
    /// `[replication][group × count + second]`; nil where they would take too much memory and are drawn anew.
    private let kept: [[Float]]?

    /// Histories that take no more than this together are kept.
    private static let keptBytesMax = 256 << 20

    init(_ input: WhatIfInput, flow: FlowGraph, peakTrades: [Double], count: Int, options: WhatIfOptions) {
        self.count = count
        seed = options.seed
        let models =
            options.hasBursts ? BurstPaths.models(input, flow, peakTrades, options.tables) : (.poisson, [])
        common = models.0
        own = models.1.isEmpty ? [BurstModel](repeating: .poisson, count: flow.groupCount) : models.1
        let (common, own) = (common, own)
        let bytes = 4 * flow.groupCount * count * options.replications
        let seed = seed
        kept =
            bytes <= BurstPaths.keptBytesMax
            ? Parallel.map(options.replications, threads: options.threads) {
                BurstPaths.draw(common, own, count: count, seed: seed, replication: $0)
            } : nil
    }

    /// The factors of one history, `[group × stride + second]`, and the stride.
    func factors(replication: Int) -> (values: [Float], stride: Int) {
        if let kept, kept.indices.contains(replication) { return (kept[replication], count) }
        return (
            BurstPaths.draw(common, own, count: count, seed: seed, replication: replication), count
        )
    }

    private static func draw(
        _ common: BurstModel, _ own: [BurstModel], count: Int, seed: UInt64, replication: Int
    ) -> [Float] {
        func seconds(_ model: BurstModel, tag: UInt64) -> [Double]? {
            guard !model.components.isEmpty else { return nil }
            var random = Random(seed: seed, stream: UInt64(replication) &* 0x1_0000_0001 &+ tag)
            return model.perSecondRates(seconds: count, ratePerSecond: 1, seed: random.next())
        }
        let shared = seconds(common, tag: 0)
        var values = [Float](repeating: 1, count: own.count * count)
        for group in own.indices {
            let alone = seconds(own[group], tag: UInt64(group) + 1)
            guard shared != nil || alone != nil else { continue }
            for second in 0..<count {
                values[group * count + second] = Float((shared?[second] ?? 1) * (alone?[second] ?? 1))
            }
        }
        return values
    }

    private static func models(
        _ input: WhatIfInput, _ flow: FlowGraph, _ peakTrades: [Double], _ known: LatencyTables
    ) -> (BurstModel, [BurstModel]) {
        var streams = [[(ratePerSecond: Double, profile: BurstProfile)]](
            repeating: [], count: flow.groupCount)
        var rates = [Double](repeating: 0, count: flow.groupCount)
        for symbol in input.symbols.indices {
            let rate = input.symbols[symbol].mix.perTrade.total * peakTrades[symbol]
            streams[flow.groupOfSymbol[symbol]].append((rate, input.symbols[symbol].bursts))
            rates[flow.groupOfSymbol[symbol]] += rate
        }
        let all = known.fitted(streams.flatMap { $0 }).slow
        guard flow.groupCount > 1 else { return (all, [.poisson]) }
        let groups = streams.map { known.fitted($0).slow }
        let total = max(rates.reduce(0, +), .leastNormalMagnitude)
        let shares = rates.map { $0 / total }
        let scales = Set((groups + [all]).flatMap { $0.components.map(\.timeScaleSeconds) }).sorted()
        let squares = shares.reduce(0) { $0 + $1 * $1 }
        var common: [BurstModel.Component] = []
        var own = groups.map { _ in [BurstModel.Component]() }
        for scale in scales {
            let alone = groups.map { $0.variance(atScale: scale) }
            let weighted = zip(shares, alone).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }
            let solved = squares < 1 - 1e-9 ? (all.variance(atScale: scale) - weighted) / (1 - squares) : 0
            let shared = max(0, min(solved, alone.min() ?? 0))
            common.append(BurstModel.Component(timeScaleSeconds: scale, variance: shared))
            for (group, variance) in alone.enumerated() {
                let rest = (1 + variance) / (1 + shared) - 1
                own[group].append(BurstModel.Component(timeScaleSeconds: scale, variance: rest))
            }
        }
        return (BurstModel(components: common), own.map { BurstModel(components: $0) })
    }
}
