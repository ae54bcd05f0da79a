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
    /// From the order to the node, in seconds, where the catalogue does not say how long a shape takes to be racked.
    let leadSeconds: Double
    /// What nodes cost.
    let catalogue: Catalogue
    /// What is to be survived, for the copies of a shard, and what a minute over an objective costs.
    let options: PlanOptions

    private static let secondsPerWeek: Int64 = 604_800

    /// The rows of `headroom.csv`, in the order of the replay's queues.
    func rows() -> [HeadroomRow] {
        let visits = topology.visits()
        return topology.tiers.enumerated().flatMap { index, tier -> [HeadroomRow] in
            let perTrade = TierDemand.messagesPerTrade(of: demand, tier: tier, visits: visits[index]).map(
                \.total)
            var rows: [HeadroomRow] = []
            // Of each shard its growth, what it holds, and whether it could be split.
            var shards: [(level: Double, held: Double, symbols: Int)] = []
            for point in replay.saturation where point.kind == .slo && point.scope == .tier(tier.name) {
                guard let held = point.ratePerSecond?.value else { continue }
                let symbols = symbols(of: point, placements[tier.name])
                let growth = growth(of: symbols, perTrade: perTrade)
                shards.append((growth.level, held, symbols.count { perTrade[$0] > 0 }))
                rows += [row(tier, point.shard, growth: growth, held: held)].compactMap { $0 }
            }
            guard tier.kind.isSharded, rows.count > 1 else { return rows }
            return rows + [wholeRow(tier, shards, perTrade: perTrade)].compactMap { $0 }
        }
    }

    /// All shards of a tier together, their loads growing in proportion: the first that is full ends it, and more shards help
    /// where it has symbols to give away.
    private func wholeRow(
        _ tier: Tier, _ shards: [(level: Double, held: Double, symbols: Int)], perTrade: [Double]
    ) -> HeadroomRow? {
        let loaded = shards.filter { $0.level > 0 && $0.held > 0 }
        guard let first = loaded.min(by: { $0.held / $0.level < $1.held / $1.level }) else { return nil }
        let growth = growth(of: Array(demand.symbols.indices), perTrade: perTrade)
        return row(
            tier, nil, growth: growth, held: growth.level * first.held / first.level,
            mayAdd: first.symbols > 1)
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

    /// A row; nodes are added where they share the load, or where `mayAdd` says so.
    private func row(
        _ tier: Tier, _ shard: String?, growth: PeakGrowth, held: Double, mayAdd: Bool? = nil
    ) -> HeadroomRow? {
        guard growth.level > 0, held > 0 else { return nil }
        let factor = held / growth.level
        let weeks = PeakGrowth.weeksMax
        let days = growth.days(until: factor, chance: 0.5)
        var nodes: Int?
        if mayAdd ?? tier.kind.addsUp, tier.nodes > 0 {
            let grown = growth.factor(passedWith: 0.5, weeks: weeks)
            let needed = (Double(tier.nodes) * grown / factor).rounded(.up)
            if needed > Double(tier.nodes) {
                let copies = options.copies
                nodes = tier.kind.withStandbys(Int(saturating: needed) - tier.nodes, copies: copies)
            }
        }
        let leadSeconds = catalogue.leadSeconds(of: tier.shape, otherwise: leadSeconds)
        let spare = days.map { $0 * 86_400 - leadSeconds }
        let orderBy = spare.flatMap { spare in
            nodes == nil ? nil : asOf.advanced(bySeconds: Int64(saturating: max(0, spare)))
        }
        var row = HeadroomRow(
            tier: tier.name, shard: shard, levelPerSecond: growth.level, heldPerSecond: held,
            probability: growth.probability(above: factor, weeks: weeks), days: days,
            daysLow: growth.days(until: factor, chance: 0.025),
            daysHigh: growth.days(until: factor, chance: 0.975), nodesToAdd: nodes, shape: tier.shape,
            orderBy: orderBy)
        row.leadSeconds = leadSeconds
        row.isLate = nodes != nil && (spare ?? 1) < 0
        guard let nodes else { return row }
        let now = growth.probability(above: factor, days: leadSeconds / 86_400)
        let later = growth.probability(above: factor, days: leadSeconds / 86_400 + 7)
        (row.probabilityBeforeArrival, row.probabilityWeekLater) = (now, later)
        row.waitCost = waitCost(added: later - now, nodes: nodes, shape: tier.shape)
        return row
    }

    /// The added chance times one step over the objective, less a week of the nodes.
    private func waitCost(added: Double, nodes: Int, shape: String) -> Money? {
        guard let minute = options.risk.minuteOver, let price = catalogue.shape(named: shape)?.onDemandPerHour
        else { return nil }
        let minutes = Double(demand.stepSeconds) / 60
        let hours = Double(HeadroomSearch.secondsPerWeek) / 3600
        return Money(dollars: added * minutes * minute.dollars - Double(nodes) * price.dollars * hours)
    }
}
