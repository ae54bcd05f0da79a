import Exchange
import Foundation
import Numerics
import Replay

/// The factors by which bursts move every group's demand from second to second, one history for each replication.
///
/// Where logs tell how the level moves, or the standard stands for them, a group's history is the course of the level in
/// some hours of its log, the same hours for all groups (`LevelHistories`), from which capacities are found too. Otherwise
/// each group's factor is one that all share times one of its own. Where σ² is the variance of one of the cascade's
/// factors for all symbols together and s² that for the group alone, the shared part c² is such that both come out:
/// c² = (σ² − Σ a² s²) / (1 − Σ a²), with a the groups' shares of the messages; the rest is the group's own.
/// Histories are drawn for the undisturbed demand, so that the same seed gives the same ones whatever the nodes, the
/// shapes and the events: changes compare, and so do scenarios.
///
/// At k times the undisturbed demand, the law of `BurstProfile.growthExponent` makes relative bursts weaker: the distance
/// of a factor from 1 is multiplied by the root d of what C² over a second comes to. As d falls no faster than 1/k, the
/// load k (1 + (f − 1) d) never falls when k grows: where the symbols of a group have one mix, more demand is more load in
/// every second.
struct BurstPaths: Sendable {
    private let law: Law
    private let seed: UInt64
    private let count: Int
    /// `[replication][group × count + second]`; nil where they would take too much memory and are drawn anew.
    private let kept: [[Float]]?
    /// For each group, the factors that act on it alone or with others.
    private let ofGroup: [BurstModel]
    /// What is left of a factor's distance from 1: `[row of the demand][group]`, flat.
    private var spreads: [Double]

    /// Histories that take no more than this together are kept.
    private static let keptBytesMax = 256 << 20

    init(
        _ input: WhatIfInput, flow: FlowGraph, demand: DemandOverTime, count: Int, options: WhatIfOptions
    ) {
        self.count = count
        seed = options.seed
        let law =
            options.hasBursts
            ? BurstPaths.law(input, flow, options.tables) : .cascades(Models(flow.groupCount))
        self.law = law
        ofGroup = law.ofGroup
        spreads = BurstPaths.spreads(demand, ofGroup)
        let bytes = 4 * flow.groupCount * count * options.replications
        let seed = seed
        kept =
            bytes <= BurstPaths.keptBytesMax
            ? Parallel.map(options.replications, threads: options.threads) {
                BurstPaths.draw(law, count: count, seed: seed, replication: $0)
            } : nil
    }

    /// The same histories for another demand of the same groups of symbols.
    func carried(to demand: DemandOverTime) -> BurstPaths {
        var paths = self
        paths.spreads = BurstPaths.spreads(demand, ofGroup)
        return paths
    }

    /// One history.
    func history(replication: Int) -> BurstHistory {
        let values =
            kept.flatMap { $0.indices.contains(replication) ? $0[replication] : nil }
            ?? BurstPaths.draw(law, count: count, seed: seed, replication: replication)
        return BurstHistory(values: values, stride: count, spreads: spreads)
    }

    private static func spreads(_ demand: DemandOverTime, _ ofGroup: [BurstModel]) -> [Double] {
        demand.levels.indices.map { place in
            spread(ofGroup[place % ofGroup.count], level: demand.levels[place])
        }
    }

    /// The deviation of a second's factor at a multiple of the undisturbed demand, over that at the demand itself.
    private static func spread(_ model: BurstModel, level: Double) -> Double {
        guard level > 1, !model.components.isEmpty else { return 1 }
        let carried = BurstModel(
            components: model.components.map { component in
                let window = windowOfScale * component.timeScaleSeconds
                let exponent = BurstProfile.growthExponent(windowSeconds: window) - 1
                return BurstModel.Component(
                    timeScaleSeconds: component.timeScaleSeconds,
                    variance: component.variance * pow(level, exponent))
            })
        let before = model.rateVariance(windowSeconds: 1)
        return before > 0 ? min(1, (carried.rateVariance(windowSeconds: 1) / before).squareRoot()) : 1
    }

    /// A factor answers for the window of twice its scale, as `BurstModel.init(fitting:)` has it.
    private static let windowOfScale = 2.0

    private static func draw(_ law: Law, count: Int, seed: UInt64, replication: Int) -> [Float] {
        switch law {
        case .cascades(let models):
            return draw(models.common, models.own, count: count, seed: seed, replication: replication)
        case .courses(let groups):
            var random = Random(seed: seed, stream: UInt64(replication) &* 0x1_0000_0001)
            let seed = random.next()
            return groups.flatMap { $0.perSecond(count, seed: seed).map { Float($0) } }
        }
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

    /// How histories are drawn.
    private enum Law {
        /// For each group the histories of its symbols together.
        case courses([LevelHistories])
        case cascades(Models)

        /// For each group the random factors that act on it.
        var ofGroup: [BurstModel] {
            switch self {
            case .courses(let histories): histories.map(\.random)
            case .cascades(let models): models.ofGroup
            }
        }
    }

    /// What all groups share, what each has of its own, and both together.
    private struct Models {
        var common: BurstModel
        var own: [BurstModel]
        var ofGroup: [BurstModel]

        init(common: BurstModel, own: [BurstModel], ofGroup: [BurstModel]) {
            (self.common, self.own, self.ofGroup) = (common, own, ofGroup)
        }

        /// No bursts.
        init(_ groupCount: Int) {
            let none = [BurstModel](repeating: .poisson, count: groupCount)
            self.init(common: .poisson, own: none, ofGroup: none)
        }
    }

    private static func law(_ input: WhatIfInput, _ flow: FlowGraph, _ known: LatencyTables) -> Law {
        var streams = [[(ratePerSecond: Double, profile: BurstProfile)]](
            repeating: [], count: flow.groupCount)
        var rates = [Double](repeating: 0, count: flow.groupCount)
        for symbol in input.symbols.indices {
            let rate = input.symbols[symbol].mix.perTrade.total * input.tradesPerSecond[symbol]
            streams[flow.groupOfSymbol[symbol]].append((rate, input.symbols[symbol].bursts))
            rates[flow.groupOfSymbol[symbol]] += rate
        }
        let histories = streams.map { known.fitted($0).histories }
        let isSampled = histories.allSatisfy { if case .courses = $0 { true } else { false } }
        if isSampled { return .courses(histories) }
        return .cascades(models(streams, rates: rates, known))
    }

    private static func models(
        _ streams: [[(ratePerSecond: Double, profile: BurstProfile)]], rates: [Double],
        _ known: LatencyTables
    ) -> Models {
        let all = known.fitted(streams.flatMap { $0 }).model.slow
        guard streams.count > 1 else { return Models(common: all, own: [.poisson], ofGroup: [all]) }
        let groups = streams.map { known.fitted($0).model.slow }
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
        return Models(
            common: BurstModel(components: common), own: own.map { BurstModel(components: $0) },
            ofGroup: groups)
    }
}

/// One history of bursts.
struct BurstHistory {
    /// The factors at the undisturbed demand, `[group × stride + second]`.
    fileprivate let values: [Float]
    fileprivate let stride: Int
    fileprivate let spreads: [Double]

    /// The factor on a group's demand in a second.
    func factor(_ demand: DemandOverTime, index: Int, group: Int) -> Double {
        let drawn = Double(values[group * stride + index])
        return 1 + (drawn - 1) * spreads[demand.place(index: index, group: group)]
    }
}
