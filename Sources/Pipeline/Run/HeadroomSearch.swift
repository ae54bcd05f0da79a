import Exchange
import Forecasting
import Planning
import Replay
import Reporting
import Units

/// How long today's nodes last: what each queue holds against the growth of its own weekly peaks.
struct HeadroomSearch {
    /// The history of each symbol of the demand, in the same order.
    let histories: [RegularSeries]
    let demand: DemandPaths
    let topology: Topology
    let replay: ReplayResult
    /// Today's placement of each sharded tier, as it was replayed.
    let placements: [String: Placement]
    let asOf: Timestamp
    /// From the order to the node, in seconds.
    let leadSeconds: Double

    private static let secondsPerWeek: Int64 = 604_800

    /// The rows of `headroom.csv`, in the order of the replay's queues.
    func rows() -> [HeadroomRow] {
        let visits = topology.visits()
        return topology.tiers.enumerated().flatMap { index, tier -> [HeadroomRow] in
            let perTrade = TierDemand.messagesPerTrade(of: demand, tier: tier, visits: visits[index]).map(
                \.total)
            return replay.saturation.compactMap { point in
                guard point.kind == .slo, point.scope == .tier(tier.name), let held = point.ratePerSecond
                else { return nil }
                let symbols = symbols(of: point, placements[tier.name])
                return row(
                    tier, point.shard, growth: growth(of: symbols, perTrade: perTrade), held: held.value)
            }
        }
    }

    /// The symbols of a queue.
    private func symbols(of point: SaturationPoint, _ placement: Placement?) -> [Int] {
        guard let shard = point.shard, let placement else { return Array(demand.symbols.indices) }
        return demand.symbols.indices.filter { "\(point.scope)-\(placement.shardOfSymbol[$0])" == shard }
    }

    /// The growth of the weekly peaks of some symbols' messages, weeks counted back from the end.
    private func growth(of symbols: [Int], perTrade: [Double]) -> PeakGrowth {
        let step = demand.stepSeconds
        let perWeek = Int(HeadroomSearch.secondsPerWeek / step)
        var sums: [Double] = []
        for symbol in symbols where histories[symbol].stepSeconds == step && perTrade[symbol] > 0 {
            let values = Array(histories[symbol].values.reversed())
            if values.count > sums.count {
                sums += [Double](repeating: 0, count: values.count - sums.count)
            }
            for (place, value) in values.enumerated() where value.isFinite {
                sums[place] += value * perTrade[symbol] / Double(step)
            }
        }
        guard perWeek > 0 else { return PeakGrowth(weeklyPeaks: []) }
        let weeks = sums.count / perWeek
        let peaks = (0..<weeks).map { week in
            sums[(week * perWeek)..<((week + 1) * perWeek)].max() ?? 0
        }
        return PeakGrowth(weeklyPeaks: peaks.reversed())
    }

    private func row(_ tier: Tier, _ shard: String?, growth: PeakGrowth, held: Double) -> HeadroomRow? {
        guard growth.level > 0, held > 0 else { return nil }
        let factor = held / growth.level
        let weeks = PeakGrowth.weeksMax
        let days = growth.days(until: factor, chance: 0.5)
        var nodes: Int?
        if tier.kind.addsUp, tier.nodes > 0 {
            let grown = growth.factor(passedWith: 0.5, weeks: weeks)
            let needed = (Double(tier.nodes) * grown / factor).rounded(.up)
            if needed > Double(tier.nodes) { nodes = Int(saturating: needed) - tier.nodes }
        }
        let orderBy = days.flatMap { days in
            nodes == nil
                ? nil : asOf.advanced(bySeconds: Int64(saturating: max(0, days * 86_400 - leadSeconds)))
        }
        return HeadroomRow(
            tier: tier.name, shard: shard, levelPerSecond: growth.level, heldPerSecond: held,
            probability: growth.probability(above: factor, weeks: weeks), days: days,
            daysLow: growth.days(until: factor, chance: 0.025),
            daysHigh: growth.days(until: factor, chance: 0.975), nodesToAdd: nodes, shape: tier.shape,
            orderBy: orderBy)
    }
}
