import Exchange
import Ingest
import Numerics
import Planning
import Replay
import Reporting
import Units

/// Holds a run's model of bursts against its raw logs, and says what is assumed where there are none.
struct BurstCheck {
    let built: DemandBuilder.Result
    /// When orders came, as the raw logs have it.
    let arrivals: [ArrivalSeries]
    let plan: PlanFile
    let capacity: SimulatedCapacity
    let threads: Int

    /// Raw logs that are looked at, those whose symbols bring the most work first. (Chosen, so that a run takes about a
    /// second of CPU for it.)
    private static let logsMax = 3
    /// The last arrivals of a log that are looked at. (Chosen for the same reason: four windows of a thousand a second.)
    private static let arrivalsMax = 1_000_000
    private static let arrivalsDrawn = 1e6
    /// Logs and tiers for which leaving the log out is tried; a tier costs a search for each of them. (Chosen.)
    private static let leftOutMax = 4
    private static let tiersMax = 2
    /// From so many logs on, a run's own tell how far it is off without them; before, public logs do. (Of one log nothing
    /// is known of how far it is from others.)
    private static let logsMin = 2
    /// By which factor the load that a queue holds is off with `ArrivalSample.standard` instead of the symbol's own log, in
    /// nine of ten cases.
    ///
    /// Measured: rates of the `slo` rows of `saturation.csv`, from runs of one symbol at 100 trades a second through the
    /// standard exchange, without a raw log and with each of eight (orders of six Binance products on 2024-08-08, Mt. Gox on
    /// 2013-01-01, CME ES in September 2013). Over 40 queues the standard law held 0.42 to 1.69 of the load, 0.76 in the
    /// median (`ClusterLaw.standard`).
    static let publicLogsFactor = 2.2
    /// The same with another symbol's log instead of its own: 1.5 in the middle of the 280 pairs of those queues.
    static let lentLogFactor = 2.6

    /// Everything that there is to say.
    func evidence() throws -> BurstEvidence {
        var evidence = BurstEvidence()
        guard plan.bursts != .poisson else {
            evidence.isPoisson = true
            return evidence
        }
        let tiers = tiers()
        let work = work(of: tiers)
        evidence.rows = rows(tiers, byWork: work)
        // A profile of the plan file is nothing that logs would tell better.
        if case .profile = plan.bursts { return evidence }
        let order = built.demand.symbols.indices.sorted { (work[$1], $0) < (work[$0], $1) }
        evidence.assumed = try order.map { built.demand.symbols[$0].id }.filter {
            try built.bursts.ownProfile(of: $0) == nil
        }
        if !evidence.assumed.isEmpty { evidence.error = try error(tiers) }
        return evidence
    }

    /// A tier as its queues are today.
    private struct TodaysTier {
        let tier: Tier
        /// For one trade of each symbol, the messages that cost the tier work.
        let messagesPerTrade: [ClassRates]
        let servers: Int
    }

    private func tiers() -> [TodaysTier] {
        let visits = plan.topology.visits()
        return plan.topology.tiers.enumerated().compactMap { index, tier in
            // People and quotas are no queues that logs could be put through.
            guard tier.kind.law == .queue, let shape = plan.catalogue.shape(named: tier.shape) else {
                return nil
            }
            let messages = TierDemand.messagesPerTrade(of: built.demand, tier: tier, visits: visits[index])
            let servers = tier.servers(today: shape)
            return servers > 0
                ? TodaysTier(tier: tier, messagesPerTrade: messages, servers: servers) : nil
        }
    }

    /// Each symbol's seconds of work a second, in mean over paths and steps, over all tiers.
    private func work(of tiers: [TodaysTier]) -> [Double] {
        let demand = built.demand
        let trades = meanTrades()
        return demand.symbols.indices.map { symbol in
            trades[symbol] * tiers.reduce(0) { $0 + $1.tier.work(of: $1.messagesPerTrade[symbol]) }
        }
    }

    private func meanTrades() -> [Double] {
        let demand = built.demand
        var sums = [Double](repeating: 0, count: demand.symbols.count)
        for path in 0..<demand.pathCount {
            for symbol in sums.indices {
                let from = (path * sums.count + symbol) * demand.stepCount
                sums[symbol] += demand.tradesPerSecond[from..<(from + demand.stepCount)].reduce(0, +)
            }
        }
        return sums.map { $0 / Double(max(1, demand.pathCount * demand.stepCount)) }
    }

    /// The model beside the logs of the symbols with the most work.
    private func rows(_ tiers: [TodaysTier], byWork work: [Double]) -> [BurstRow] {
        var logs: [(symbol: Int, id: SeriesID, nanoseconds: ArraySlice<Int64>)] = []
        for (id, nanoseconds) in BurstMeasurement.usable(arrivals, until: built.burstsUntil) {
            guard let symbol = built.demand.symbols.firstIndex(where: { $0.id == id }),
                !logs.contains(where: { $0.symbol == symbol })
            else { continue }
            logs.append((symbol, id, nanoseconds.suffix(BurstCheck.arrivalsMax)))
        }
        logs.sort { (work[$1.symbol], $0.id) < (work[$0.symbol], $1.id) }
        return logs.prefix(BurstCheck.logsMax).flatMap {
            rows($0.id, Array($0.nanoseconds), $0.symbol, tiers)
        }
    }

    private func rows(
        _ id: SeriesID, _ nanoseconds: [Int64], _ symbol: Int, _ tiers: [TodaysTier]
    ) -> [BurstRow] {
        guard let first = nanoseconds.first, let last = nanoseconds.last, last > first else { return [] }
        let trace = ArrivalTrace(nanoseconds: nanoseconds)
        var cells: [(quantile: Double, cell: BurstTable.Cell, tiers: [String])] = []
        for today in tiers {
            guard let service = today.tier.mixedService(of: today.messagesPerTrade[symbol]) else { continue }
            let cell = BurstTable.Cell(
                serviceSeconds: service.meanSeconds / today.tier.rules.speed, servers: today.servers)
            let quantile = today.tier.objective.quantile
            if let place = cells.firstIndex(where: { $0.quantile == quantile && $0.cell == cell }) {
                cells[place].tiers.append(today.tier.name)
            } else {
                cells.append((quantile, cell, [today.tier.name]))
            }
        }
        var quantiles: [Double] = []
        for cell in cells where !quantiles.contains(cell.quantile) { quantiles.append(cell.quantile) }
        return quantiles.flatMap { quantile -> [BurstRow] in
            let alike = cells.filter { $0.quantile == quantile }
            let table = BurstTable(
                trace, BurstTable.Queues(cells: alike.map(\.cell), quantile: quantile), seed: plan.seed,
                arrivalsDrawn: BurstCheck.arrivalsDrawn, threads: threads)
            return zip(table.rows, alike).map { row, cell in
                BurstRow(id: id, ratePerSecond: trace.ratePerSecond, row: row, tiers: cell.tiers)
            }
        }
    }

    /// How far the load that a queue holds is off where its symbol's log is missing: the largest ratio over the logs that
    /// there are, each left out in turn, and the tiers that bursts meet first.
    private func error(_ tiers: [TodaysTier]) throws -> BurstEvidence.AssumptionError {
        let logs = try built.bursts.leftOut(limit: BurstCheck.leftOutMax)
        let known = BurstEvidence.AssumptionError(
            factor: logs.isEmpty ? BurstCheck.publicLogsFactor : BurstCheck.lentLogFactor, logs: 0)
        guard logs.count >= BurstCheck.logsMin else { return known }
        let trades = meanTrades()
        // The fewer serve, the more a burst matters.
        let first = tiers.enumerated().sorted {
            ($0.element.servers, $0.offset) < ($1.element.servers, $1.offset)
        }
        var factor = 1.0
        var isKnown = false
        for (_, today) in first.prefix(BurstCheck.tiersMax) {
            let mix = zip(today.messagesPerTrade, trades).reduce(ClassRates.zero) { $0 + $1.0 * $1.1 }
            for (own, lent) in logs {
                let held = [own, lent].map {
                    capacity.held(by: today.tier, servers: today.servers, mix: mix, bursts: $0).value
                }
                guard held.allSatisfy({ $0 > 0 && $0.isFinite }) else { continue }
                factor = max(factor, held[0] / held[1], held[1] / held[0])
                isKnown = true
            }
        }
        return isKnown ? BurstEvidence.AssumptionError(factor: factor, logs: logs.count) : known
    }
}
